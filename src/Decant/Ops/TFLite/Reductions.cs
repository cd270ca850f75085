using System.Numerics;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>Reductions along axes, arguments of extremes, and sums along segments.</summary>
internal static class Reductions
{
    public static IEnumerable<Op> All =>
    [
        new TFLiteOp("ARG_MAX", r => Arg(r, "ArgMax")),
        new TFLiteOp("ARG_MIN", r => Arg(r, "ArgMin")),
        new TFLiteOp("CUMSUM", r => new Translation(r, "Cumsum").In(0, 1).Type("T", 0).Type("Tidx", 1).Set("exclusive", r.Attributes.Bool("exclusive")).Set("reverse", r.Attributes.Bool("reverse")).Prepare()),
        new TFLiteOp("MEAN", r => r.IsQuantized(0) ? Sums(r, isMean: true) : Reduce(r, "Mean")),
        new TFLiteOp("REDUCE_ALL", r => Reduce(r, "All")),
        new TFLiteOp("REDUCE_ANY", r => Reduce(r, "Any")),
        new TFLiteOp("REDUCE_MAX", r => Reduce(r, "Max")),
        new TFLiteOp("REDUCE_MIN", r => Reduce(r, "Min")),
        new TFLiteOp("REDUCE_PROD", r => r.IsQuantized(0) ? Product(r) : Reduce(r, "Prod")),
        new TFLiteOp("SEGMENT_SUM", Moves.Translated("SegmentSum", "T", "Tindices")),
        new TFLiteOp("SUM", r => r.IsQuantized(0) ? Sums(r, isMean: false) : Reduce(r, "Sum")),
        new TFLiteOp("UNSORTED_SEGMENT_MAX", Moves.Translated("UnsortedSegmentMax", "T", "Tindices", "Tnumsegments")),
        new TFLiteOp("UNSORTED_SEGMENT_MIN", Moves.Translated("UnsortedSegmentMin", "T", "Tindices", "Tnumsegments")),
        new TFLiteOp("UNSORTED_SEGMENT_PROD", Moves.Translated("UnsortedSegmentProd", "T", "Tindices", "Tnumsegments")),
        new TFLiteOp("UNSORTED_SEGMENT_SUM", Moves.Translated("UnsortedSegmentSum", "T", "Tindices", "Tnumsegments")),
    ];

    private static Kernel Reduce(KernelRequest request, string op)
    {
        Kernel reduce = new Translation(request, op).In(0, 1).Type("T", 0).Type("Tidx", 1).Set("keep_dims", request.Attributes.Bool("keep_dims")).Prepare();
        return Kernel.Of(context =>
        {
            // A scalar has no axes: whatever is asked for, it stays.
            if (context.Shape(0).Rank == 0)
                context.SetOutput(0, context.Input(0));
            else if (context.Input(0) is { DType: DType.Float32, ElementCount: 0 } && op is "Max" or "Min")
                FillFinite(context, reduce, op == "Max" ? float.MinValue : float.MaxValue);
            else
                reduce.Run(context);
        });
    }

    /// <summary>The greatest of no elements is the least number, not infinity.</summary>
    private static void FillFinite(KernelContext context, Kernel reduce, float value)
    {
        var made = new Made(context);
        reduce.Run(made);
        if (made.Output is { } output)
            context.Writable<float>(output).Fill(value);
    }

    private sealed class Made(KernelContext inner) : ContextWrapper(inner)
    {
        public Tensor? Output { get; private set; }

        public override Tensor Allocate(int port, DType dtype, Shape shape) => Output = Inner.Allocate(port, dtype, shape);
    }

    private static Kernel Arg(KernelRequest request, string op) =>
        new Translation(request, op).In(0, 1).Type("T", 0).Type("Tidx", 1).Set("output_type", request.OutputType()).Prepare();

    /// <summary>The shape of the result, and for each element of the input the element of the result it belongs to.</summary>
    private static (Shape Shape, int[] Targets, long Count) Geometry(KernelContext context, bool keep)
    {
        Shape input = context.Shape(0);
        HashSet<long> axes = [.. context.Ints(1).Select(a => a < 0 ? a + input.Rank : a)];
        if (axes.Any(a => a < 0 || a >= input.Rank))
            throw context.Fail($"reduces axes [{string.Join(',', axes)}] of the shape {input}");
        var dims = new List<long>();
        long[] steps = new long[input.Rank];
        long step = 1, count = 1;
        for (int d = input.Rank - 1; d >= 0; d--)
        {
            steps[d] = axes.Contains(d) ? 0 : step;
            if (axes.Contains(d))
                count *= input[d];
            else
                step *= input[d];
        }

        for (int d = 0; d < input.Rank; d++)
        {
            if (!axes.Contains(d))
                dims.Add(input[d]);
            else if (keep)
                dims.Add(1);
        }

        int[] targets = new int[input.ElementCount];
        long[] index = new long[input.Rank];
        long at = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] = (int)at;
            for (int d = input.Rank - 1; d >= 0; d--)
            {
                at += steps[d];
                if (++index[d] < input[d])
                    break;
                at -= steps[d] * input[d];
                index[d] = 0;
            }
        }

        return (new Shape([.. dims]), targets, count);
    }

    private static Kernel Sums(KernelRequest request, bool isMean)
    {
        bool keep = request.Attributes.Bool("keep_dims");
        (QuantParams input, QuantParams output) = (request.InputQuant(0), request.OutputQuant());
        DType to = request.OutputType();
        (int min, int max) = Quantizing.Range(to);
        FixedPoint factor = FixedPoint.Of(isMean ? (double)input.Scale / output.Scale : (double)input.Scale / output.Scale);
        return Kernel.Of(context =>
        {
            SumPlan plan = keep ? context.Derived(request, static (_, c) => SumPlan.Of(c, true), values: 1u << 1) : context.Derived(request, static (_, c) => SumPlan.Of(c, false), values: 1u << 1);
            long count = plan.Count;
            Tensor result = context.Allocate(0, to, plan.Shape);
            Span<int> sums = context.Writable<int>(context.Scratch(DType.Int32, plan.Shape));
            plan.Run(context, context.Input(0), sums);
            for (int i = 0; i < sums.Length; i++)
                Integers.Store(result, i, Math.Clamp(isMean ? Mean(sums[i], count, input, output, factor) : factor.Times((int)(sums[i] - (input.ZeroPoint * count))) + output.ZeroPoint, min, max));
        });
    }

    /// <summary>How the elements of an input are added up: along axes that lie side by side as one, or each to the sum it belongs to.</summary>
    private sealed record SumPlan(Shape Shape, long Count, (int Outer, int Count, int Inner)? Middle, int[] Targets)
    {
        public static SumPlan Of(KernelContext context, bool keep)
        {
            (Shape shape, int[] targets, long count) = Geometry(context, keep);
            Shape input = context.Shape(0);
            int[] axes = [.. context.Ints(1).Select(a => (int)(a < 0 ? a + input.Rank : a)).Distinct().Order()];
            bool isOne = axes.Length > 0 && axes[^1] - axes[0] == axes.Length - 1 && input.ElementCount > 0;
            return new SumPlan(shape, count, isOne ? ((int)Product(input, 0, axes[0]), (int)count, (int)Product(input, axes[^1] + 1, input.Rank)) : null, isOne ? [] : targets);
        }

        public void Run(KernelContext context, Tensor input, Span<int> sums)
        {
            switch ((Middle, input.DType))
            {
                case ((int outer, int count, int inner), DType.Int8):
                    IntegerSums.Run(input.Span<sbyte>(), sums, outer, count, inner, context.Pool);
                    return;
                case ((int outer, int count, int inner), DType.UInt8):
                    IntegerSums.Run(input.Span<byte>(), sums, outer, count, inner, context.Pool);
                    return;
                case ((int outer, int count, int inner), DType.Int16):
                    IntegerSums.Run(input.Span<short>(), sums, outer, count, inner, context.Pool);
                    return;
                default:
                    ReadOnlySpan<int> x = Integers.Wide(context, input);
                    sums.Clear();
                    for (int i = 0; i < x.Length; i++)
                        sums[Targets.Length == 0 ? Target(i) : Targets[i]] += x[i];
                    return;
            }
        }

        private static long Product(Shape shape, int from, int to)
        {
            long product = 1;
            for (int d = from; d < to; d++)
                product *= shape[d];
            return product;
        }

        private int Target(int i) => Middle is (_, int count, int inner) ? (i / inner / count * inner) + (i % inner) : 0;
    }

    // The division by the number of elements goes into the factor, with as many more bits as it has room for.
    private static int Mean(int sum, long count, QuantParams input, QuantParams output, FixedPoint factor)
    {
        if (count == 0)
            return output.ZeroPoint;
        int shift = 63 - BitOperations.LeadingZeroCount((ulong)count);
        shift = Math.Min(Math.Min(shift, 32), 31 + factor.Shift);
        int mantissa = (int)(((long)factor.Mantissa << shift) / count);
        return new FixedPoint(mantissa, factor.Shift - shift).Times((int)(sum - (input.ZeroPoint * count))) + output.ZeroPoint;
    }

    private static Kernel Product(KernelRequest request)
    {
        bool keep = request.Attributes.Bool("keep_dims");
        (QuantParams input, QuantParams output) = (request.InputQuant(0), request.OutputQuant());
        DType to = request.OutputType();
        (int min, int max) = Quantizing.Range(to);
        return Kernel.Of(context =>
        {
            (Shape shape, int[] targets, long count) = Geometry(context, keep);

            // All n steps together give s_in ^ n / s_out.
            FixedPoint factor = FixedPoint.Of(input.Scale / Math.Pow(output.Scale, 1.0 / Math.Max(1, count)));
            ReadOnlySpan<int> x = Integers.Wide(context, context.Input(0));
            Tensor result = context.Allocate(0, to, shape);
            int[] products = new int[shape.ElementCount];
            bool[] begun = new bool[products.Length];
            for (int i = 0; i < x.Length; i++)
            {
                int value = x[i] - input.ZeroPoint;
                products[targets[i]] = begun[targets[i]] ? factor.Times((long)products[targets[i]] * value) : value;
                begun[targets[i]] = true;
            }

            for (int i = 0; i < products.Length; i++)
                Integers.Store(result, i, Math.Clamp(factor.Times((long)products[i]) + output.ZeroPoint, min, max));
        });
    }
}
