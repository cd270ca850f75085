using Decant.Kernels.Conv;
using Decant.Kernels.Pool;

namespace Decant.Ops.TFLite;

/// <summary>The custom operators of MediaPipe's networks that its own runtime computes on processors.</summary>
internal static class MediaPipe
{
    /// <summary>What is added to places, so that they stay what they are where floats are cut off.</summary>
    private const float PlaceOffset = 0.1f;

    public static IEnumerable<Op> All =>
    [
        new TFLiteOp("Convolution2DTransposeBias", Spread),
        new TFLiteOp("MaxPoolingWithArgmax2D", MaxPool),
        new TFLiteOp("MaxUnpooling2D", Unpool),
    ];

    /// <summary>
    /// The size of the output along an axis of Convolution2DTransposeBias, and what is cut off in front: SAME takes off max(0, size - (in - 1) mod stride - 1)
    /// of what VALID gives, (in - 1) · stride + size; half of it, rounded down, in front.
    /// </summary>
    public static (long Output, long Before) Spread(string padding, long input, long size, int stride)
    {
        long pad = padding == "SAME" ? Math.Max(0, size - ((input - 1) % stride) - 1) : 0;
        return (input == 0 ? 0 : ((input - 1) * stride) + size - pad, pad / 2);
    }

    /// <summary>A transposed convolution whose inputs are activations, a filter [out, height, width, in] and a bias.</summary>
    private static Kernel Spread(KernelRequest request)
    {
        var words = new WindowWords(request.Node, isPool: false);
        return new FloatTransposeConvolution(request, (X: 0, Bias: 2), "NONE", sizes: 0, (context, filter) =>
        {
            Shape input = context.Shape(0);
            if (input.Rank != 4 || filter.Rank != 4 || filter[3] != input[3] || filter[3] == 0)
                throw context.Fail($"has the input {context.Input(0)} and a filter {filter}, expected [n,h,w,i] and [o,h,w,i]");
            WindowAxis Axis(int d, int stride)
            {
                (long output, long before) = Spread(words.Padding, input[d], filter[d], stride);
                return output <= TransposeConvolution.MostElements ? new WindowAxis((int)output, (int)filter[d], stride, 1, (int)before, (int)input[d])
                    : throw OpErrors.OutOfMemory.At(context.Node.At(), $"makes {output} rows or columns of {input}");
            }

            (WindowAxis height, WindowAxis width) = (Axis(1, words.Stride.H), Axis(2, words.Stride.W));
            var output = new Shape(input[0], height.Input, width.Input, filter[0]);
            return output.TryElementCount(out long count) && count <= TransposeConvolution.MostElements ? (ConvGeometry.Create2D((int)input[0], height, width, (int)filter[0], (int)filter[3]), output)
                : throw OpErrors.OutOfMemory.At(context.Node.At(), $"makes {output}");
        });
    }

    /// <summary>The largest of each window and its place in the window, row by row. NaN is never the largest; what has none larger is the least float, in the first place.</summary>
    private static Kernel MaxPool(KernelRequest request)
    {
        var words = new WindowWords(request.Node, isPool: true);
        return Kernel.Of(context =>
        {
            Shape input = Images(context, 0);
            WindowAxis Axis(int d, int size, int stride) => words.Padding == "SAME" ? WindowAxis.Same((int)input[d], size, stride) : WindowAxis.Valid((int)input[d], size, stride);
            PoolGeometry g = PoolGeometry.Create2D((int)input[0], Axis(1, words.Kernel.H, words.Stride.H), Axis(2, words.Kernel.W, words.Stride.W), (int)input[3]);
            var shape = new Shape(input[0], g.Height.Output, g.Width.Output, input[3]);
            Span<float> y = context.Output<float>(0, shape), places = context.Output<float>(1, shape);
            ReadOnlySpan<float> x = context.Input(0).Span<float>();
            y.Fill(float.MinValue);
            places.Fill(PlaceOffset);
            for (int pixel = 0; pixel < g.OutputPixels; pixel++)
            {
                Span<float> most = y.Slice(pixel * g.Channels, g.Channels), at = places.Slice(pixel * g.Channels, g.Channels);
                (int row, int ox) = Math.DivRem(pixel, g.Width.Output);
                (int n, int oy) = Math.DivRem(row, g.Height.Output);
                (int top, int left) = ((oy * g.Height.Stride) - g.Height.PadBefore, (ox * g.Width.Stride) - g.Width.PadBefore);
                for (int h = Math.Max(0, top); h < Math.Min(g.Height.Input, top + g.Height.Kernel); h++)
                {
                    for (int w = Math.Max(0, left); w < Math.Min(g.Width.Input, left + g.Width.Kernel); w++)
                    {
                        ReadOnlySpan<float> values = x.Slice((((n * g.Height.Input) + h) * g.Width.Input + w) * g.Channels, g.Channels);
                        float place = ((h - top) * (long)g.Width.Kernel) + w - left + PlaceOffset;
                        for (int c = 0; c < values.Length; c++)
                        {
                            if (values[c] > most[c])
                                (most[c], at[c]) = (values[c], place);
                        }
                    }
                }
            }

            Activated.Apply(words.Activation, y, context.Pool);
        });
    }

    /// <summary>Values at their places in windows, zeros elsewhere; the output has a window for each value.</summary>
    private static Kernel Unpool(KernelRequest request)
    {
        var words = new WindowWords(request.Node, isPool: true);
        return Kernel.Of(context =>
        {
            Shape input = Images(context, 0);
            if (context.Shape(1) != input)
                throw context.Fail($"has the values {context.Input(0)} and the places {context.Input(1)}, expected the same shape");
            var shape = new Shape(input[0], input[1] * words.Kernel.H, input[2] * words.Kernel.W, input[3]);
            if (!shape.TryElementCount(out long count) || count > TransposeConvolution.MostElements)
                throw OpErrors.OutOfMemory.At(context.Node.At(), $"makes {shape}");
            int PadBefore(int d, int size, int stride) => (int)(Math.Max(0, ((input[d] - 1) * stride) + size - shape[d]) / 2);
            (int padH, int padW) = (PadBefore(1, words.Kernel.H, words.Stride.H), PadBefore(2, words.Kernel.W, words.Stride.W));
            Span<float> y = context.Output<float>(0, shape);
            y.Clear();
            ReadOnlySpan<float> x = context.Input(0).Span<float>(), places = context.Input(1).Span<float>();
            for (int i = 0; i < x.Length; i++)
            {
                (int pixel, int c) = Math.DivRem(i, (int)input[3]);
                (int row, int ox) = Math.DivRem(pixel, (int)input[2]);
                (int n, int oy) = Math.DivRem(row, (int)input[1]);
                (int kh, int kw) = Math.DivRem((int)places[i], words.Kernel.W);
                long h = ((long)oy * words.Stride.H) - padH + kh, w = ((long)ox * words.Stride.W) - padW + kw;
                if (!(places[i] >= 0) || h < 0 || h >= shape[1] || w < 0 || w >= shape[2])
                    throw context.Fail($"has the place {places[i]} for value {i}, which is outside of the output {shape}");
                y[(int)((((((long)n * shape[1]) + h) * shape[2]) + w) * shape[3]) + c] = x[i];
            }
        });
    }

    private static Shape Images(KernelContext context, int input) => context.Input(input) is { DType: DType.Float32, Shape: { Rank: 4 } shape } ? shape
        : throw context.Fail($"has {context.Input(input)} as input {input}, expected float32[n,h,w,c]");
}
