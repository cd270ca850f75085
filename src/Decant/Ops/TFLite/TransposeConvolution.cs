using Decant.IR;
using Decant.Kernels.Conv;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>
/// TRANSPOSE_CONV: inputs are the shape of the output, a filter [out, height, width, in], the activations and a bias. Each input
/// pixel adds its products to a window of the output.
/// </summary>
internal static class TransposeConvolution
{
    // Sums of 64 bits are kept for each.
    public const long MostElements = 1 << 27;

    public static Kernel Prepare(KernelRequest request)
    {
        string activation = request.Activation(), padding = request.Attributes.String("padding");
        (long strideH, long strideW) = (request.Attributes.Int("stride_h"), request.Attributes.Int("stride_w"));
        if (strideH is < 1 or > 1 << 20 || strideW is < 1 or > 1 << 20)
            throw request.Fail($"has the strides {strideH} and {strideW}, expected 1 to {1 << 20}");
        bool hasBias = request.HasInput(3);
        (DType x, DType w) = (request.InputType(2), request.InputType(1));
        if (x == DType.Float32 && w == DType.Float32)
        {
            return new FloatTransposeConvolution(request, (X: 2, Bias: 3), activation, sizes: 1 << 0, (context, filter) =>
                (Geometry(context, filter, padding, (int)strideH, (int)strideW, out Shape output), output));
        }

        var weights = new IntegerWeights(request, 1);
        if (x == DType.Float32)
            return Hybrid(request, weights, padding, (int)strideH, (int)strideW, activation, hasBias);
        if (PackedWeights.Take(request, activations: 2, bias: 3) && request.OutputType() is DType.Int8 or DType.UInt8 or DType.Int16)
            return new PackedTransposeConvolution(request, padding, ((int)strideH, (int)strideW));
        var requantization = new Requantization(request, 2, 1, isFloatProduct: false);
        int zero = request.InputQuant(2).ZeroPoint;
        return Kernel.Of(context =>
        {
            ConvGeometry g = Geometry(context, context.Shape(1), padding, (int)strideH, (int)strideW, out Shape shape);
            Tensor output = context.Allocate(0, request.OutputType(), shape);
            Plain(context, output, g, requantization, Shorts.Of(context.Input(2), zero), weights.Read(context), hasBias);
        });
    }

    /// <summary>Any integers, with sums of 64 bits.</summary>
    public static void Plain(KernelContext context, Tensor output, in ConvGeometry g, Requantization requantization, short[] x, short[] weights, bool hasBias)
    {
        Requantization.Sink sink = requantization.Into(context, output, hasBias ? context.Input(3) : null, g.InChannels, Rounding.AwayFromZero);
        long[] sums = Scatter(x, weights, g);
        for (int i = 0; i < sums.Length; i++)
            sink.Store(i, i % g.InChannels, sums[i]);
    }

    private static Kernel Hybrid(KernelRequest request, IntegerWeights weights, string padding, int strideH, int strideW, string activation, bool hasBias)
    {
        float[] scales = HybridSink.Scales(request, 1);
        return Kernel.Of(context =>
        {
            ConvGeometry g = Geometry(context, context.Shape(1), padding, strideH, strideW, out Shape shape);
            if (scales.Length > 1 && scales.Length != g.InChannels)
                throw context.Fail($"has {scales.Length} scales for {g.InChannels} channels");
            Tensor output = context.Allocate(0, DType.Float32, shape);
            ReadOnlySpan<float> x = context.Input(2).Span<float>();
            HybridRows rows = HybridRows.Of(x, x.Length / Math.Max(1, g.Batch), isAsymmetric: true);
            var sink = new HybridSink(output, rows.Scales, Math.Max(1, output.ElementCount / Math.Max(1, g.Batch)), scales, hasBias ? context.Input(3) : null);
            if (hasBias)
                FloatConvolution.Bias(context, 3, g.InChannels);
            long[] sums = Scatter(rows.Values, weights.Read(context), g);
            for (int i = 0; i < sums.Length; i++)
                sink.Store(i, i % g.InChannels, sums[i]);
            Activated.Apply(activation, context.Writable<float>(output));
        });
    }

    /// <summary>The convolution of which this is the transpose: its input is the output here.</summary>
    public static ConvGeometry Geometry(KernelContext context, Shape filter, string padding, int strideH, int strideW, out Shape output)
    {
        output = context.Sizes(0);
        Shape input = context.Shape(2);
        if (output.Rank != 4 || filter.Rank != 4 || input.Rank != 4 || output[0] != input[0] || output[3] != filter[0] || input[3] != filter[3] || filter[3] == 0 || !output.TryElementCount(out long count) || count is 0 or > MostElements)
            throw context.Fail($"makes {output} of {context.Input(2)} by a filter {filter}, expected [n,h,w,o], [n,h,w,i] and [o,h,w,i]");
        Shape sizes = output;
        WindowAxis Axis(int d, int stride) => padding == "SAME" ? WindowAxis.Same((int)sizes[d], (int)filter[d], stride) : WindowAxis.Valid((int)sizes[d], (int)filter[d], stride);
        (WindowAxis height, WindowAxis width) = (Axis(1, strideH), Axis(2, strideW));
        if (height.Output != input[1] || width.Output != input[2])
        {
            // What the sizes do not allow by the rule is taken as the original does: windows from the first row and column on, cut to the output.
            (height, width) = (height with { Output = (int)input[1] }, width with { Output = (int)input[2] });
        }

        return ConvGeometry.Create2D((int)output[0], height, width, (int)output[3], (int)input[3]);
    }

    private static long[] Scatter(short[] x, short[] filter, ConvGeometry g)
    {
        long[] sums = new long[g.InputCount];
        int taps = g.Taps, depth = g.OutChannels;
        for (int pixel = 0; pixel < g.OutputPixels; pixel++)
        {
            int ox = pixel % g.Width.Output, oy = pixel / g.Width.Output % g.Height.Output, n = pixel / g.Width.Output / g.Height.Output;
            ReadOnlySpan<short> activations = x.AsSpan(pixel * depth, depth);
            for (int ky = 0; ky < g.Height.Kernel; ky++)
            {
                int iy = (oy * g.Height.Stride) - g.Height.PadBefore + ky;
                if ((uint)iy >= (uint)g.Height.Input)
                    continue;
                for (int kx = 0; kx < g.Width.Kernel; kx++)
                {
                    int ix = (ox * g.Width.Stride) - g.Width.PadBefore + kx;
                    if ((uint)ix >= (uint)g.Width.Input)
                        continue;
                    int at = (((n * g.Height.Input) + iy) * g.Width.Input + ix) * g.InChannels;
                    for (int o = 0; o < g.InChannels; o++)
                        sums[at + o] += IntegerDot.LongSum(activations, filter.AsSpan(((o * taps) + (ky * g.Width.Kernel) + kx) * depth, depth));
                }
            }
        }

        return sums;
    }
}
