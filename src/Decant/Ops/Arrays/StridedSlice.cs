using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>The elements of a tensor that <see cref="StridedSliceGeometry"/> names.</summary>
internal sealed class StridedSlice() : Op("StridedSlice"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Fact input = context.Input(0);
        var masks = new StridedSliceMasks(context.Attributes);
        long entries = context.Shape(1) is { Rank: 1 } shape ? shape[0] : -1;
        if (!input.Shape.HasRank || context.ConstantInts(3) is not { } strides)
        {
            context.Set(0, input.DType, input.Shape.HasRank && entries is >= 0 and <= 32 ? Shape.OfRank(ResultRank(masks, input.Shape.Rank, (int)entries)) : Shape.Unknown);
            return;
        }

        var geometry = StridedSliceGeometry.Of(context.Node, masks, input.Shape, context.ConstantInts(1), context.ConstantInts(2), strides);
        bool isConstant = input.Shape.Rank == 1 && geometry.Final.IsFullyKnown && context.ConstantInts(1) is not null && context.ConstantInts(2) is not null;
        context.Set(0, new Fact(input.DType, geometry.Final, isConstant ? context.TakenSizes(geometry.Final, geometry.Begin[0], geometry.Stride[0]) : null));
    }

    public Kernel Prepare(KernelRequest request) => new Run(new StridedSliceMasks(request.Attributes));

    private static int ResultRank(StridedSliceMasks masks, int rank, int entries)
    {
        int result = rank;
        bool ellipsis = false;
        for (int i = 0; i < entries; i++)
        {
            if (masks.Ellipsis(i) && !ellipsis)
                ellipsis = true;
            else if (masks.NewAxis(i))
                result++;
            else if (masks.Shrink(i))
                result--;
        }

        return Math.Max(0, result);
    }

    private sealed class Run(StridedSliceMasks masks) : MoveKernel
    {
        public override bool GivesViews => true;

        protected override void Move<T>(KernelContext context, DType dtype, Elements<T> elements)
        {
            BoxMove move = context.Derived(this, static (kernel, c) => kernel.Derive(c), values: 0b1110);
            if (move.IsInput)
                context.SetOutput(0, context.Input(0).Reshaped(move.Output));
            else
                elements.Copy(context, move.Box, elements.Of(context.Input(0)), move.SourceStart, elements.Allocate(context, 0, dtype, move.Output), 0);
        }

        private BoxMove Derive(KernelContext context)
        {
            Shape shape = context.Shape(0);
            var geometry = StridedSliceGeometry.Of(context.Node, masks, shape, context.Ints(1), context.Ints(2), context.Ints(3));
            if (geometry.Counts == shape && geometry.Stride.All(s => s == 1))
                return BoxMove.View(geometry.Final);
            (int start, int[] steps) = geometry.Walk(shape);
            return new BoxMove(geometry.Final, new Window(geometry.Counts.Dims, steps, Axes.Strides(geometry.Counts.Dims)), start, 0, false);
        }
    }
}
