using Decant.Kernels.Elementwise;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Elementwise;

/// <summary>Conversions give what the casts of .NET give, of every half and around every boundary.</summary>
public sealed class FloatConversionTests
{
    [Fact]
    public void Every_half_widens_as_its_cast_does() => Variants.EachWidth(width =>
    {
        Half[] halves = [.. Enumerable.Range(0, 1 << 16).Select(b => BitConverter.UInt16BitsToHalf((ushort)b))];
        float[] floats = new float[halves.Length];
        FloatConversions.Widen(halves, floats, WorkerPool.Inline);
        for (int i = 0; i < halves.Length; i++)
            Assert.Equal((float)halves[i], floats[i]);
    });

    [Fact]
    public void Floats_round_to_halves_as_their_casts_do() => Variants.EachWidth(width =>
    {
        // The half itself, the middle between it and the next, and the floats around both.
        List<float> floats = [float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.MaxValue, float.Epsilon, -0f];
        for (int bits = 0; bits < 0x7C00; bits++)
        {
            float half = (float)BitConverter.UInt16BitsToHalf((ushort)bits), next = bits == 0x7BFF ? 65536 : (float)BitConverter.UInt16BitsToHalf((ushort)(bits + 1));
            float middle = (half + next) / 2;
            floats.AddRange([half, MathF.BitIncrement(half), MathF.BitDecrement(half), middle, MathF.BitIncrement(middle), MathF.BitDecrement(middle), -middle]);
        }

        float[] from = [.. floats];
        Half[] to = new Half[from.Length];
        FloatConversions.Narrow(from, to, WorkerPool.Inline);
        for (int i = 0; i < from.Length; i++)
            Assert.True(BitConverter.HalfToUInt16Bits((Half)from[i]) == BitConverter.HalfToUInt16Bits(to[i]) || (float.IsNaN(from[i]) && Half.IsNaN(to[i])), $"{from[i]:R}: expected {(Half)from[i]}, found {to[i]} on {width}");
    });

    [Fact]
    public void Floats_and_doubles_convert_as_their_casts_do()
    {
        var random = new Random(7);
        double[] doubles = [.. Enumerable.Range(0, 77).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-44, 39)))];
        float[] floats = new float[doubles.Length];
        FloatConversions.Narrow(doubles, floats);
        Assert.Equal(doubles.Select(d => (float)d), floats);
        FloatConversions.Widen(floats, doubles);
        Assert.Equal(floats.Select(f => (double)f), doubles);
    }
}
