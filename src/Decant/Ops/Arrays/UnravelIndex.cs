namespace Decant.Ops.Arrays;

/// <summary>Flat indices (a scalar or vector) into a shape (input 1) as one index per dimension: [rank] or [rank, n].</summary>
internal sealed class UnravelIndex() : Op("UnravelIndex"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        (Shape indices, Shape dims) = (context.Shape(0), context.Shape(1));
        long rank = dims.Rank == 1 ? dims[0] : Shape.UnknownDimension;
        context.Set(0, context.Input(0).DType, indices.Rank == 0 ? new Shape(rank) : indices.Rank == 1 ? new Shape(rank, indices[0]) : Shape.Unknown);
    }

    public Kernel Prepare(KernelRequest request) => Kernel.Of(static context =>
    {
        Tensor indices = context.Input(0);
        Shape dims = context.Sizes(1);
        if (indices.Shape.Rank > 1 || context.Shape(1).Rank != 1)
            throw context.Fail($"has indices {indices} and dims {context.Input(1)}, expected a scalar or vector and a vector");
        if (!dims.TryElementCount(out long count))
            throw context.Fail($"has the dims {dims}, whose product is above 2^63");
        long[] flat = context.Ints(0), unraveled = new long[flat.Length * dims.Rank];
        for (int i = 0; i < flat.Length; i++)
        {
            if (flat[i] < 0 || flat[i] >= count)
                throw context.Fail($"has the index {flat[i]}, expected one of the {count} elements of {dims}");
            long rest = flat[i];
            for (int d = dims.Rank - 1; d >= 0; d--)
                (rest, unraveled[(d * flat.Length) + i]) = Math.DivRem(rest, dims[d]);
        }

        Shape shape = indices.Shape.Rank == 0 ? new Shape(dims.Rank) : new Shape(dims.Rank, flat.Length);
        context.SetOutput(0, indices.DType == DType.Int64 ? Tensor.Wrap(unraveled, shape) : Tensor.Wrap(Array.ConvertAll(unraveled, v => (int)v), shape));
    });
}
