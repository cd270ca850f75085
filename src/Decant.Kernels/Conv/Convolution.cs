using Decant.Kernels.Gemm;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Conv;

/// <summary>The float32 2-D and 3-D convolution, NHWC or NDHWC with an HWIO filter, with strides, dilations, padding and groups.</summary>
public static unsafe class Convolution
{
    /// <summary>y = activation(x * filter + bias + residual), or with slopes in its place, and then what the epilogue has last; packs the filter on the fly.</summary>
    /// <exception cref="ArgumentException">A span is shorter than the geometry needs.</exception>
    public static void Run(ReadOnlySpan<float> x, ReadOnlySpan<float> filter, Span<float> y, in ConvGeometry geometry, in Epilogue<float> epilogue, WorkerPool pool)
    {
        using ConvFilter packed = ConvFilter.Pack(filter, geometry, isKept: false);
        Run(x, packed, y, geometry, epilogue, pool);
    }

    /// <summary>y = activation(x * filter + bias + residual), or with slopes in its place, and then what the epilogue has last.</summary>
    /// <exception cref="ArgumentException">A span is shorter than the geometry needs.</exception>
    public static void Run(ReadOnlySpan<float> x, ConvFilter filter, Span<float> y, in ConvGeometry geometry, in Epilogue<float> epilogue, WorkerPool pool)
    {
        Guard.Length(x, geometry.InputCount);
        Guard.Length(y, geometry.OutputCount);
        if (!epilogue.Bias.IsEmpty)
            Guard.Length(epilogue.Bias, geometry.OutChannels);
        if (!epilogue.Residual.IsEmpty)
            Guard.Length(epilogue.Residual, geometry.OutputCount);
        if (!epilogue.Slopes.IsEmpty)
            Guard.Length(epilogue.Slopes, geometry.OutChannels);
        if (!epilogue.Scale.IsEmpty)
        {
            Guard.Length(epilogue.Scale, geometry.OutChannels);
            Guard.Length(epilogue.Shift, geometry.OutChannels);
        }

        fixed (float* scale = epilogue.Scale, shift = epilogue.Shift)
            Run(x, filter, y, geometry, epilogue, new LastPass(scale, shift, epilogue.Swish.Offset, epilogue.Swish.Factor), pool);
    }

    private static void Run(ReadOnlySpan<float> x, ConvFilter filter, Span<float> y, in ConvGeometry geometry, in Epilogue<float> epilogue, LastPass pass, WorkerPool pool)
    {
        if (filter.Signal is { } signal)
        {
            if (signal.Length != geometry.FilterCount || !SignalConvolution.Fits(geometry))
                throw new ArgumentException("the filter is packed for another geometry", nameof(filter));
            fixed (float* px = x, pf = signal, py = y, bias = epilogue.Bias, residual = epilogue.Residual, slopes = epilogue.Slopes)
            {
                SignalConvolution.Run(px, pf, py, geometry, new TileFinish(bias, epilogue.Activation, slopes), residual, pool);
                pass.Run(py, geometry.OutputPixels, geometry.OutChannels, pool);
            }

            return;
        }

        if (filter.Thin is { } thin)
        {
            if (thin.N != geometry.OutChannels || thin.Lines != geometry.Depth.Kernel * geometry.Height.Kernel || thin.LineLength != geometry.Width.Kernel * geometry.InChannels || geometry.Width.Dilation != 1)
                throw new ArgumentException("the filter is packed for another geometry", nameof(filter));
            fixed (float* px = x, py = y, bias = epilogue.Bias, residual = epilogue.Residual, slopes = epilogue.Slopes)
            {
                ConvGeometry read = geometry;
                float* source = PaddedImage.Fits(geometry, pool.Threads) ? PaddedImage.Make(px, ref read) : px;
                ThinConvolution.Run(source, thin, py, read, new TileFinish(bias, epilogue.Activation, slopes), residual, pool);
                pass.Run(py, geometry.OutputPixels, geometry.OutChannels, pool);
            }

            return;
        }

        if (filter.Winograd is { } winograd)
        {
            if (winograd.In != geometry.InChannels || winograd.Out != geometry.OutChannels || !WinogradFilter.Takes(geometry))
                throw new ArgumentException("the filter is packed for another geometry", nameof(filter));
            fixed (float* px = x, py = y, bias = epilogue.Bias, residual = epilogue.Residual, slopes = epilogue.Slopes)
            {
                Winograd.Run(px, winograd, py, geometry, new TileFinish(bias, epilogue.Activation, slopes), residual, pool);
                pass.Run(py, geometry.OutputPixels, geometry.OutChannels, pool);
            }

            return;
        }

        WindowGemm.TargetStrides strides = new(
            (long)geometry.Depth.Output * geometry.Height.Output * geometry.Width.Output * geometry.OutChannels,
            (long)geometry.Height.Output * geometry.Width.Output * geometry.OutChannels,
            (long)geometry.Width.Output * geometry.OutChannels,
            geometry.OutChannels);
        fixed (float* px = x, py = y, bias = epilogue.Bias, residual = epilogue.Residual, slopes = epilogue.Slopes)
        {
            ConvGeometry read = geometry;
            float* source = PaddedImage.Fits(geometry, pool.Threads) ? PaddedImage.Make(px, ref read) : px;
            WindowGemm engine = new(read.Batch, TapGrid.Forward(read.Depth), TapGrid.Forward(read.Height), TapGrid.Forward(read.Width), read.InChannels, read.GroupIn);
            for (int g = 0; g < geometry.Groups; g++)
            {
                int co = g * geometry.GroupOut;
                PackedMatrix weights = filter.Groups[g];
                if (weights.K != engine.K || weights.N != geometry.GroupOut)
                    throw new ArgumentException($"the filter is packed as {weights.K} x {weights.N}, the geometry needs {engine.K} x {geometry.GroupOut}", nameof(filter));
                Product product = new()
                {
                    Kernel = weights.Kernel,
                    Packed = weights.Data,
                    N = weights.N,
                    C = py + co,
                    Finish = new TileFinish(bias, epilogue.Activation, slopes).From(co),
                    Residual = residual == null ? null : residual + co,
                    Pass = pass.From(co),
                };
                engine.Run(source + (g * geometry.GroupIn), product, strides, pool);
            }
        }
    }
}
