using System.Numerics;
using System.Runtime.CompilerServices;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Quantized;

/// <summary>Between integers of one scale and the real numbers they stand for.</summary>
public static unsafe class RealConversion
{
    private const int Grain = 8192;

    /// <summary>y = scale · (x - zero point).</summary>
    public static void Dequantize<T>(ReadOnlySpan<T> x, Span<float> y, float scale, int zeroPoint, WorkerPool pool)
        where T : unmanaged, IBinaryInteger<T>
    {
        Guard.Length(y, x.Length);
        fixed (T* px = x)
        fixed (float* py = y)
            pool.For(x.Length, Grain, new DequantizeJob<T>(px, py, scale, zeroPoint));
    }

    /// <summary>y = clamp(round(x / scale) + zero point), halves away from zero; what is no number is 0.</summary>
    public static void Quantize<T>(ReadOnlySpan<float> x, Span<T> y, float scale, long zeroPoint, int min, int max, WorkerPool pool)
        where T : unmanaged, IBinaryInteger<T>
    {
        Guard.Length(y, x.Length);
        fixed (float* px = x)
        fixed (T* py = y)
            pool.For(x.Length, Grain, new QuantizeJob<T>(px, py, scale, zeroPoint, min, max));
    }

    /// <summary>y = clamp(round(x / scale), -127, 127), halves away from zero, with a scale per channel: so many elements in a row are of one, then of the next.</summary>
    /// <param name="x">Numbers that are finite.</param>
    /// <param name="y">The bytes.</param>
    /// <param name="scales">Of each channel.</param>
    /// <param name="inner">The elements of a channel that follow each other.</param>
    /// <param name="first">The position of the first number among all of them.</param>
    /// <param name="pool">The threads.</param>
    public static void QuantizeChannels(ReadOnlySpan<float> x, Span<sbyte> y, float[] scales, long inner, long first, WorkerPool pool)
    {
        Guard.Length(y, x.Length);
        fixed (float* px = x)
        fixed (sbyte* py = y)
            pool.For(x.Length, Grain, new ChannelsJob(px, py, scales, inner, first));
    }

    /// <summary>x rounded to whole numbers, halves away from zero; 0 for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<int> AwayFromZero(Vector<float> x) => Vector.ConvertToInt32(Outward(x));

    /// <summary>
    /// Numbers of which the whole part is x rounded, halves away from zero: the largest float below a half is added to the magnitude, as with a half that
    /// float itself would become 1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<float> Outward(Vector<float> x) => x + (new Vector<float>(0.49999997f) | (x & new Vector<float>(-0f)));

    private readonly struct ChannelsJob(float* x, sbyte* y, float[] scales, long inner, long first) : IRangeJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int start, int end)
        {
            for (int i = start, stop; i < end; i = stop)
            {
                long position = first + i;
                stop = (int)Math.Min(end, i + inner - (position % inner));
                float scale = scales[position / inner % scales.Length];
                Vector<float> scaleLanes = new(scale);
                for (; i <= stop - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
                {
                    Vector<short> low = Vector.Narrow(Rounded(x + i, scaleLanes), Rounded(x + i + Vector<int>.Count, scaleLanes));
                    Vector<short> high = Vector.Narrow(Rounded(x + i + (2 * Vector<int>.Count), scaleLanes), Rounded(x + i + (3 * Vector<int>.Count), scaleLanes));
                    Vector.Narrow(low, high).Store(y + i);
                }

                for (; i < stop; i++)
                    y[i] = (sbyte)Math.Clamp(MathF.Round(x[i] / scale, MidpointRounding.AwayFromZero), -sbyte.MaxValue, sbyte.MaxValue);
            }
        }

        private static Vector<int> Rounded(float* x, Vector<float> scale)
        {
            Vector<float> limit = new(sbyte.MaxValue);
            return AwayFromZero(Vector.Min(limit, Vector.Max(-limit, Vector.Load(x) / scale)));
        }
    }

    private readonly struct DequantizeJob<T>(T* x, float* y, float scale, int zeroPoint) : IRangeJob
        where T : unmanaged, IBinaryInteger<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int start, int end)
        {
            int i = start;
            if (sizeof(T) < sizeof(int))
            {
                Vector<int> zero = new(zeroPoint);
                for (; i <= end - Vector<int>.Count; i += Vector<int>.Count)
                    (Vector.ConvertToSingle(Widening.Load(x + i) - zero) * scale).Store(y + i);
            }

            for (; i < end; i++)
                y[i] = scale * (int.CreateTruncating(x[i]) - zeroPoint);
        }
    }

    private readonly struct QuantizeJob<T>(float* x, T* y, float scale, long zeroPoint, int min, int max) : IRangeJob
        where T : unmanaged, IBinaryInteger<T>
    {
        /// <summary>Results beyond these are cut anyhow, whatever the zero point of a narrow type.</summary>
        private const float Far = 1 << 20;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int start, int end)
        {
            int i = start, step = Vector<int>.Count;
            if (sizeof(T) < sizeof(int) && Math.Abs(zeroPoint) <= ushort.MaxValue)
            {
                // What is cut to the range of T loses nothing by narrowing.
                for (; i <= end - (2 * step * (2 / sizeof(T))); i += 2 * step * (2 / sizeof(T)))
                {
                    Vector<short> first = Vector.Narrow(Steps(x + i), Steps(x + i + step));
                    if (sizeof(T) == sizeof(short))
                        first.Store((short*)(y + i));
                    else
                        Vector.Narrow(first, Vector.Narrow(Steps(x + i + (2 * step)), Steps(x + i + (3 * step)))).Store((sbyte*)(y + i));
                }
            }

            for (; i < end; i++)
            {
                float scaled = MathF.Round(x[i] / scale, MidpointRounding.AwayFromZero);
                y[i] = T.CreateTruncating(Math.Clamp((float.IsNaN(scaled) ? 0 : (long)Math.Clamp(scaled, int.MinValue, int.MaxValue)) + zeroPoint, min, max));
            }
        }

        /// <summary>A register of results; NaN becomes the zero point.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Vector<int> Steps(float* from)
        {
            Vector<float> scaled = Vector.Load(from) / new Vector<float>(scale), far = new(Far);
            scaled = Vector.MinNative(far, Vector.MaxNative(-far, scaled & Vector.AsVectorSingle(Vector.Equals(scaled, scaled))));
            return Vector.Min(new Vector<int>(max), Vector.Max(new Vector<int>(min), Vector.ConvertToInt32Native(Outward(scaled)) + new Vector<int>((int)zeroPoint)));
        }
    }
}
