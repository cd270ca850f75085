using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Decant.Kernels.Quantized;

/// <summary>The largest element, cut to a range.</summary>
internal readonly unsafe struct MaxFold<T>(int low, int high) : IPoolFold<T, T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly T least = T.CreateSaturating(low), most = T.CreateSaturating(high);

    public void Begin(T* line, int count) => new Span<T>(line, count).Fill(T.MinValue);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Line(T* x, T* line, int count)
    {
        int i = 0;
        for (; i <= count - Vector256<T>.Count; i += Vector256<T>.Count)
            Vector256.Max(Vector256.Load(x + i), Vector256.Load(line + i)).Store(line + i);
        for (; i < count; i++)
            line[i] = T.Max(line[i], x[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pixels(T* line, nint step, int pixels, int elements, T* to, int channels)
    {
        if (channels <= Vector128<T>.Count)
        {
            Vector128<T> largest = Vector128.Create(least);
            for (int i = 0; i < pixels; i++)
                largest = Vector128.Max(largest, Vector128.Load(line + (i * step)));
            Vector128.Min(largest, Vector128.Create(most)).Store(to);
            return;
        }

        for (int c = 0; c < channels; c += Vector256<T>.Count)
        {
            Vector256<T> largest = Vector256.Create(least);
            for (int i = 0; i < pixels; i++)
                largest = Vector256.Max(largest, Vector256.Load(line + (i * step) + c));
            Vector256.Min(largest, Vector256.Create(most)).Store(to + c);
        }
    }
}
