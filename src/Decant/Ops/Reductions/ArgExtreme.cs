using System.Numerics;
using Decant.Kernels.Threading;

namespace Decant.Ops.Reductions;

/// <summary>ArgMax and ArgMin: the first index of the largest or smallest element along an axis; NaN is never chosen, unless there is nothing else.</summary>
internal sealed class ArgExtreme(string name, bool largest) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Shape input = context.Shape(0), output = Shape.Unknown;
        if (input.HasRank && context.ConstantInts(1) is [var axis])
        {
            output = ReductionGeometry.Create(input, [axis], keepDims: false, out _)?.Output ?? throw context.Fail(WrongAxis(axis, input));
        }
        else if (input.Rank > 0)
        {
            output = Shape.OfRank(input.Rank - 1);
        }

        context.Set(0, OutputType(context.Attributes), output);
    }

    public Kernel Prepare(KernelRequest request)
    {
        DType output = OutputType(request.Attributes);
        if (output is not (DType.Int16 or DType.UInt16 or DType.Int32 or DType.Int64))
            throw request.Fail($"gives indices as {output.Name()}, expected int16, uint16, int32 or int64");
        return ElementKernels.Choose(request, dtype => dtype == DType.Bool
            ? Kernel.Of(context => Run(context, output, context.Input(0).Reinterpreted(DType.UInt8).Span<byte>()))
            : ElementKernels.Number(dtype, new NumberKernels(this, output)));
    }

    private static DType OutputType(NodeAttributes attributes) => attributes.Has("output_type") ? attributes.Type("output_type") : DType.Int64;

    private static string WrongAxis(long axis, Shape input) => $"looks along axis {axis} of shape {input}, expected an axis in [{-input.Rank}, {input.Rank})";

    private void Run<T>(KernelContext context, DType outputType, ReadOnlySpan<T> x)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        (Shape shape, int length, int inner) = context.Derived(this, static (_, c) => Derive(c), values: 1 << 1);
        Tensor output = context.Allocate(0, outputType, shape);
        int count = (int)output.ElementCount;
        if (count > 0 && length == 0)
            throw context.Fail($"looks along axis {context.Int(1)} of shape {context.Shape(0)}, expected at least one element");
        if (inner == 1 && (typeof(T) == typeof(byte) || typeof(T) == typeof(sbyte)) && outputType is (DType.Int32 or DType.Int64))
        {
            if (outputType == DType.Int64)
                Rows(x, output.Mutable<long>(), length, context.Pool);
            else
                Rows(x, output.Mutable<int>(), length, context.Pool);
            return;
        }

        for (int i = 0; i < count; i++)
            Store(output, i, First(x, (i / inner * length * inner) + (i % inner), length, inner));
    }

    private void Rows<T, TIndex>(ReadOnlySpan<T> x, Span<TIndex> y, int length, WorkerPool pool)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
        where TIndex : unmanaged, INumber<TIndex>
    {
        if (largest)
            Kernels.Reduce.ArgExtreme.Max(x, y, y.Length, length, 1, pool);
        else
            Kernels.Reduce.ArgExtreme.Min(x, y, y.Length, length, 1, pool);
    }

    private static Lines Derive(KernelContext context)
    {
        Shape shape = context.Shape(0);
        long axis = context.Int(1);
        ReductionGeometry geometry = ReductionGeometry.Create(shape, [axis], keepDims: false, out _) ?? throw context.Fail(WrongAxis(axis, shape));
        int at = (int)(axis < 0 ? axis + shape.Rank : axis), inner = 1;
        for (int d = at + 1; d < shape.Rank; d++)
            inner *= (int)shape[d];
        return new Lines(geometry.Output, (int)shape[at], inner);
    }

    /// <summary>The shape of the result, and the elements that each of it is the extreme of: how many, and how far apart.</summary>
    private sealed record Lines(Shape Output, int Length, int Step);

    private int First<T>(ReadOnlySpan<T> x, int start, int length, int step)
        where T : INumber<T>
    {
        int best = 0;
        T extreme = x[start];
        for (int i = 1; i < length; i++)
        {
            T value = x[start + (i * step)];
            if ((largest ? value > extreme : value < extreme) || (T.IsNaN(extreme) && !T.IsNaN(value)))
                (best, extreme) = (i, value);
        }

        return best;
    }

    private static void Store(Tensor output, int at, int value)
    {
        switch (output.DType)
        {
            case DType.Int64:
                output.Mutable<long>()[at] = value;
                break;
            case DType.Int32:
                output.Mutable<int>()[at] = value;
                break;
            case DType.UInt16:
                output.Mutable<ushort>()[at] = (ushort)value;
                break;
            default:
                output.Mutable<short>()[at] = (short)value;
                break;
        }
    }

    private readonly struct NumberKernels(ArgExtreme op, DType output) : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            (ArgExtreme extreme, DType type) = (op, output);
            return Kernel.Of(context => extreme.Run(context, type, context.Input(0).Span<T>()));
        }
    }
}
