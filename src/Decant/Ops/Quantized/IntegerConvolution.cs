using System.Numerics.Tensors;
using Decant.Kernels.Conv;

namespace Decant.Ops.Quantized;

/// <summary>The two-dimensional convolution of integers without groups, whose sums wrap: every input element times its row of the filter.</summary>
internal static class IntegerConvolution
{
    /// <summary>y[n, o, co] = Σ over taps and input channels of x[n, o·stride - pad + t·dilation, ci] · filter[t, ci, co]; outside of the input, 0.</summary>
    public static void Run(KernelContext context, ReadOnlySpan<int> x, ReadOnlySpan<int> filter, Span<int> y, in ConvGeometry g)
    {
        y.Clear();
        (int inputs, int outputs) = (g.InChannels, g.OutChannels);
        for (int pixel = 0; pixel < y.Length / outputs; pixel++)
        {
            (int line, int ox) = Math.DivRem(pixel, g.Width.Output);
            (int n, int oy) = Math.DivRem(line, g.Height.Output);
            if (ox == 0)
                context.Cancellation.ThrowIfCancellationRequested();
            Span<int> sums = y.Slice(pixel * outputs, outputs);
            for (int tap = 0; tap < g.Taps; tap++)
            {
                (int ky, int kx) = Math.DivRem(tap, g.Width.Kernel);
                int iy = (oy * g.Height.Stride) - g.Height.PadBefore + (ky * g.Height.Dilation), ix = (ox * g.Width.Stride) - g.Width.PadBefore + (kx * g.Width.Dilation);
                if ((uint)iy >= (uint)g.Height.Input || (uint)ix >= (uint)g.Width.Input)
                    continue;
                ReadOnlySpan<int> values = x.Slice(((((n * g.Height.Input) + iy) * g.Width.Input) + ix) * inputs, inputs);
                ReadOnlySpan<int> rows = filter.Slice(tap * inputs * outputs, inputs * outputs);
                for (int c = 0; c < values.Length; c++)
                {
                    if (values[c] != 0)
                        TensorPrimitives.MultiplyAdd(rows.Slice(c * outputs, outputs), values[c], sums, sums);
                }
            }
        }
    }
}
