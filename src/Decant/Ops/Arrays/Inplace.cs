using System.Numerics;

namespace Decant.Ops.Arrays;

/// <summary>x with row i[k] replaced by (or plus, minus) row k of v. The input is left as it was.</summary>
internal sealed class Inplace(string name) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, context.Input(0).DType, context.Shape(0));

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.ElementType();
        return NumberKernel.Of(request, dtype, new Code(dtype, Name.Name));
    }

    private static void Run<T>(KernelContext context, DType dtype, Func<T, T, T> combine)
        where T : unmanaged
    {
        (Shape x, Shape v) = (context.Shape(0), context.Shape(2));
        long[] rows = context.Ints(1);
        if (x.Rank < 1 || v.Rank != x.Rank || !v.Dims[1..].SequenceEqual(x.Dims[1..]) || v[0] != rows.Length || context.Shape(1).Rank != 1 || context.Input(2).DType != context.Input(0).DType)
            throw context.Fail($"has x {context.Input(0)}, i {context.Input(1)} and v {context.Input(2)}, expected as many indices as rows of v, whose rows have the shape of those of x");
        ReadOnlySpan<T> from = context.WorkInput(2).Span<T>();
        Tensor output = context.BeginOutput(0, dtype, x);
        Span<T> y = context.Writable<T>(output);
        context.WorkInput(0).Span<T>().CopyTo(y);
        int run = rows.Length == 0 ? 0 : from.Length / rows.Length;
        for (int k = 0; k < rows.Length; k++)
        {
            // TensorFlow takes an index modulo the number of rows.
            if (x[0] == 0)
                throw context.Fail($"has the index {rows[k]} into {context.Input(0)}, which has no rows");
            int row = (int)(((rows[k] % x[0]) + x[0]) % x[0]);
            for (int i = 0; i < run; i++)
                y[(row * run) + i] = combine(y[(row * run) + i], from[(k * run) + i]);
        }

        context.EndOutput(0, dtype, output);
    }

    private sealed record Code(DType DType, string Op) : INumberKernel
    {
        public void Run<T>(KernelContext context)
            where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
            Inplace.Run<T>(context, DType, Op switch { "InplaceAdd" => static (a, b) => a + b, "InplaceSub" => static (a, b) => a - b, _ => static (_, b) => b });
    }
}
