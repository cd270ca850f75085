namespace Decant.Ops.TFLite;

/// <summary>STABLEHLO_GATHER: windows of an operand at start indices, which are moved so that they lie inside.</summary>
internal static class StablehloGather
{
    public static Kernel Prepare(KernelRequest request)
    {
        long[] offsetDims = Stablehlo.Longs(request, "offset_dims"), collapsed = Stablehlo.Longs(request, "collapsed_slice_dims");
        long[] startMap = Stablehlo.Longs(request, "start_index_map"), sizes = Stablehlo.Longs(request, "slice_sizes");
        int vectorDim = (int)Math.Clamp(request.Attributes.Int("index_vector_dim"), -1, int.MaxValue);
        return Kernel.Of(context =>
        {
            Tensor operand = context.Input(0);
            int rank = operand.Shape.Rank, size = operand.DType.Size();
            if (sizes.Length != rank || sizes.Where((s, d) => s < 0 || s > operand.Shape[d]).Any() || size == 0)
                throw context.Fail($"takes windows of [{string.Join(',', sizes)}] of {operand}, expected a size for each dimension that fits");
            var indices = new StablehloIndices(context, 1, vectorDim, startMap, offsetDims, collapsed, rank);
            Shape shape = ResultShape(context, indices, offsetDims, sizes);
            Tensor output = context.Allocate(0, operand.DType, shape);
            if (output.ElementCount == 0)
                return;
            ReadOnlySpan<byte> from = operand.Data.Span;
            Span<byte> to = output.Data.AsMutable<byte>();
            long[] index = new long[shape.Rank], start = new long[rank], offset = new long[rank];
            int at = 0;
            do
            {
                indices.Split(index, start, offset);
                long source = 0;
                for (int d = 0; d < rank; d++)
                    source = (source * operand.Shape[d]) + Math.Clamp(start[d], 0, operand.Shape[d] - sizes[d]) + offset[d];
                from.Slice((int)source * size, size).CopyTo(to[at..]);
                at += size;
            }
            while (StablehloIndices.Next(index, shape));
        });
    }

    private static Shape ResultShape(KernelContext context, StablehloIndices indices, long[] offsetDims, long[] sizes)
    {
        long[] result = new long[indices.BatchDims.Length + offsetDims.Length];
        if (offsetDims.Any(d => d < 0 || d >= result.Length))
            throw context.Fail($"puts windows into the dimensions [{string.Join(',', offsetDims)}] of {result.Length}");
        int batch = 0;
        for (int d = 0; d < result.Length; d++)
            result[d] = Array.IndexOf(offsetDims, (long)d) is >= 0 and var window ? sizes[indices.OperandDims[window]] : indices.BatchDims[batch++];
        return new Shape(result);
    }
}
