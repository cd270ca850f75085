using System.Runtime.CompilerServices;
using Decant.Kernels.Conv;

namespace Decant.Kernels.Pool;

/// <summary>
/// Pooling over windows: x [Batch, Depth.Input, Height.Input, Width.Input, Channels] to y with the axes' outputs; Depth is
/// <see cref="WindowAxis.One"/> in two dimensions. Padding is outside: it is neither a maximum nor counted in an average.
/// </summary>
public readonly record struct PoolGeometry(int Batch, WindowAxis Depth, WindowAxis Height, WindowAxis Width, int Channels)
{
    public long InputCount => (long)Batch * Depth.Input * Height.Input * Width.Input * Channels;

    public long OutputPixels => (long)Batch * Depth.Output * Height.Output * Width.Output;

    public long OutputCount => OutputPixels * Channels;

    /// <summary>Pooling of NHWC images.</summary>
    public static PoolGeometry Create2D(int batch, WindowAxis height, WindowAxis width, int channels) => new(batch, WindowAxis.One, height, width, channels);

    /// <summary>The window of output pixel <paramref name="index"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal PoolWindow Window(long index)
    {
        (index, long w) = Math.DivRem(index, Width.Output);
        (index, long h) = Math.DivRem(index, Height.Output);
        (long n, long d) = Math.DivRem(index, Depth.Output);
        return new PoolWindow((int)n, Range(Depth, (int)d), Range(Height, (int)h), Range(Width, (int)w));
    }

    /// <summary>The input pixel of a position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long Pixel(int n, int d, int h, int w) => ((((((long)n * Depth.Input) + d) * Height.Input) + h) * Width.Input) + w;

    /// <summary>The positions in the input under a position of the output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (int Start, int Step, int Count) Range(in WindowAxis axis, int o)
    {
        (int first, int end) = axis.Taps(o);
        return ((o * axis.Stride) - axis.PadBefore + (first * axis.Dilation), axis.Dilation, end - first);
    }
}
