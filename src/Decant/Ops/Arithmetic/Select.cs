using Decant.Kernels.Elementwise;

namespace Decant.Ops.Arithmetic;

/// <summary>
/// Chooses elements of t where the condition holds and of e elsewhere. SelectV2 broadcasts all three. Select asks for one
/// shape of t and e and a condition of that shape, a scalar, or a vector that chooses whole rows.
/// </summary>
internal sealed class Select(string name, bool broadcasts) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Shape shape = broadcasts
            ? Broadcasting.Of(context, context.Shape(0), Broadcasting.Of(context, context.Shape(1), context.Shape(2)))
            : context.Shape(1).IsFullyKnown ? context.Shape(1) : context.Shape(2).HasRank ? context.Shape(2) : context.Shape(1);
        context.Set(0, context.ElementType(1), shape);
    }

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.ElementType(1);
        return dtype.HasFixedSize()
            ? ElementKernels.Choose(request, dtype, d => ElementKernels.AnySize(d, new SizedKernels(this)))
            : Kernel.Of(RunObjects);
    }

    private void Run<T>(KernelContext context)
        where T : unmanaged
    {
        Tensor condition = context.Input(0), a = context.Input(1), b = context.Input(2);
        Require(context, a, b);
        Choice choice = context.Derived(this, static (op, c) => op.Derive(c));
        Tensor output = context.Allocate(0, a.DType, choice.Shape);
        ReadOnlySpan<bool> chosen = condition.Span<bool>();
        if (output.ElementCount > 0)
            Selection.Run(chosen, a.Data.As<T>(), b.Data.As<T>(), output.Data.AsMutable<T>(), choice.Plan, context.Pool);
    }

    private Choice Derive(KernelContext context)
    {
        Shape condition = context.Shape(0), a = context.Shape(1), b = context.Shape(2), shape = OutputShape(context, condition, a, b);
        return new Choice(shape, BroadcastPlan.Create(MaskShape(condition, shape).Dims, a.Dims, b.Dims));
    }

    private sealed record Choice(Shape Shape, BroadcastPlan Plan);

    private void RunObjects(KernelContext context)
    {
        Tensor condition = context.Input(0), a = context.Input(1), b = context.Input(2);
        Shape shape = OutputShape(context, condition.Shape, a.Shape, b.Shape);
        Require(context, a, b);
        ReadOnlySpan<bool> chosen = condition.Span<bool>();
        long[] mask = BroadcastIndex.Of(context, MaskShape(condition.Shape, shape), shape), left = BroadcastIndex.Of(context, a.Shape, shape), right = BroadcastIndex.Of(context, b.Shape, shape);
        if (a.DType == DType.String)
        {
            var strings = new ReadOnlyMemory<byte>[mask.Length];
            for (int i = 0; i < strings.Length; i++)
                strings[i] = chosen[(int)mask[i]] ? a.Strings[(int)left[i]] : b.Strings[(int)right[i]];
            context.SetOutput(0, new Tensor(shape, strings));
            return;
        }

        object?[] handles = new object?[mask.Length];
        for (int i = 0; i < handles.Length; i++)
            handles[i] = chosen[(int)mask[i]] ? a.Handles[(int)left[i]] : b.Handles[(int)right[i]];
        context.SetOutput(0, new Tensor(a.DType, shape, handles));
    }

    private static void Require(KernelContext context, Tensor a, Tensor b)
    {
        if (a.DType != b.DType)
            throw context.Fail($"chooses between {a} and {b}, expected one element type");
    }

    private Shape OutputShape(KernelContext context, Shape condition, Shape a, Shape b)
    {
        if (broadcasts)
            return Broadcasting.Of(context, condition, Broadcasting.Of(context, a, b));
        if (a != b || !(condition == a || condition.Rank == 0 || (condition.Rank == 1 && a.Rank > 0 && condition[0] == a[0])))
            throw context.Fail($"chooses by a condition of shape {condition} between {a} and {b}, expected one shape, or a condition that is a scalar or has an element per row");
        return a;
    }

    private Shape MaskShape(Shape condition, Shape output)
    {
        if (broadcasts || condition.Rank != 1 || output.Rank == 1)
            return condition;
        long[] dims = new long[output.Rank];
        Array.Fill(dims, 1);
        dims[0] = condition[0];
        return new Shape(dims);
    }

    private readonly struct SizedKernels(Select op) : IElementKernels
    {
        public Kernel Make<T>()
            where T : unmanaged => Kernel.Of(op.Run<T>);
    }
}
