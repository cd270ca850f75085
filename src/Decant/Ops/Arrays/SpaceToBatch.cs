namespace Decant.Ops.Arrays;

/// <summary>
/// Moves blocks of the dimensions after the first into the batch (<c>SpaceToBatch</c>, <c>SpaceToBatchND</c>) or back
/// (<c>BatchToSpace</c>, <c>BatchToSpaceND</c>). The ND ops are given a size for each of M dimensions, the others one
/// <c>block_size</c> for two.
/// </summary>
internal sealed class SpaceToBatch(string name, bool isND, bool toBlocks) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Shape shape = context.Shape(0);
        long[]? block = isND ? context.ConstantInts(1) : Square(context.Attributes);
        long[]? amounts = context.ConstantInts(isND ? 2 : 1);
        Shape result = !shape.HasRank ? shape : Shape.OfRank(shape.Rank);
        if (shape.HasRank && block is not null && amounts is not null)
            result = toBlocks ? BlockShuffle.FromSpace(context.Node, shape, block, amounts).Blocks : BlockShuffle.FromBlocks(context.Node, shape, block, amounts).Space;
        context.Set(0, context.Input(0).DType, result);
    }

    public Kernel Prepare(KernelRequest request) => new Run(isND ? null : Square(request.Attributes), toBlocks);

    private static long[] Square(NodeAttributes attributes) => [attributes.Int("block_size"), attributes.Int("block_size")];

    private sealed class Run(long[]? block, bool toBlocks) : MoveKernel
    {
        protected override void Move<T>(KernelContext context, DType dtype, Elements<T> elements)
        {
            BlockShuffle shuffle = context.Derived(this, static (kernel, c) => kernel.Derive(c), values: block is null ? 0b110u : 0b10);
            Span<T> output = elements.AllocateZeros(context, 0, dtype, toBlocks ? shuffle.Blocks : shuffle.Space);
            shuffle.Copy(elements.Of(context.Input(0)), output);
        }

        private BlockShuffle Derive(KernelContext context)
        {
            long[] sizes = block ?? context.Ints(1);
            long[] amounts = context.Ints(block is null ? 2 : 1);
            return toBlocks ? BlockShuffle.FromSpace(context.Node, context.Shape(0), sizes, amounts) : BlockShuffle.FromBlocks(context.Node, context.Shape(0), sizes, amounts);
        }
    }
}
