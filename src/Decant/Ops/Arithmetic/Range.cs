using System.Numerics;
using Decant.IR;

namespace Decant.Ops.Arithmetic;

/// <summary>start, start + delta, ... up to but without limit.</summary>
internal sealed class Range() : Op("Range"), IInfersFacts, IHasKernel
{
    // Larger ranges are not worth holding as facts.
    private const int MaxConstant = 256;

    public void Infer(InferenceContext context)
    {
        DType dtype = context.ElementType(0, "Tidx");
        if (context.Constant(0) is not { ElementCount: 1 } start || context.Constant(1) is not { ElementCount: 1 } limit || context.Constant(2) is not { ElementCount: 1 } delta)
        {
            context.Set(0, dtype, Shape.OfRank(1));
            return;
        }

        if (dtype is DType.Int32 or DType.Int64)
        {
            long from = TensorInts.Read(start, context.Node)[0], step = TensorInts.Read(delta, context.Node)[0];
            long count = WholeCount(from, TensorInts.Read(limit, context.Node)[0], step) ?? throw context.Fail(NoStep);
            context.Set(0, count > MaxConstant ? new Fact(dtype, new Shape(count)) : Fact.Of(Small(dtype, from, step, count)));
        }
        else if (dtype is DType.Float32)
        {
            context.Set(0, dtype, Count(start.Span<float>()[0], limit.Span<float>()[0], delta.Span<float>()[0]) is { } count ? new Shape(count) : throw context.Fail(NoStep));
        }
        else
        {
            context.Set(0, dtype, Shape.OfRank(1));
        }
    }

    public Kernel Prepare(KernelRequest request) =>
        ElementKernels.Choose(request, request.ElementType(0, "Tidx"), static dtype => ElementKernels.Number(dtype, default(NumberKernels)));

    private const string NoStep = "has a delta of 0, or one that does not lead from start to limit";

    private static Tensor Small(DType dtype, long start, long step, long count)
    {
        long[] values = new long[count];
        for (int i = 0; i < values.Length; i++)
            values[i] = start + (i * step);
        return dtype == DType.Int64 ? Tensor.Wrap(values) : Tensor.Wrap(Array.ConvertAll(values, static v => (int)v));
    }

    private static void Run<T>(KernelContext context)
        where T : unmanaged, INumber<T>
    {
        T start = Scalar<T>(context, 0), delta = Scalar<T>(context, 2);
        Span<T> y = context.Output<T>(0, context.Derived(context.Node, static (_, c) => new DerivedShape(Length<T>(c)), values: 0b111).Shape);
        T value = start;
        for (int i = 0; i < y.Length; i++, value += delta)
            y[i] = value;
    }

    private static Shape Length<T>(KernelContext context)
        where T : unmanaged, INumber<T>
    {
        T start = Scalar<T>(context, 0), limit = Scalar<T>(context, 1), delta = Scalar<T>(context, 2);
        long? count = typeof(T) == typeof(float) || typeof(T) == typeof(double)
            ? Count(double.CreateTruncating(start), double.CreateTruncating(limit), double.CreateTruncating(delta))
            : WholeCount(Int128.CreateTruncating(start), Int128.CreateTruncating(limit), Int128.CreateTruncating(delta));
        return new Shape(count ?? throw context.Fail(NoStep));
    }

    private static T Scalar<T>(KernelContext context, int index)
        where T : unmanaged => context.Input(index).Span<T>() is [var value] ? value : throw context.Fail($"input {index} is {context.Input(index)}, expected a scalar");

    // ⌈(limit - start) / delta⌉; null when delta is 0 or points away from limit.
    private static long? WholeCount(Int128 start, Int128 limit, Int128 delta)
    {
        Int128 distance = limit - start;
        if (delta == 0 || (distance != 0 && Int128.IsNegative(distance) != Int128.IsNegative(delta)))
            return null;
        Int128 count = distance == 0 ? 0 : ((Int128.Abs(distance) - 1) / Int128.Abs(delta)) + 1;
        return count > long.MaxValue ? null : (long)count;
    }

    private static long? Count(double start, double limit, double delta)
    {
        double count = Math.Ceiling(Math.Abs((limit - start) / delta));
        return delta == 0 || !(count < long.MaxValue) || (start != limit && start < limit != delta > 0) ? null : (long)count;
    }

    private readonly struct NumberKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => Kernel.Of(Run<T>);
    }
}
