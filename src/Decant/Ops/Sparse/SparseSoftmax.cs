using System.Numerics;

namespace Decant.Ops.Sparse;

/// <summary>The softmax of the values along the last dimension, of those that are there: exp(x - max) / sum. Gives the values alone, in their order.</summary>
internal sealed class SparseSoftmax() : Op("SparseSoftmax"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, context.Input(1).DType, context.Shape(1));

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.ElementType(1);
        return NumberKernel.Of(request, dtype, new Code(dtype));
    }

    private sealed record Code(DType DType) : IFloatKernel
    {
        public void Run<T>(KernelContext context)
            where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            SparseInput sparse = SparseInput.Of(context, 0);
            if (sparse.Rank < 2)
                throw context.Fail($"has a sparse tensor of dense shape {sparse.Dense}, expected rank 2 or more");
            ReadOnlySpan<T> x = context.WorkInput(1).Span<T>();
            Tensor output = context.BeginOutput(0, DType, context.Shape(1));
            Span<T> y = context.Writable<T>(output);
            int[] order = sparse.Order();
            for (int start = 0, end; start < order.Length; start = end)
            {
                (T largest, T sum) = (x[order[start]], T.Zero);
                for (end = start; end < order.Length && sparse.Index(order[end])[..^1].SequenceEqual(sparse.Index(order[start])[..^1]); end++)
                    largest = T.Max(largest, x[order[end]]);
                for (int i = start; i < end; i++)
                    sum += y[order[i]] = T.Exp(x[order[i]] - largest);
                for (int i = start; i < end; i++)
                    y[order[i]] /= sum;
            }

            context.EndOutput(0, DType, output);
        }
    }
}
