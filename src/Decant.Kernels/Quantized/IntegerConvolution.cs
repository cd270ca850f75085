using Decant.Kernels.Conv;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Quantized;

/// <summary>Takes the sum of products of an output channel, to store it.</summary>
public interface IIntegerSink
{
    /// <summary>Takes a sum.</summary>
    /// <param name="position">The element of the output.</param>
    /// <param name="channel">Its channel.</param>
    /// <param name="sum">The sum of products, without a bias.</param>
    void Store(long position, int channel, long sum);
}

/// <summary>
/// Convolutions of 16-bit integers, from which zero points have been taken, so that padding is 0. Filters are [out channels,
/// height, width, in channels of a group], as TensorFlow Lite has them.
/// </summary>
public static class IntegerConvolution
{
    /// <summary>A convolution; sums are of 32 bits, or of 64 where asked for.</summary>
    public static void Run<TSink>(short[] x, short[] filter, in ConvGeometry geometry, bool isWide, TSink sink, WorkerPool pool)
        where TSink : IIntegerSink
    {
        ConvGeometry g = geometry;
        int depth = g.GroupIn, window = g.Height.Kernel * g.Width.Kernel * depth;
        pool.For(g.Batch * g.Height.Output, 1, (start, end) =>
        {
            short[] patch = new short[window];
            for (int row = start; row < end; row++)
            {
                (int n, int oy) = (row / g.Height.Output, row % g.Height.Output);
                for (int ox = 0; ox < g.Width.Output; ox++)
                {
                    long at = ((((long)n * g.Height.Output) + oy) * g.Width.Output + ox) * g.OutChannels;
                    for (int group = 0; group < g.Groups; group++)
                    {
                        Gather(x, patch, g, n, oy, ox, group);
                        for (int c = group * g.GroupOut; c < (group + 1) * g.GroupOut; c++)
                        {
                            ReadOnlySpan<short> weights = filter.AsSpan(c * window, window);
                            sink.Store(at + c, c, isWide ? IntegerDot.LongSum(patch, weights) : IntegerDot.Sum(patch, weights));
                        }
                    }
                }
            }
        });
    }

    /// <summary>A depthwise convolution; the filter is [height, width, channels * multiplier].</summary>
    public static void Depthwise<TSink>(short[] x, short[] filter, in DepthwiseGeometry geometry, TSink sink, WorkerPool pool)
        where TSink : IIntegerSink
    {
        DepthwiseGeometry g = geometry;
        pool.For(g.Batch * g.Height.Output, 1, (start, end) =>
        {
            long[] sums = new long[g.OutChannels];
            for (int row = start; row < end; row++)
            {
                (int n, int oy) = (row / g.Height.Output, row % g.Height.Output);
                for (int ox = 0; ox < g.Width.Output; ox++)
                {
                    Array.Clear(sums);
                    for (int ky = 0; ky < g.Height.Kernel; ky++)
                    {
                        int iy = (oy * g.Height.Stride) - g.Height.PadBefore + (ky * g.Height.Dilation);
                        if ((uint)iy >= (uint)g.Height.Input)
                            continue;
                        for (int kx = 0; kx < g.Width.Kernel; kx++)
                        {
                            int ix = (ox * g.Width.Stride) - g.Width.PadBefore + (kx * g.Width.Dilation);
                            if ((uint)ix >= (uint)g.Width.Input)
                                continue;
                            ReadOnlySpan<short> pixel = x.AsSpan((((n * g.Height.Input) + iy) * g.Width.Input + ix) * g.Channels, g.Channels);
                            ReadOnlySpan<short> weights = filter.AsSpan(((ky * g.Width.Kernel) + kx) * g.OutChannels, g.OutChannels);
                            if (g.Multiplier == 1)
                            {
                                for (int c = 0; c < pixel.Length; c++)
                                    sums[c] += pixel[c] * weights[c];
                                continue;
                            }

                            for (int c = 0; c < weights.Length; c++)
                                sums[c] += pixel[c / g.Multiplier] * weights[c];
                        }
                    }

                    long at = ((((long)n * g.Height.Output) + oy) * g.Width.Output + ox) * g.OutChannels;
                    for (int c = 0; c < sums.Length; c++)
                        sink.Store(at + c, c, sums[c]);
                }
            }
        });
    }

    /// <summary>Every row of a [rows, depth] times every row of b [columns, depth]: out [rows, columns].</summary>
    public static void Product<TSink>(short[] a, short[] b, int rows, int columns, int depth, bool isWide, TSink sink, WorkerPool pool)
        where TSink : IIntegerSink
    {
        pool.For(columns, 16, new ProductJob<TSink>(a, b, rows, columns, depth, isWide, sink));
    }

    private readonly struct ProductJob<TSink>(short[] a, short[] b, int rows, int columns, int depth, bool isWide, TSink sink) : IRangeJob
        where TSink : IIntegerSink
    {
        public void Run(int start, int end)
        {
            for (int row = 0; row < rows; row++)
            {
                ReadOnlySpan<short> left = a.AsSpan(row * depth, depth);
                for (int column = start; column < end; column++)
                {
                    ReadOnlySpan<short> right = b.AsSpan(column * depth, depth);
                    sink.Store(((long)row * columns) + column, column, isWide ? IntegerDot.LongSum(left, right) : IntegerDot.Sum(left, right));
                }
            }
        }
    }

    private static void Gather(short[] x, short[] patch, in ConvGeometry g, int n, int oy, int ox, int group)
    {
        int depth = g.GroupIn, at = 0;
        for (int ky = 0; ky < g.Height.Kernel; ky++)
        {
            int iy = (oy * g.Height.Stride) - g.Height.PadBefore + (ky * g.Height.Dilation);
            for (int kx = 0; kx < g.Width.Kernel; kx++)
            {
                int ix = (ox * g.Width.Stride) - g.Width.PadBefore + (kx * g.Width.Dilation);
                Span<short> to = patch.AsSpan(at, depth);
                if ((uint)iy >= (uint)g.Height.Input || (uint)ix >= (uint)g.Width.Input)
                    to.Clear();
                else
                    x.AsSpan(((((n * g.Height.Input) + iy) * g.Width.Input + ix) * g.InChannels) + (group * depth), depth).CopyTo(to);
                at += depth;
            }
        }
    }
}
