using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Decant.Kernels.Quantized;

/// <summary>The average, halves rounded away from zero, cut to a range.</summary>
internal readonly unsafe struct AverageFold<T>(int low, int high) : IPoolFold<T, int>
    where T : unmanaged, IBinaryInteger<T>
{
    // A quotient of integers below 2^24 that is no integer lies further below the next one than floats round.
    private const int Exact = 1 << 24;

    private const int LargestMagnitude = 1 << 15;

    public void Begin(int* line, int count) => new Span<int>(line, count).Clear();

    public void Line(T* x, int* line, int count) => IntegerSums.Add(x, line, count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pixels(int* line, nint step, int pixels, int elements, T* to, int channels)
    {
        int half = elements / 2, magnitude = sizeof(T) == 1 ? byte.MaxValue : LargestMagnitude;
        bool isExact = elements > 0 && (long)(magnitude + 1) * elements < Exact;
        Vector256<float> divisor = Vector256.Create((float)elements);
        Vector256<int> halves = Vector256.Create(half), least = Vector256.Create(low), most = Vector256.Create(high);
        for (int c = 0; c < channels; c += Vector256<int>.Count)
        {
            Vector256<int> sum = default;
            for (int i = 0; i < pixels; i++)
                sum += Vector256.Load(line + (i * step) + c);
            if (isExact)
            {
                // (half ^ sign) - sign is the half with the sign of the sum.
                Vector256<int> sign = sum >> 31;
                sum = Vector256.ConvertToInt32Native(Vector256.ConvertToSingle(sum + ((halves ^ sign) - sign)) / divisor);
                Store(Vector256.Min(most, Vector256.Max(least, sum)), to + c);
                continue;
            }

            for (int lane = 0; lane < Math.Min(Vector256<int>.Count, channels - c); lane++)
            {
                int value = sum[lane];
                to[c + lane] = T.CreateTruncating(Math.Clamp(elements == 0 ? 0 : (value > 0 ? value + half : value - half) / elements, low, high));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<int> values, T* to)
    {
        Vector128<short> shorts = Vector128.Narrow(values.GetLower(), values.GetUpper());
        if (sizeof(T) == 1)
            *(ulong*)to = Vector128.Narrow(shorts, shorts).AsUInt64().ToScalar();
        else
            shorts.Store((short*)to);
    }
}
