using Decant.Kernels.Conv;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Gemm;
using Decant.Kernels.Lanes;
using Decant.Kernels.Quantized;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests;

/// <summary>
/// One test for each row of the kernel tables. <c>Instructions</c> is the flag by which the system tells that the processor has them; where it
/// does, <c>.ci/run</c> lets no test be skipped. .NET leaves 512 bits off on the processors before VBMI, which slow down for them.
/// </summary>
public sealed class VariantRowTests
{
    [VariantFact("gemm", "avx512")]
    [Trait("Instructions", "avx512vbmi")]
    public void Gemm_avx512_multiplies_exactly() => Multiplies("avx512");

    [VariantFact("gemm", "avx2")]
    [Trait("Instructions", "avx2")]
    public void Gemm_avx2_multiplies_exactly() => Multiplies("avx2");

    [VariantFact("gemm", "v128")]
    public void Gemm_v128_multiplies_exactly() => Multiplies("v128");

    [VariantFact("gemm", "reference")]
    public void Gemm_reference_multiplies_exactly() => Multiplies("reference");

    [VariantFact("dot", "avxvnni")]
    [Trait("Instructions", "avx_vnni")]
    public void Dot_avxvnni_multiplies_exactly() => MultipliesIntegers("avxvnni");

    [VariantFact("dot", "avxvnni16")]
    [Trait("Instructions", "avx_vnni")]
    public void Dot_avxvnni16_multiplies_exactly() => MultipliesIntegers("avxvnni16");

    [VariantFact("dot", "avx512")]
    [Trait("Instructions", "avx512vbmi")]
    public void Dot_avx512_multiplies_exactly() => MultipliesIntegers("avx512");

    [VariantFact("dot", "avx2")]
    [Trait("Instructions", "avx2")]
    public void Dot_avx2_multiplies_exactly() => MultipliesIntegers("avx2");

    [VariantFact("dot", "dp")]
    [Trait("Instructions", "asimddp")]
    public void Dot_dp_multiplies_exactly() => MultipliesIntegers("dp");

    [VariantFact("dot", "v128")]
    public void Dot_v128_multiplies_exactly() => MultipliesIntegers("v128");

    [VariantFact("dot", "reference")]
    public void Dot_reference_multiplies_exactly() => MultipliesIntegers("reference");

    [VariantFact("winograd", "f4x4")]
    public void Winograd_f4x4_takes_3x3_filters_that_are_kept() => Assert.True(Takes3x3("f4x4"));

    [VariantFact("winograd", "off")]
    public void Winograd_off_takes_none() => Assert.False(Takes3x3("off"));

    [VariantFact("lanes", "v512")]
    [Trait("Instructions", "avx512vbmi")]
    public void Lanes_v512_add_exactly() => Adds("v512");

    [VariantFact("lanes", "v256")]
    [Trait("Instructions", "avx2")]
    public void Lanes_v256_add_exactly() => Adds("v256");

    [VariantFact("lanes", "v128")]
    public void Lanes_v128_add_exactly() => Adds("v128");

    [VariantFact("lanes", "scalar")]
    public void Lanes_scalar_add_exactly() => Adds("scalar");

    [Fact]
    public void Every_row_of_the_tables_has_a_test_here()
    {
        Assert.Equal(["avx512", "avx2", "v128", "reference"], GemmKernel.Rows.Select(r => r.Name));
        Assert.Equal(["avxvnni", "avxvnni16", "avx512", "avx2", "dp", "v128", "reference"], DotKernel.Rows.Select(r => r.Name));
        Assert.Equal(["f4x4", "off"], WinogradRow.Rows.Select(r => r.Name));
        Assert.Equal(["v512", "v256", "v128", "scalar"], LaneWidth.Rows.Select(r => r.Name));
    }

    [Fact]
    public void A_forced_variant_that_does_not_exist_is_an_error()
    {
        // The variable is read at start; without it the first supported row is chosen.
        if (KernelChoice.ForcedVariant("gemm") is null)
            Assert.Equal(GemmKernel.Rows.First(r => r.IsSupported).Name, GemmKernel.Current.Name);
        Assert.Throws<PlatformNotSupportedException>(() => KernelChoice.Choose("gemm", ReadOnlySpan<GemmKernel>.Empty));
    }

    private static bool Takes3x3(string row)
    {
        ConvGeometry g = ConvGeometry.Create2D(1, WindowAxis.Same(20, 3, 1), WindowAxis.Same(20, 3, 1), 32, 32);
        WinogradRow.OverrideForTest(WinogradRow.Rows.Single(r => r.Name == row));
        try
        {
            using ConvFilter filter = ConvFilter.Pack(Seeded.Floats(1, g.FilterCount), g);
            return filter.Winograd is not null;
        }
        finally
        {
            WinogradRow.OverrideForTest(null);
        }
    }

    private static void Multiplies(string row) => Variants.Gemm(row, () =>
    {
        float[] a = Seeded.Whole(1, 29 * 301), b = Seeded.Whole(2, 301 * 70), expected = new float[29 * 70], actual = new float[29 * 70];
        GemmReference.Run<float>(a, b, expected, new GemmShape(29, 301, 70));
        FloatGemm.Run(a, b, actual, new GemmShape(29, 301, 70), default, WorkerPool.Inline);
        Close.Identical(expected, actual, row);
    });

    private static void MultipliesIntegers(string row) => Variants.Dot(row, () =>
    {
        ConvGeometry g = IntegerConv.Rows(29, 301, 70);
        byte[] a = new byte[29 * 301], b = new byte[301 * 70], y = new byte[29 * 70 * 2];
        new Random(1).NextBytes(a);
        new Random(2).NextBytes(b);
        IntegerMatrix[] packed = IntegerConv.Pack(b, true, 0, g);
        var requantizer = new Requantizer([FixedPoint.Of(1.0 / 256)], default, new QuantizedOutput(IntegerKind.Int16, 0, short.MinValue, short.MaxValue, Rounding.HalfUp), new ActivationForm(IntegerKind.Int8, 0), WeightSums.Of(packed));
        IntegerConv.Run(a, new ActivationForm(IntegerKind.Int8, 0), g, packed, requantizer, y, WorkerPool.Inline);
        for (int i = 0; i < 29 * 70; i++)
        {
            int sum = 0;
            for (int k = 0; k < 301; k++)
                sum += (sbyte)a[(i / 70 * 301) + k] * (sbyte)b[(i % 70 * 301) + k];
            Assert.Equal(FixedPoint.Of(1.0 / 256).TimesHalfUp(sum), BitConverter.ToInt16(y, i * 2));
        }
    });

    private static void Adds(string row) => Variants.Width(row, () =>
    {
        float[] a = Seeded.Floats(3, 77), b = Seeded.Floats(4, 77), y = new float[77];
        Binary.Run<float, AddOperator<float>>(a, b, y, default, WorkerPool.Inline);
        for (int i = 0; i < y.Length; i++)
            Assert.Equal(a[i] + b[i], y[i]);
    });
}
