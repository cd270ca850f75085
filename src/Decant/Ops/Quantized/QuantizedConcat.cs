using Decant.Ops.Arrays;

namespace Decant.Ops.Quantized;

/// <summary>
/// Joins tensors along an axis (input 0) in a range that holds those of all; the integers of tensors with another range are converted. The
/// range of a signed type is symmetric.
/// </summary>
internal sealed class QuantizedConcat() : QuantizedOp("QuantizedConcat")
{
    private static readonly DType[] Types = [DType.QUInt8, DType.QInt8, DType.QInt32];

    public override Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.OutputType("T", Types);
        long count = request.Attributes.Int("N");
        if (request.InputCount != (3 * count) + 1)
            throw request.Fail($"has {request.InputCount} inputs, expected {(3 * count) + 1} for {count} tensors");
        return Kernel.Of(context => Run(context, dtype, (int)count));
    }

    protected override Shape OutputShape(InferenceContext context)
    {
        List<Shape> shapes = [];
        for (int i = 1; i <= (context.InputCount - 1) / 3; i++)
            shapes.Add(context.Shape(i));
        Shape ranked = shapes.Find(s => s.HasRank);
        return !ranked.HasRank ? Shape.Unknown
            : context.ConstantInts(0) is [var axis] ? Concat.Joined(context.Node, shapes.ConvertAll(s => s.HasRank ? s : Shape.OfRank(ranked.Rank)), axis)
            : Shape.OfRank(ranked.Rank);
    }

    private static void Run(KernelContext context, DType dtype, int count)
    {
        QuantizedType type = QuantizedType.Of(dtype)!.Value;
        List<Shape> shapes = [];
        var ranges = new QuantizedRange[count];
        var range = new QuantizedRange(float.MaxValue, float.MinValue);
        for (int i = 0; i < count; i++)
        {
            if (context.Input(i + 1).DType != dtype)
                throw context.Fail($"input {i + 1} is {context.Input(i + 1)}, expected {dtype.Name()}");
            shapes.Add(context.Shape(i + 1));
            ranges[i] = new QuantizedRange(context.Number(1 + count + i), context.Number(1 + (2 * count) + i));
            range = new QuantizedRange(Math.Min(range.Min, ranges[i].Min), Math.Max(range.Max, ranges[i].Max));
        }

        if (type.IsSigned)
            range = new QuantizedRange(-range.Magnitude, range.Magnitude);
        long axis = context.Int(0);
        Shape joined = Concat.Joined(context.Node, shapes, axis);
        int along = Axes.Normalize(context.Node, axis, joined.Rank), step = Axes.Product(joined, along, joined.Rank);
        Span<int> y = context.Integers(joined);
        for (int i = 0, start = 0; i < count; i++)
        {
            ReadOnlySpan<int> x = context.Integers(i + 1);
            int run = Axes.Product(shapes[i], along, joined.Rank);
            if (ranges[i] != range)
            {
                Span<int> converted = context.Integers(shapes[i]);
                Requantization.Run(x, type, ranges[i], converted, type, range);
                x = converted;
            }

            if (run > 0)
                Runs.Interleave(x, y, run, start, step);
            start += run;
        }

        context.Store(0, dtype, joined, y);
        context.Give(range);
    }
}
