using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>The box of a tensor that starts at <c>begin</c> and has <c>size</c>; a size of -1 goes to the end.</summary>
internal sealed class Slice() : Op("Slice"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Shape shape = context.Shape(0);
        long[]? begin = context.ConstantInts(1);
        long[]? size = context.ConstantInts(2);
        int rank = shape.HasRank ? shape.Rank : begin?.Length ?? size?.Length ?? -1;
        if (rank < 0)
        {
            context.Set(0, context.Input(0).DType, Shape.Unknown);
            return;
        }

        if (shape.IsFullyKnown && begin is not null && size is not null)
        {
            Shape box = Sizes(context.Node, shape, begin, size);
            context.Set(0, new Fact(context.Input(0).DType, box, box.Rank == 1 ? context.TakenSizes(box, begin[0], 1) : null));
            return;
        }

        long[] dims = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            dims[i] = size is null || size.Length <= i ? -1 : size[i];
            if (dims[i] < 0 && size is not null && begin is not null && begin.Length > i && shape.HasRank && shape[i] >= begin[i])
                dims[i] = shape[i] - begin[i];
        }

        context.Set(0, context.Input(0).DType, new Shape(dims));
    }

    public Kernel Prepare(KernelRequest request) => new Run();

    private static Shape Sizes(Node node, Shape shape, long[] begin, long[] size)
    {
        if (begin.Length != shape.Rank || size.Length != shape.Rank)
            throw node.Fault($"begin has {begin.Length} elements and size {size.Length}, expected {shape.Rank} for input shape {shape}");
        long[] dims = new long[shape.Rank];
        for (int i = 0; i < dims.Length; i++)
        {
            dims[i] = size[i] == -1 ? shape[i] - begin[i] : size[i];
            if (begin[i] < 0 || begin[i] > shape[i] || dims[i] < 0 || dims[i] > shape[i] - begin[i])
                throw node.Fault($"the slice begins at {begin[i]} and has size {size[i]} in dimension {i}, which is not inside of the input shape {shape}");
        }

        return new Shape(dims);
    }

    private sealed class Run() : MoveKernel
    {
        protected override void Move<T>(KernelContext context, DType dtype, Elements<T> elements)
        {
            Shape shape = context.Shape(0);
            long[] begin = context.Ints(1);
            Shape sliced = Sizes(context.Node, shape, begin, context.Ints(2));
            if (sliced == shape)
            {
                context.SetOutput(0, context.Input(0));
                return;
            }

            int[] steps = Axes.Strides(shape.Dims);
            int start = 0;
            for (int i = 0; i < begin.Length; i++)
                start += (int)begin[i] * steps[i];
            Span<T> output = elements.Allocate(context, 0, dtype, sliced);
            elements.Copy(context, new Window(sliced.Dims, steps, Axes.Strides(sliced.Dims)), elements.Of(context.Input(0)), start, output, 0);
        }
    }
}
