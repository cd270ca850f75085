namespace Decant.Ops.Quantized;

/// <summary>
/// Normalizes each channel of each quint8 image [N, H, W, C] to mean 0 and variance 1: (x - mean) / sqrt(variance + variance_epsilon). The
/// range is given by attributes or that of the results, at least <c>min_separation</c> wide.
/// </summary>
internal sealed class QuantizedInstanceNorm() : QuantizedOp("QuantizedInstanceNorm")
{
    public override Kernel Prepare(KernelRequest request)
    {
        NodeAttributes attributes = request.Attributes;
        request.OutputType("T", DType.QUInt8);
        (float epsilon, float separation) = (attributes.Float("variance_epsilon"), attributes.Float("min_separation"));
        QuantizedRange? given = attributes.Bool("output_range_given") ? new QuantizedRange(attributes.Float("given_y_min"), attributes.Float("given_y_max")) : null;
        if (given is { } range && !(range.Min < range.Max))
            throw request.Fail($"has the output range {range.Min} to {range.Max}, expected the second to be larger");
        return Kernel.Of(context => Run(context, epsilon, separation, given));
    }

    protected override Shape OutputShape(InferenceContext context) => context.Shape(0);

    private static void Run(KernelContext context, float epsilon, float separation, QuantizedRange? given)
    {
        Shape shape = context.Shape(0);
        if (shape.Rank != 4)
            throw context.Fail($"input 0 is {context.Input(0)}, expected [batch,height,width,channels]");
        QuantizedType type = context.Type(0);
        QuantizedRange input = context.ProperRange(1);
        ReadOnlySpan<int> x = context.Integers(0);
        Span<float> normal = context.Writable<float>(context.Scratch(DType.Float32, shape));
        (int channels, int image) = ((int)shape[3], (int)(shape[1] * shape[2] * shape[3]));
        for (int start = 0; start < x.Length; start += image)
        {
            for (int c = 0; c < channels; c++)
                Normalize(x.Slice(start, image), normal.Slice(start, image), c, channels, input.Level(type), epsilon);
        }

        QuantizedRange range = given ?? Found(normal);
        if (range.Max - range.Min < separation)
            range = range with { Max = range.Min + separation };
        var rescaling = Rescaling.ToQuantized(range, type);
        Span<int> y = context.Integers(shape);
        for (int i = 0; i < y.Length; i++)
            y[i] = rescaling.Quantize(normal[i], type);
        context.Store(0, DType.QUInt8, shape, y);
        context.Give(range);
    }

    private static void Normalize(ReadOnlySpan<int> x, Span<float> y, int channel, int channels, float level, float epsilon)
    {
        (long sum, double squares) = (0, 0);
        int count = x.Length / channels;
        for (int i = channel; i < x.Length; i += channels)
            sum += x[i];
        float mean = (float)((double)sum / count);
        for (int i = channel; i < x.Length; i += channels)
            squares += (double)(level * (x[i] - mean)) * (level * (x[i] - mean));
        float inverse = 1 / MathF.Sqrt((float)(squares / count) + epsilon);
        for (int i = channel; i < x.Length; i += channels)
            y[i] = level * (x[i] - mean) * inverse;
    }

    private static QuantizedRange Found(ReadOnlySpan<float> values)
    {
        (float min, float max) = values.IsEmpty ? (0, 0) : (float.MaxValue, float.MinValue);
        foreach (float value in values)
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
        return new QuantizedRange(min, max);
    }
}
