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
            int i = start;
            if (sizeof(T) < sizeof(int) && Math.Abs(zeroPoint) <= ushort.MaxValue)
            {
                Vector<int> zero = new((int)zeroPoint), low = new(min), high = new(max);
                Vector<float> scales = new(scale), far = new(Far);
                int* lanes = stackalloc int[Vector<int>.Count];
                for (; i <= end - Vector<int>.Count; i += Vector<int>.Count)
                {
                    Vector<float> scaled = Vector.Round(Vector.Load(x + i) / scales, MidpointRounding.AwayFromZero);
                    scaled = Vector.ConditionalSelect(Vector.Equals(scaled, scaled), Vector.Min(far, Vector.Max(-far, scaled)), Vector<float>.Zero);
                    Vector.Min(high, Vector.Max(low, Vector.ConvertToInt32(scaled) + zero)).Store(lanes);
                    for (int lane = 0; lane < Vector<int>.Count; lane++)
                        y[i + lane] = T.CreateTruncating(lanes[lane]);
                }
            }

            for (; i < end; i++)
            {
                float scaled = MathF.Round(x[i] / scale, MidpointRounding.AwayFromZero);
                y[i] = T.CreateTruncating(Math.Clamp((float.IsNaN(scaled) ? 0 : (long)Math.Clamp(scaled, int.MinValue, int.MaxValue)) + zeroPoint, min, max));
            }
        }
    }
}
