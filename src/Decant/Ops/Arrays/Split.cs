using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>Cuts a tensor along an axis into parts of equal size (<c>Split</c>).</summary>
internal sealed class Split() : Op("Split"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        int count = (int)Math.Min(context.Attributes.Int("num_split"), ushort.MaxValue);
        Shape shape = context.Shape(1);
        Shape part = shape.HasRank ? Shape.OfRank(shape.Rank) : Shape.Unknown;
        if (shape.HasRank && context.ConstantInts(0) is [var axis])
        {
            int along = Axes.Normalize(context.Node, axis, shape.Rank);
            part = shape[along] < 0 ? shape : shape.With(along, Sizes(context.Node, shape, along, count)[0]);
        }

        for (int i = 0; i < count; i++)
            context.Set(i, context.Input(1).DType, part);
    }

    public Kernel Prepare(KernelRequest request) => new Run(request.Attributes.Int("num_split"));

    private static long[] Sizes(Node node, Shape shape, int axis, long count)
    {
        if (count < 1 || count > ushort.MaxValue || shape[axis] % count != 0)
            throw node.Fault($"dimension {axis} of shape {shape} cannot be split into {count} equal parts");
        long[] sizes = new long[count];
        Array.Fill(sizes, shape[axis] / count);
        return sizes;
    }

    private sealed class Run(long count) : MoveKernel(input: 1)
    {
        private Cut Derive(KernelContext context)
        {
            int axis = Axes.Normalize(context.Node, context.Int(0), context.Shape(1).Rank);
            return Cut.Of(context.Shape(1), axis, Sizes(context.Node, context.Shape(1), axis, count));
        }

        protected override void Move<T>(KernelContext context, DType dtype, Elements<T> elements)
        {
            Cut cut = context.Derived(this, static (kernel, c) => kernel.Derive(c), values: 1 << 0);
            cut.Move(context, context.Input(1), elements);
        }
    }
}

/// <summary>Cuts a tensor along an axis into parts of given sizes (<c>SplitV</c>); one may be -1.</summary>
internal sealed class SplitV() : Op("SplitV"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        int count = (int)Math.Min(context.Attributes.Int("num_split"), ushort.MaxValue);
        Shape shape = context.Shape(0);
        long[]? sizes = context.ConstantInts(1);
        for (int i = 0; i < count; i++)
        {
            Shape part = shape.HasRank ? Shape.OfRank(shape.Rank) : Shape.Unknown;
            if (shape.HasRank && context.ConstantInts(2) is [var axis])
            {
                int along = Axes.Normalize(context.Node, axis, shape.Rank);
                long size = sizes is null || sizes.Length <= i ? -1 : shape[along] < 0 ? sizes[i] : Resolved(context.Node, shape, along, sizes)[i];
                part = shape.With(along, size);
            }

            context.Set(i, context.Input(0).DType, part);
        }
    }

    public Kernel Prepare(KernelRequest request) => new Run();

    private static long[] Resolved(Node node, Shape shape, int axis, long[] sizes)
    {
        long[] resolved = (long[])sizes.Clone();
        long sum = sizes.Where(s => s > 0).Aggregate(0L, (a, b) => a > long.MaxValue - b ? long.MaxValue : a + b);
        if (Array.IndexOf(sizes, -1) is >= 0 and int free)
            sum += resolved[free] = Math.Max(0, shape[axis] - sum);
        return resolved.All(s => s >= 0) && sum == shape[axis] ? resolved
            : throw node.Fault($"dimension {axis} of shape {shape} is to be split into [{string.Join(',', sizes)}], expected sizes with that sum, at most one of them -1");
    }

    private sealed class Run() : MoveKernel
    {
        protected override void Move<T>(KernelContext context, DType dtype, Elements<T> elements)
        {
            Cut cut = context.Derived(this, static (_, c) => Derive(c), values: 0b110);
            cut.Move(context, context.Input(0), elements);
        }

        private static Cut Derive(KernelContext context)
        {
            int axis = Axes.Normalize(context.Node, context.Int(2), context.Shape(0).Rank);
            return Cut.Of(context.Shape(0), axis, Resolved(context.Node, context.Shape(0), axis, context.Ints(1)));
        }
    }
}

/// <summary>How a tensor of a shape is cut into parts.</summary>
/// <param name="Step">Elements from one index of the axis before the cut one to the next.</param>
/// <param name="Parts">The shapes of the parts, each with the elements of it that follow each other.</param>
internal sealed record Cut(int Step, (Shape Shape, int Run)[] Parts)
{
    /// <summary>Parts of these sizes along an axis.</summary>
    public static Cut Of(Shape shape, int axis, long[] sizes)
    {
        int inner = Axes.Product(shape, axis + 1, shape.Rank);
        return new Cut(inner * (int)shape[axis], [.. sizes.Select(size => (shape.With(axis, size), inner * (int)size))]);
    }

    public void Move<T>(KernelContext context, Tensor input, Elements<T> elements)
    {
        if (Parts.Length == 1)
        {
            context.SetOutput(0, input);
            return;
        }

        ReadOnlySpan<T> source = elements.Of(input);
        int start = 0;
        for (int i = 0; i < Parts.Length; i++)
        {
            (Shape shape, int run) = Parts[i];
            Span<T> output = elements.Allocate(context, i, input.DType, shape);
            if (run > 0)
                elements.Gather(source, output, run, start, Step);
            start += run;
        }
    }
}
