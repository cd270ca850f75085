using Decant.Kernels.Gemm;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Gemm;

public sealed class FloatGemmTests
{
    [Fact]
    public void Every_variant_matches_the_reference_on_random_shapes() => Variants.EachGemm(row =>
    {
        Random random = new(11);
        for (int i = 0; i < 60; i++)
        {
            GemmShape shape = new(random.Next(1, i % 4 == 0 ? 4 : 40), random.Next(0, i % 10 == 0 ? 600 : 40), random.Next(1, 150), random.Next(2) == 0, random.Next(2) == 0);
            float[] a = Seeded.Whole(i, (long)shape.M * shape.K), b = Seeded.Whole(i + 100, (long)shape.K * shape.N), bias = Seeded.Whole(i + 200, shape.N);
            float[] residual = Seeded.Whole(i + 300, (long)shape.M * shape.N);
            Epilogue<float> epilogue = new(i % 3 == 0 ? default : bias, (Activation)(i % 4), i % 5 < 2 ? default : residual);
            float[] expected = new float[shape.M * shape.N], actual = new float[expected.Length];
            GemmReference.Run(a, b, expected, shape, epilogue);
            FloatGemm.Run(a, b, actual, shape, epilogue, WorkerPool.Inline);
            Close.Identical(expected, actual, $"{row} {shape}");
            if (shape.TransposeA)
                continue;
            Array.Fill(actual, float.NaN);
            using PackedMatrix packed = PackedMatrix.Pack(b, shape.K, shape.N, shape.TransposeB);
            FloatGemm.Run(a, packed, actual, shape.M, epilogue, WorkerPool.Inline);
            Close.Identical(expected, actual, $"{row} packed {shape}");
            residual.CopyTo(actual, 0);
            FloatGemm.Run(a, packed, actual, shape.M, new Epilogue<float>(epilogue.Bias, epilogue.Activation, i % 5 < 2 ? default : actual), WorkerPool.Inline);
            Close.Identical(expected, actual, $"{row} packed, in place {shape}");
        }
    });

    [Fact]
    public void Sums_longer_than_a_block_of_B_match_the_reference() => Variants.EachGemm(row =>
    {
        GemmShape shape = new(13, 13001, 70);
        float[] a = Seeded.Whole(1, 13 * 13001), b = Seeded.Whole(2, 13001 * 70), bias = Seeded.Whole(3, 70), residual = Seeded.Whole(4, 13 * 70);
        float[] expected = new float[13 * 70], actual = new float[13 * 70];
        GemmReference.Run(a, b, expected, shape, new Epilogue<float>(bias, Activation.Relu, residual));
        FloatGemm.Run(a, b, actual, shape, new Epilogue<float>(bias, Activation.Relu, residual), WorkerPool.Shared);
        Close.Identical(expected, actual, row);
        residual.CopyTo(actual, 0);
        FloatGemm.Run(a, b, actual, shape, new Epilogue<float>(bias, Activation.Relu, actual), WorkerPool.Shared);
        Close.Identical(expected, actual, $"{row}, in place");
    });

    [Fact]
    public void Rounding_stays_within_the_bound_of_the_sum() => Variants.EachGemm(row =>
    {
        GemmShape shape = new(37, 1000, 65);
        float[] a = Seeded.Floats(1, 37 * 1000), b = Seeded.Floats(2, 1000 * 65), actual = new float[37 * 65];
        double[] expected = new double[actual.Length];
        GemmReference.Run<double>(Seeded.Widen(a), Seeded.Widen(b), expected, shape);
        FloatGemm.Run(a, b, actual, shape, default, WorkerPool.Inline);
        Close.To(expected, actual, 1000 * 6e-8 * 3, row);
    });

    /// <summary>The order of TensorFlow's own sums: what cancels there cancels here, also at the edges of a product.</summary>
    [Fact]
    public void Products_of_several_rows_are_summed_one_after_another() => Variants.EachGemm(row =>
    {
        foreach ((int m, int k, int n) in (ReadOnlySpan<(int, int, int)>)[(2, 300, 4), (12, 259, 8), (13, 256, 36), (25, 77, 70), (7, 5000, 17)])
        {
            float[] a = Seeded.Floats(1, m * k), b = Seeded.Floats(2, k * n), bias = Seeded.Floats(3, n), expected = new float[m * n], actual = new float[m * n];
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] = bias[i % n];
                for (int p = 0; p < k; p++)
                    expected[i] = MathF.FusedMultiplyAdd(a[(i / n * k) + p], b[(p * n) + (i % n)], expected[i]);
            }

            using PackedMatrix packed = PackedMatrix.Pack(b, k, n);
            FloatGemm.Run(a, packed, actual, m, new Epilogue<float>(bias), WorkerPool.Inline);
            Close.Identical(expected, actual, $"{row} {m}x{k}x{n}");
        }
    });

    [Fact]
    public void One_row_goes_the_vector_way_at_every_width() => Variants.EachWidth(width =>
    {
        // Of 768 rows and more B is summed in chunks of them.
        foreach ((int k, int n, bool transposed) in (ReadOnlySpan<(int, int, bool)>)[(131, 201, false), (131, 201, true), (771, 201, false), (769, 9, false), (768, 2048, false), (768, 2049, false)])
        {
            GemmShape shape = new(1, k, n, false, transposed);
            float[] a = Seeded.Whole(1, k), b = Seeded.Whole(2, k * n), bias = Seeded.Whole(3, n), expected = new float[n], actual = new float[n];
            Epilogue<float> epilogue = new(bias, Activation.Relu, Seeded.Whole(4, n));
            GemmReference.Run(a, b, expected, shape, epilogue);
            FloatGemm.Run(a, b, actual, shape, epilogue, WorkerPool.Inline);
            Close.Identical(expected, actual, $"{width} {shape}");
        }
    });

    [Fact]
    public void Few_rows_meet_a_large_matrix_as_it_is_at_every_width() => Variants.EachWidth(width =>
    {
        foreach ((int k, int n, bool transposed) in (ReadOnlySpan<(int, int, bool)>)[(259, 301, false), (259, 301, true), (37, 2099, false), (37, 2099, true), (8193, 8, false), (8195, 9, true)])
        {
            for (int m = 2; m <= 9; m++)
            {
                GemmShape shape = new(m, k, n, false, transposed);
                float[] a = Seeded.Whole(1, m * k), b = Seeded.Whole(2, k * n), bias = Seeded.Whole(3, n), residual = Seeded.Whole(4, m * n), expected = new float[m * n], actual = new float[m * n];
                Epilogue<float> epilogue = new(bias, Activation.Relu6, residual);
                GemmReference.Run(a, b, expected, shape, epilogue);
                FloatGemm.Run(a, b, actual, shape, epilogue, WorkerPool.Inline);
                Close.Identical(expected, actual, $"{width} {shape}");
                residual.CopyTo(actual, 0);
                FloatGemm.Run(a, b, actual, shape, new Epilogue<float>(bias, Activation.Relu6, actual), WorkerPool.Inline);
                Close.Identical(expected, actual, $"{width}, in place {shape}");
            }
        }
    });

    [Fact]
    public void Threads_do_not_change_a_product_of_few_rows()
    {
        foreach (bool transposed in new[] { false, true })
        {
            float[] a = Seeded.Floats(1, 5 * 700), b = Seeded.Floats(2, 700 * 1301);
            Variants.SameOnAnyThreads(
                pool =>
                {
                    float[] c = new float[5 * 1301];
                    FloatGemm.Run(a, b, c, new GemmShape(5, 700, 1301, false, transposed), default, pool);
                    return c;
                },
                $"transposed {transposed}");
        }
    }

    [Fact]
    public void Threads_do_not_change_a_product_of_one_row()
    {
        float[] a = Seeded.Floats(1, 1000), b = Seeded.Floats(2, 1000 * 301);
        Variants.SameOnAnyThreads(
            pool =>
            {
                float[] y = new float[301];
                FloatGemm.Run(a, b, y, new GemmShape(1, 1000, 301), default, pool);
                return y;
            },
            "1x1000x301");
    }

    [Fact]
    public void Empty_products_are_zero_plus_bias()
    {
        float[] c = [7, 7, 7, 7];
        FloatGemm.Run([], [], c, new GemmShape(2, 0, 2), new Epilogue<float>(new float[] { 1, -1 }), WorkerPool.Inline);
        Assert.Equal([1f, -1f, 1f, -1f], c);
        FloatGemm.Run([], [], [], new GemmShape(0, 3, 0), default, WorkerPool.Inline);
    }

    [Fact]
    public void Threads_do_not_change_a_product()
    {
        foreach ((int m, int k, int n) in new[] { (200, 300, 170), (13, 700, 900), (1, 500, 3000), (1000, 8, 8), (49, 960, 160), (30, 1000, 320) })
        {
            float[] a = Seeded.Floats(1, (long)m * k), b = Seeded.Floats(2, (long)k * n), expected = new float[m * n];
            GemmReference.Run(a, b, expected, new GemmShape(m, k, n));
            using PackedMatrix packed = PackedMatrix.Pack(b, k, n);
            Variants.SameOnAnyThreads(
                pool =>
                {
                    float[] c = new float[m * n];
                    FloatGemm.Run(a, packed, c, m, default, pool);
                    Close.To(Seeded.Widen(expected), c, k * 6e-8 * 3, $"{m},{k},{n}");
                    return c;
                },
                $"{m},{k},{n}");
        }
    }

    [Fact]
    public void Batches_use_their_offsets()
    {
        float[] a = Seeded.Whole(1, 3 * 4 * 5), b = Seeded.Whole(2, 5 * 6), c = new float[3 * 4 * 6], expected = new float[4 * 6];
        foreach (int threads in new[] { 1, 2 })
        {
            using WorkerPool pool = new(threads);
            FloatGemm.RunBatch(a, b, c, new GemmShape(4, 5, 6), [0, 20, 40], [0, 0, 0], pool);
            for (int i = 0; i < 3; i++)
            {
                GemmReference.Run<float>(a.AsSpan(i * 20, 20), b, expected, new GemmShape(4, 5, 6));
                Close.Identical(expected, c.AsSpan(i * 24, 24), $"batch {i}");
            }
        }
    }

    [Fact]
    public void Other_types_match_the_reference()
    {
        foreach (bool ta in new[] { false, true })
        {
            foreach (bool tb in new[] { false, true })
            {
                GemmShape shape = new(7, 9, 5, ta, tb);
                int[] a = Array.ConvertAll(Seeded.Whole(1, 63), v => (int)v), b = Array.ConvertAll(Seeded.Whole(2, 45), v => (int)v), expected = new int[35], actual = new int[35];
                GemmReference.Run<int>(a, b, expected, shape);
                GemmGeneric.Run<int>(a, b, actual, shape, default, WorkerPool.Inline);
                Assert.Equal(expected, actual);
            }
        }
    }
}
