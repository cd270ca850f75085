using System.Numerics;

namespace Decant.Ops.Sparse;

/// <summary>The larger or smaller of two sparse tensors of one dense shape, element by element; where only one has a value, the other counts as 0.</summary>
internal sealed class SparseSparseExtreme(string name, bool max) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        context.Set(0, DType.Int64, new Shape(Shape.UnknownDimension, context.Dimension(0, 1)));
        context.Set(1, context.Input(1).DType, Shape.OfRank(1));
    }

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.ElementType(1);
        return NumberKernel.Of(request, dtype, new Code(dtype, max));
    }

    private sealed record Code(DType DType, bool Max) : INumberKernel
    {
        public void Run<T>(KernelContext context)
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            SparseInput a = SparseInput.Of(context, 0), b = SparseInput.Of(context, 3);
            if (a.Dense != b.Dense || a.Values.DType != b.Values.DType)
                throw context.Fail($"has sparse tensors of {a.Values.DType.Name()}{a.Dense} and {b.Values.DType.Name()}{b.Dense}, expected one type and dense shape");
            var merged = new SortedDictionary<long, (T A, T B)>();
            ReadOnlySpan<T> x = context.WorkInput(1).Span<T>(), y = context.WorkInput(4).Span<T>();
            for (int i = 0; i < x.Length; i++)
                merged[a.Offset(i)] = (x[i], T.Zero);
            for (int i = 0; i < y.Length; i++)
                merged[b.Offset(i)] = (merged.TryGetValue(b.Offset(i), out (T A, T B) both) ? both.A : T.Zero, y[i]);
            Span<long> indices = context.Output<long>(0, new Shape(merged.Count, a.Rank));
            Tensor values = context.BeginOutput(1, DType, new Shape(merged.Count));
            Span<T> z = context.Writable<T>(values);
            int row = 0;
            foreach ((long offset, (T left, T right)) in merged)
            {
                long rest = offset;
                for (int d = a.Rank - 1; d >= 0; d--)
                    (rest, indices[(row * a.Rank) + d]) = Math.DivRem(rest, a.Dense[d]);
                z[row++] = Max ? T.Max(left, right) : T.Min(left, right);
            }

            context.EndOutput(1, DType, values);
        }
    }
}
