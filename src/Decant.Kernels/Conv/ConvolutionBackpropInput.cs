using Decant.Kernels.Gemm;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Conv;

/// <summary>
/// The gradient of a float32 convolution's input, which is also the transposed convolution (Conv2DBackpropInput, Conv3DBackpropInputV2,
/// TFLite TRANSPOSE_CONV). Each residue of the stride is a dense convolution of dy with the taps that reach it, so no zeros are multiplied
/// and each dx element is written once.
/// </summary>
public static unsafe class ConvolutionBackpropInput
{
    /// <summary>The least number of results that are finished in a row.</summary>
    private const int FinishedRow = 1024;

    /// <summary>dx[geometry's input] = activation(dy[geometry's output] transposed-convolved with filter, + bias[InChannels] + residual).</summary>
    /// <exception cref="ArgumentException">A span is shorter than the geometry needs.</exception>
    public static void Run(ReadOnlySpan<float> dy, ReadOnlySpan<float> filter, Span<float> dx, in ConvGeometry geometry, in Epilogue<float> epilogue, WorkerPool pool)
    {
        ConvGeometry g = epilogue.Bias.IsEmpty ? Widened(geometry) : geometry;
        Guard.Length(dx, g.InputCount);
        Guard.Length(filter, g.FilterCount);
        Guard.Length(dy, g.OutputCount);
        if (!epilogue.Bias.IsEmpty)
            Guard.Length(epilogue.Bias, g.InChannels);
        if (!epilogue.Residual.IsEmpty)
            Guard.Length(epilogue.Residual, g.InputCount);
        fixed (float* pdy = dy, pf = filter, pdx = dx, bias = epilogue.Bias, residual = epilogue.Residual)
        {
            if (epilogue.Residual.IsEmpty && SpreadPixels.Fits(geometry))
            {
                SpreadPixels.Run(pdy, pf, pdx, geometry, pool);
                Finish(pdx, g.InputCount, bias, g.InChannels, epilogue.Activation, pool);
                return;
            }

            for (int d = 0; d < g.Depth.Stride; d++)
            {
                for (int h = 0; h < g.Height.Stride; h++)
                {
                    for (int w = 0; w < g.Width.Stride; w++)
                        Phase(pdy, pf, pdx, g, TapGrid.Backward(g.Depth, d), TapGrid.Backward(g.Height, h), TapGrid.Backward(g.Width, w), (d, h, w), new TileFinish(bias, epilogue.Activation), residual, pool);
                }
            }
        }
    }

    /// <summary>Windows that lie side by side on a line: what one of them covers is written at once, as if it were one pixel of more channels.</summary>
    private static ConvGeometry Widened(in ConvGeometry g)
    {
        WindowAxis width = g.Width;
        return g.Groups > 1 || width.Stride == 1 || width.Kernel != width.Stride || width.Dilation != 1 || width.PadBefore != 0 || width.Input != (long)width.Output * width.Stride ? g
            : g with { Width = new WindowAxis(width.Output, 1, 1, 1, 0, width.Output), InChannels = g.InChannels * width.Stride };
    }

    /// <summary>Bias and activation of all results, in rows of many pixels: those of one channel alone would fill no register.</summary>
    private static void Finish(float* dx, long count, float* bias, int channels, Activation activation, WorkerPool pool)
    {
        if (bias == null && activation == Activation.None)
            return;
        int row = channels * ((FinishedRow + channels - 1) / channels);
        float* biases = null;
        if (bias != null)
        {
            biases = Scratch.Get<float>(row, 0);
            for (int i = 0; i < row; i++)
                biases[i] = bias[i % channels];
        }

        var finish = new TileFinish(biases, activation);
        pool.For(checked((int)(count / row)), 16, new FinishJob(dx, row, finish));
        GemmFinish.Run(dx + (count / row * row), row, 1, (int)(count % row), finish);
    }

    private readonly struct FinishJob(float* dx, int row, TileFinish finish) : IRangeJob
    {
        public void Run(int start, int end) => GemmFinish.Run(dx + ((long)start * row), row, end - start, row, finish);
    }

    private static void Phase(float* dy, float* filter, float* dx, in ConvGeometry g, TapGrid depth, TapGrid height, TapGrid width, (int D, int H, int W) phase, TileFinish finish, float* residual, WorkerPool pool)
    {
        WindowGemm engine = new(g.Batch, depth, height, width, g.OutChannels, g.GroupOut);
        if (engine.Points == 0)
            return;
        long line = (long)g.Width.Input * g.InChannels, plane = line * g.Height.Input, volume = plane * g.Depth.Input;
        WindowGemm.TargetStrides strides = new(volume, plane * g.Depth.Stride, line * g.Height.Stride, g.InChannels * g.Width.Stride);
        long start = (phase.D * plane) + (phase.H * line) + ((long)phase.W * g.InChannels);
        GemmKernel kernel = GemmKernel.Current;
        Panels panels = kernel.Panels(g.GroupIn);
        for (int group = 0; group < g.Groups; group++)
        {
            float* weights = Scratch.Get<float>((long)engine.K * g.GroupIn, 1);
            float* packed = Scratch.Get<float>(panels.Floats(engine.K), 0);
            float* row = weights;
            foreach (int d in depth.Taps)
            {
                foreach (int h in height.Taps)
                {
                    foreach (int w in width.Taps)
                    {
                        long tap = (((long)d * g.Height.Kernel) + h) * g.Width.Kernel + w;
                        Packing.Transpose(filter + (tap * g.GroupIn * g.OutChannels) + (group * g.GroupOut), g.OutChannels, g.GroupIn, g.GroupOut, row, g.GroupIn);
                        row += (long)g.GroupIn * g.GroupOut;
                    }
                }
            }

            Packing.Panels(weights, g.GroupIn, 1, engine.K, panels, packed, pool);
            int ci = group * g.GroupIn;
            Product product = new()
            {
                Kernel = kernel,
                Packed = packed,
                N = g.GroupIn,
                C = dx + start + ci,
                Finish = finish.From(ci),
                Residual = residual == null ? null : residual + start + ci,
            };
            engine.Run(dy + (group * g.GroupOut), product, strides, pool);
        }
    }
}
