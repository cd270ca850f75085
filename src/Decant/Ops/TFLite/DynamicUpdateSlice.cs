namespace Decant.Ops.TFLite;

/// <summary>DYNAMIC_UPDATE_SLICE: a copy of the operand with a block replaced; the block is moved so that it fits.</summary>
internal static class DynamicUpdateSlice
{
    public static Kernel Prepare(KernelRequest request) => Kernel.Of(context =>
    {
        Tensor operand = context.Input(0), update = context.Input(1);
        long[] start = context.Ints(2);
        Shape shape = operand.Shape, block = update.Shape;
        if (block.Rank != shape.Rank || start.Length != shape.Rank || operand.DType != update.DType)
            throw context.Fail($"writes {update} into {operand} at {start.Length} positions, expected one rank and type");
        for (int d = 0; d < start.Length; d++)
        {
            if (block[d] > shape[d])
                throw context.Fail($"writes {update} into {operand}, which is smaller");
            start[d] = Math.Clamp(start[d], 0, shape[d] - block[d]);
        }

        Tensor output = context.Allocate(0, operand.DType, shape);
        operand.Data.Copy(output.Data);
        if (update.ElementCount == 0)
            return;
        int size = operand.DType.Size();
        long row = shape.Rank == 0 ? 1 : block[-1];
        Span<byte> to = output.Data.AsMutable<byte>();
        ReadOnlySpan<byte> from = update.Data.Span;
        long[] index = new long[shape.Rank];
        for (long r = 0; r < update.ElementCount / row; r++)
        {
            long at = 0;
            for (int d = 0; d < shape.Rank; d++)
                at = (at * shape[d]) + start[d] + index[d];
            from.Slice((int)(r * row * size), (int)(row * size)).CopyTo(to[(int)(at * size)..]);
            for (int d = shape.Rank - 2; d >= 0 && ++index[d] == block[d]; d--)
                index[d] = 0;
        }
    });
}
