using System.Numerics;
using System.Runtime.CompilerServices;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Quantized;

/// <summary>
/// Floats made signed bytes, a scale per row: q = round(x / scale) + zero point, halves away from zero. A row with NaN or an infinity has a scale that is
/// not finite and zero points alone, so that what is made of it is NaN.
/// </summary>
public static unsafe class RowQuantization
{
    private const int PieceElements = 16384;

    /// <summary>Quantizes as many rows as there are scales.</summary>
    /// <param name="x">The rows, one after another.</param>
    /// <param name="q">The bytes.</param>
    /// <param name="scales">Of each row.</param>
    /// <param name="zeroPoints">Of each row.</param>
    /// <param name="isAsymmetric">Whether a row has a zero point; else 0 stands for 0, and -128 is not used.</param>
    /// <param name="pool">The threads.</param>
    public static void Run(ReadOnlySpan<float> x, Span<sbyte> q, Span<float> scales, Span<int> zeroPoints, bool isAsymmetric, WorkerPool pool)
    {
        Guard.Length(q, x.Length);
        Guard.Length(zeroPoints, scales.Length);
        if (scales.IsEmpty || x.IsEmpty)
            return;
        int size = x.Length / scales.Length;
        fixed (float* px = x, ps = scales)
        fixed (sbyte* pq = q)
        fixed (int* pz = zeroPoints)
            pool.For(scales.Length, Math.Max(1, PieceElements / Math.Max(1, size)), new Job(px, pq, ps, pz, size, isAsymmetric));
    }

    // Of the zero points that follow from the least and the greatest value, the one with the smaller error is taken.
    private static (float Scale, int Zero) Asymmetric(ReadOnlySpan<float> x)
    {
        (double low, double high) = Extremes(x);
        (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        if (low == high)
            return (1, 0);
        double scale = (high - low) / 255;
        double fromLow = -128 - (low / scale), fromHigh = 127 - (high / scale);
        double errorLow = 128 + Math.Abs(low / scale), errorHigh = 127 + Math.Abs(high / scale);
        double best = errorLow < errorHigh ? fromLow : fromHigh;
        return ((float)scale, best <= -128 ? -128 : best >= 127 ? 127 : (int)Math.Round(best, MidpointRounding.AwayFromZero));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (float Low, float High) Extremes(ReadOnlySpan<float> x)
    {
        float low = x[0], high = x[0];
        int i = 0;
        if (x.Length >= Vector<float>.Count)
        {
            Vector<float> lows = new(x), highs = lows;
            Vector<int> ordered = Vector<int>.AllBitsSet;
            for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> v = new(x[i..]);
                (lows, highs) = (Vector.MinNative(lows, v), Vector.MaxNative(highs, v));
                ordered &= Vector.Equals(v, v);
            }

            for (int lane = 0; lane < Vector<float>.Count; lane++)
                (low, high) = (MathF.Min(low, lows[lane]), MathF.Max(high, highs[lane]));
            if (ordered != Vector<int>.AllBitsSet)
                return (float.NaN, float.NaN);
        }

        for (; i < x.Length; i++)
            (low, high) = (MathF.Min(low, x[i]), MathF.Max(high, x[i]));
        return (low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Round(ReadOnlySpan<float> x, Span<sbyte> q, float inverse, int zero, int least)
    {
        int i = 0;
        Vector<float> inverses = new(inverse), zeros = new(zero);
        Vector<int> low = new(least), high = new(127);
        for (; i <= x.Length - (4 * Vector<float>.Count); i += 4 * Vector<float>.Count)
        {
            Vector<int> a = Rounded(x, i, inverses, zeros), b = Rounded(x, i + Vector<float>.Count, inverses, zeros);
            Vector<int> c = Rounded(x, i + (2 * Vector<float>.Count), inverses, zeros), d = Rounded(x, i + (3 * Vector<float>.Count), inverses, zeros);
            (a, b, c, d) = (Vector.Min(high, Vector.Max(low, a)), Vector.Min(high, Vector.Max(low, b)), Vector.Min(high, Vector.Max(low, c)), Vector.Min(high, Vector.Max(low, d)));
            Vector.Narrow(Vector.Narrow(a, b), Vector.Narrow(c, d)).CopyTo(q[i..]);
        }

        for (; i < x.Length; i++)
            q[i] = (sbyte)Math.Clamp((int)MathF.Round(zero + (x[i] * inverse), MidpointRounding.AwayFromZero), least, 127);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> Rounded(ReadOnlySpan<float> x, int at, Vector<float> inverse, Vector<float> zero) =>
        Vector.ConvertToInt32Native(RealConversion.Outward(zero + (new Vector<float>(x[at..]) * inverse)));

    private readonly struct Job(float* x, sbyte* q, float* scales, int* zeroPoints, int size, bool isAsymmetric) : IRangeJob
    {
        public void Run(int start, int end)
        {
            for (int r = start; r < end; r++)
            {
                ReadOnlySpan<float> row = new(x + ((nint)r * size), size);
                Span<sbyte> to = new(q + ((nint)r * size), size);
                (float low, float high) = isAsymmetric ? default : Extremes(row);
                float range = Math.Max(Math.Abs(low), Math.Abs(high));
                if (isAsymmetric)
                    (scales[r], zeroPoints[r]) = Asymmetric(row);
                else
                    (scales[r], zeroPoints[r]) = (range == 0 ? 1 : range / 127, 0);
                if ((!isAsymmetric && range == 0) || !float.IsFinite(scales[r]))
                    to.Fill((sbyte)zeroPoints[r]);
                else
                    Round(row, to, isAsymmetric ? 1 / scales[r] : 127 / range, zeroPoints[r], isAsymmetric ? -128 : -127);
            }
        }
    }
}
