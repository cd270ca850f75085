using Decant.Kernels.Gemm;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Conv;

/// <summary>
/// The gradient of a float32 convolution's filter: for each tap dW[ci, co] = Σ over pixels x[pixel under the tap, ci] · dy[pixel, co]. Each tap and block
/// of input channels is one task, so sums over pixels are in one order.
/// </summary>
public static unsafe class ConvolutionBackpropFilter
{
    private const int PixelBlock = 256;
    private const int ChannelBlock = 48;

    /// <summary>dfilter = [KD, KH, KW, InChannels / Groups, OutChannels].</summary>
    /// <exception cref="ArgumentException">A span is shorter than the geometry needs.</exception>
    public static void Run(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dfilter, in ConvGeometry geometry, WorkerPool pool)
    {
        Guard.Length(x, geometry.InputCount);
        Guard.Length(dy, geometry.OutputCount);
        Guard.Length(dfilter, geometry.FilterCount);
        dfilter[..(int)geometry.FilterCount].Clear();
        if (geometry.FilterCount == 0)
            return;
        int channelBlocks = (geometry.GroupIn + ChannelBlock - 1) / ChannelBlock;
        fixed (float* px = x, pdy = dy, pdf = dfilter)
            pool.For(checked(geometry.Groups * geometry.Taps * channelBlocks), 1, new Job(px, pdy, pdf, geometry, channelBlocks, GemmKernel.Current));
    }

    private readonly struct Job(float* x, float* dy, float* dfilter, ConvGeometry g, int channelBlocks, GemmKernel kernel) : IRangeJob
    {
        public void Run(int start, int end)
        {
            Panels panels = kernel.Panels(g.GroupOut);
            float* rows = Scratch.Get<float>(ChannelBlock * (PixelBlock + 16), 1);
            float* packed = Scratch.Get<float>(panels.Floats(PixelBlock), 0);
            for (int i = start; i < end; i++)
            {
                int ci0 = i % channelBlocks * ChannelBlock;
                int tap = i / channelBlocks % g.Taps;
                int group = i / channelBlocks / g.Taps;
                int channels = Math.Min(ChannelBlock, g.GroupIn - ci0);
                float* target = dfilter + ((((long)tap * g.GroupIn) + ci0) * g.OutChannels) + (group * g.GroupOut);
                for (long pixel = 0; pixel < g.OutputPixels; pixel += PixelBlock)
                {
                    int count = (int)Math.Min(PixelBlock, g.OutputPixels - pixel);
                    Gather(pixel, count, tap, (group * g.GroupIn) + ci0, channels, rows);
                    Packing.Panels(dy + (pixel * g.OutChannels) + (group * g.GroupOut), g.OutChannels, 1, count, panels, packed, WorkerPool.Inline);
                    Product product = new() { Kernel = kernel, Packed = packed, N = g.GroupOut, C = target, Stride = g.OutChannels, Accumulate = true };
                    GemmBlock.Run(new MatrixRows(rows, PixelBlock + 16, channels, count, g.OutChannels), product, WorkerPool.Inline);
                }
            }
        }

        /// <summary>rows[c, p] = x at the pixel that output pixel + p reads through the tap, 0 in the padding.</summary>
        private void Gather(long pixel, int count, int tap, int channel, int channels, float* rows)
        {
            int kw = tap % g.Width.Kernel, kh = tap / g.Width.Kernel % g.Height.Kernel, kd = tap / g.Width.Kernel / g.Height.Kernel;
            for (int p = 0; p < count; p++)
            {
                long rest = pixel + p;
                (rest, long ow) = Math.DivRem(rest, g.Width.Output);
                (rest, long oh) = Math.DivRem(rest, g.Height.Output);
                (long n, long od) = Math.DivRem(rest, g.Depth.Output);
                long w = (ow * g.Width.Stride) - g.Width.PadBefore + ((long)kw * g.Width.Dilation);
                long h = (oh * g.Height.Stride) - g.Height.PadBefore + ((long)kh * g.Height.Dilation);
                long d = (od * g.Depth.Stride) - g.Depth.PadBefore + ((long)kd * g.Depth.Dilation);
                bool inside = (ulong)w < (ulong)g.Width.Input && (ulong)h < (ulong)g.Height.Input && (ulong)d < (ulong)g.Depth.Input;
                float* source = x + (((((((n * g.Depth.Input) + d) * g.Height.Input) + h) * g.Width.Input) + w) * g.InChannels) + channel;
                for (int c = 0; c < channels; c++)
                    rows[(c * (PixelBlock + 16)) + p] = inside ? source[c] : 0;
            }
        }
    }
}
