using Decant.Kernels.Conv;
using Decant.Kernels.Quantized;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Quantized;

/// <summary>Seeded operands of an integer convolution, and what the reference makes of them.</summary>
internal sealed record IntegerCase(IntegerKind Kind, bool SignedWeights, int ZeroPoint, int WeightZeroPoint, IntegerKind To, Rounding Rounding, bool IsExtreme, int Seed)
{
    /// <summary>Combinations of types, zero points and roundings; every second with the least and greatest bytes alone.</summary>
    public static IEnumerable<IntegerCase> All()
    {
        int seed = 0;
        foreach (bool extreme in new[] { false, true })
        {
            yield return new(IntegerKind.Int8, true, -3, 0, IntegerKind.Int8, Rounding.HalfUp, extreme, seed++);
            yield return new(IntegerKind.Int8, true, 127, 0, IntegerKind.Int8, Rounding.AwayFromZero, extreme, seed++);
            yield return new(IntegerKind.Int8, true, -128, 5, IntegerKind.Int16, Rounding.HalfUp, extreme, seed++);
            yield return new(IntegerKind.Int8, true, 19, 0, IntegerKind.Int8, Rounding.HalfUpInEights, extreme, seed++);
            yield return new(IntegerKind.UInt8, false, 128, 121, IntegerKind.UInt8, Rounding.HalfUp, extreme, seed++);
            yield return new(IntegerKind.UInt8, false, 0, 255, IntegerKind.UInt8, Rounding.AwayFromZero, extreme, seed++);
            yield return new(IntegerKind.UInt8, false, 255, 0, IntegerKind.UInt8, Rounding.HalfUp, extreme, seed++);
            yield return new(IntegerKind.UInt8, true, 77, 0, IntegerKind.Int8, Rounding.AwayFromZero, extreme, seed++);
            yield return new(IntegerKind.Int16, true, 0, 0, IntegerKind.Int16, Rounding.AwayFromZero, extreme, seed++);
        }
    }

    public ActivationForm Form => new(Kind, ZeroPoint);

    public QuantizedOutput Output => To switch
    {
        IntegerKind.Int8 => new(To, -7, -128, 127, Rounding),
        IntegerKind.UInt8 => new(To, 131, 3, 255, Rounding),
        _ => new(To, 0, short.MinValue, short.MaxValue, Rounding),
    };

    public byte[] Bytes(int seed, long count)
    {
        byte[] bytes = new byte[count];
        var random = new Random(Seed + (seed * 1000));
        random.NextBytes(bytes);
        for (int i = 0; i < bytes.Length && IsExtreme; i++)
            bytes[i] = (bytes[i] & 1) == 0 ? (byte)0x80 : (bytes[i] & 2) == 0 ? (byte)0x7F : (bytes[i] & 4) == 0 ? (byte)0xFF : (byte)0;
        return bytes;
    }

    /// <summary>Factors around 1 / (√k · 64), some above 1, one 0, and biases.</summary>
    public (FixedPoint[] Factors, int[] Bias) Scales(int channels, int k)
    {
        var random = new Random(Seed + 1);
        FixedPoint[] factors = new FixedPoint[channels];
        int[] bias = new int[channels];
        for (int c = 0; c < channels; c++)
        {
            double factor = Math.Exp((random.NextDouble() * 4) - 2) / (Math.Sqrt(k) * (Kind == IntegerKind.Int16 ? 64 : 32));
            factors[c] = FixedPoint.Of((c % 7) switch { 5 when c > 20 => 0, 6 => factor * 700, 4 => factor / 1e6, _ => factor });
            bias[c] = random.Next(-30000, 30000);
        }

        return (factors, bias);
    }

    /// <summary>Elements as 16-bit integers without a zero point.</summary>
    public static short[] Shorts(byte[] bytes, IntegerKind kind, int zeroPoint)
    {
        short[] shorts = new short[kind == IntegerKind.Int16 ? bytes.Length / 2 : bytes.Length];
        for (int i = 0; i < shorts.Length; i++)
            shorts[i] = kind == IntegerKind.Int16 ? BitConverter.ToInt16(bytes, i * 2) : (short)((kind == IntegerKind.Int8 ? (sbyte)bytes[i] : bytes[i]) - zeroPoint);
        return shorts;
    }

    public short[] Weights(byte[] bytes) => Shorts(bytes, SignedWeights ? IntegerKind.Int8 : IntegerKind.UInt8, WeightZeroPoint);

    /// <summary>What the reference stores.</summary>
    public byte[] Expected(FixedPoint[] factors, int[] bias, long count, Action<Sink> run)
    {
        byte[] y = new byte[count * (To == IntegerKind.Int16 ? 2 : 1)];
        run(new Sink(this, factors, bias, y));
        return y;
    }

    public sealed class Sink(IntegerCase of, FixedPoint[] factors, int[] bias, byte[] y) : IIntegerSink
    {
        public void Store(long position, int channel, long sum)
        {
            FixedPoint factor = factors[factors.Length == 1 ? 0 : channel];
            int total = unchecked((int)(sum + bias[channel]));
            int value = Math.Clamp(unchecked(factor.Times(total, of.Rounding, channel, bias.Length) + of.Output.ZeroPoint), of.Output.Min, of.Output.Max);
            if (of.To == IntegerKind.Int16)
                BitConverter.TryWriteBytes(y.AsSpan((int)position * 2), (short)value);
            else
                y[position] = (byte)value;
        }
    }
}
