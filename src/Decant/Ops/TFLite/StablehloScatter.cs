namespace Decant.Ops.TFLite;

/// <summary>STABLEHLO_SCATTER: updates go to windows of the operand, by a function of the element there and the update; those outside are left out.</summary>
internal static class StablehloScatter
{
    public static Kernel Prepare(KernelRequest request)
    {
        long[] windowDims = Stablehlo.Longs(request, "update_window_dims"), inserted = Stablehlo.Longs(request, "inserted_window_dims"), startMap = Stablehlo.Longs(request, "scatter_dims_to_operand_dims");
        int vectorDim = (int)Math.Clamp(request.Attributes.Int("index_vector_dim"), -1, int.MaxValue);
        Combination combination = Combination.OfSubgraph(request, 0, "update_computation_subgraph_index");
        return Kernel.Of(context =>
        {
            Tensor operand = context.Input(0), updates = context.Input(2);
            int rank = operand.Shape.Rank, size = operand.DType.Size();
            if (updates.DType != operand.DType || size == 0)
                throw context.Fail($"updates {operand} by {updates}, expected the same type of a fixed size");
            var indices = new StablehloIndices(context, 1, vectorDim, startMap, windowDims, inserted, rank);
            if (updates.Shape.Rank != indices.BatchDims.Length + windowDims.Length || !updates.Shape.Dims.ToArray().Where((_, d) => !windowDims.Contains(d)).SequenceEqual(indices.BatchDims))
                throw context.Fail($"has the updates {updates} for the start indices {context.Input(1)}");
            Tensor output = context.Allocate(0, operand.DType, operand.Shape);
            Span<byte> to = output.Data.AsMutable<byte>();
            operand.Data.Span.CopyTo(to);
            if (updates.ElementCount == 0)
                return;
            long[] index = new long[updates.Shape.Rank], start = new long[rank], offset = new long[rank];
            long update = 0;
            do
            {
                indices.Split(index, start, offset);
                if (Place(operand.Shape, start, offset) is >= 0 and var place)
                {
                    Tensor result = combination.Apply(context, Element(output, place), Element(updates, update));
                    result.Data.Span.CopyTo(to.Slice((int)place * size, size));
                }

                update++;
            }
            while (StablehloIndices.Next(index, updates.Shape));
        });
    }

    private static long Place(Shape shape, long[] start, long[] offset)
    {
        long place = 0;
        for (int d = 0; d < shape.Rank; d++)
        {
            long at = start[d] + offset[d];
            if (at < 0 || at >= shape[d])
                return -1;
            place = (place * shape[d]) + at;
        }

        return place;
    }

    private static Tensor Element(Tensor tensor, long index) => new(tensor.DType, Shape.Scalar, new BufferSlice(tensor.Data.Slice(index * tensor.DType.Size(), tensor.DType.Size()).Span.ToArray()));
}
