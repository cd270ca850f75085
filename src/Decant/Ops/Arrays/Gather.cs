using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>
/// Slices of params at indices along an axis: params[b, :axis] + indices[b:] + params[axis+1:], where the first
/// <c>batch_dims</c> dimensions of params and indices are the same. <c>Gather</c> has axis 0.
/// </summary>
internal sealed class Gather(string name) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Fact parameters = context.Input(0);
        Shape indices = context.Shape(1);
        if (!parameters.Shape.HasRank || !indices.HasRank)
        {
            context.Set(0, parameters.DType, Shape.Unknown);
            return;
        }

        long batch = BatchDims(context.Attributes);
        if ((context.InputCount > 2 ? context.ConstantInts(2) : [0]) is [var axis])
        {
            GatherGeometry geometry = GatherGeometry.Of(context.Node, parameters.Shape, indices, axis, batch);
            context.Set(0, parameters.DType, geometry.Output);
        }
        else
        {
            context.Set(0, parameters.DType, Shape.OfRank(Math.Max(0, parameters.Shape.Rank - 1 + indices.Rank - (int)(batch < 0 ? batch + indices.Rank : batch))));
        }
    }

    public Kernel Prepare(KernelRequest request) => new Run(BatchDims(request.Attributes));

    private static long BatchDims(NodeAttributes attributes) => attributes.Has("batch_dims") ? attributes.Int("batch_dims") : 0;

    private sealed class Run(long batchDims) : MoveKernel
    {
        protected override void Move<T>(KernelContext context, DType dtype, Elements<T> elements)
        {
            Shape shape = context.Shape(0);
            GatherGeometry geometry = context.Derived(this, static (kernel, c) => kernel.Derive(c), values: 1 << 2);
            Span<T> output = elements.Allocate(context, 0, dtype, geometry.Output);
            ReadOnlySpan<T> source = elements.Of(context.Input(0));
            ReadOnlySpan<long> indices = TensorInts.Wide(context, 1);
            int size = (int)shape[geometry.Axis];
            for (int i = 0; i < indices.Length; i++)
            {
                if ((ulong)indices[i] >= (ulong)size)
                    throw context.Fail($"indices[{i}] = {indices[i]}, expected one in [0, {size}) for dimension {geometry.Axis} of shape {shape}");
            }

            int batches = Axes.Product(shape, 0, geometry.Batch);
            int outer = Axes.Product(shape, geometry.Batch, geometry.Axis);
            int run = Axes.Product(shape, geometry.Axis + 1, shape.Rank);
            int perBatch = Axes.Product(context.Shape(1), geometry.Batch, context.Shape(1).Rank);
            int to = 0;
            for (int b = 0; b < batches; b++)
            {
                for (int o = 0; o < outer; o++)
                {
                    ReadOnlySpan<T> rows = source.Slice(((b * outer) + o) * size * run, size * run);
                    foreach (long index in indices.Slice(b * perBatch, perBatch))
                    {
                        if (run == 1)
                            output[to] = rows[(int)index];
                        else
                            rows.Slice((int)index * run, run).CopyTo(output[to..]);
                        to += run;
                    }
                }
            }
        }

        private GatherGeometry Derive(KernelContext context) =>
            GatherGeometry.Of(context.Node, context.Shape(0), context.Shape(1), context.InputCount > 2 ? context.Int(2) : 0, batchDims);
    }
}

/// <summary>What a gather reads and gives.</summary>
internal sealed record GatherGeometry(int Axis, int Batch, Shape Output)
{
    /// <summary>The geometry for shapes of known rank.</summary>
    public static GatherGeometry Of(Node node, Shape parameters, Shape indices, long axis, long batchDims)
    {
        if (parameters.Rank == 0)
            throw node.Fault("params is a scalar, expected at least one dimension");
        int along = Axes.Normalize(node, axis, parameters.Rank);
        long batch = batchDims < 0 ? batchDims + indices.Rank : batchDims;
        if (batch < 0 || batch > indices.Rank || batch > along)
            throw node.Fault($"batch_dims is {batchDims}, expected at most the axis {along} and the rank of the indices {indices.Rank}");
        int b = (int)batch;
        for (int i = 0; i < b; i++)
        {
            if (parameters[i] >= 0 && indices[i] >= 0 && parameters[i] != indices[i])
                throw node.Fault($"params has shape {parameters} and indices {indices}, expected the first {b} dimensions to be the same");
        }

        return new(along, b, new Shape([.. parameters.Dims[..along], .. indices.Dims[b..], .. parameters.Dims[(along + 1)..]]));
    }
}
