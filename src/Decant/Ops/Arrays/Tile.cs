using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>Repeats a tensor <c>multiples[i]</c> times along each dimension i.</summary>
internal sealed class Tile() : Op("Tile"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Shape shape = context.Shape(0);
        if (!shape.HasRank)
            context.Set(0, context.Input(0).DType, context.Shape(1) is { Rank: 1 } m && m[0] is >= 0 and < 255 ? Shape.OfRank((int)m[0]) : Shape.Unknown);
        else
            context.Set(0, context.Input(0).DType, context.ConstantInts(1) is { } multiples ? Tiled(context.Node, shape, multiples) : Shape.OfRank(shape.Rank));
    }

    public Kernel Prepare(KernelRequest request) => new Run();

    private static Shape Tiled(Node node, Shape shape, long[] multiples)
    {
        if (multiples.Length != shape.Rank)
            throw node.Fault($"there are {multiples.Length} multiples, expected one for each dimension of shape {shape}");
        long[] dims = new long[shape.Rank];
        for (int i = 0; i < dims.Length; i++)
        {
            if (multiples[i] is < 0 or > int.MaxValue)
                throw node.Fault($"multiple {i} is {multiples[i]}, expected at least 0");
            dims[i] = shape[i] < 0 ? -1 : shape[i] > int.MaxValue ? throw node.Fault($"shape {shape} is too large to be repeated") : shape[i] * multiples[i];
        }

        return new Shape(dims);
    }

    private sealed class Run() : MoveKernel
    {
        public override bool GivesViews => true;

        protected override void Move<T>(KernelContext context, DType dtype, Elements<T> elements)
        {
            BoxMove move = context.Derived(this, static (_, c) => Derive(c), values: 1 << 1);
            if (move.IsInput)
                context.SetOutput(0, context.Input(0));
            else
                elements.Copy(context, move.Box, elements.Of(context.Input(0)), 0, elements.Allocate(context, 0, dtype, move.Output), 0);
        }

        private static BoxMove Derive(KernelContext context)
        {
            Shape shape = context.Shape(0);
            long[] multiples = context.Ints(1);
            Shape tiled = Tiled(context.Node, shape, multiples);
            if (tiled == shape)
                return BoxMove.View(shape);
            if (!tiled.TryElementCount(out long count) || count > int.MaxValue)
                throw OpErrors.OutOfMemory.At(context.Node.At(), $"the output has shape {tiled}, more than 2^31 elements");
            int[] steps = Axes.Strides(shape.Dims);
            int[] tiledSteps = Axes.Strides(tiled.Dims);
            long[] counts = new long[2 * shape.Rank];
            int[] from = new int[counts.Length];
            int[] to = new int[counts.Length];
            for (int i = 0; i < shape.Rank; i++)
            {
                (counts[2 * i], from[2 * i], to[2 * i]) = (multiples[i], 0, tiledSteps[i] * (int)shape[i]);
                (counts[(2 * i) + 1], from[(2 * i) + 1], to[(2 * i) + 1]) = (shape[i], steps[i], tiledSteps[i]);
            }

            return new BoxMove(tiled, new Window(counts, from, to), 0, 0, false);
        }
    }
}
