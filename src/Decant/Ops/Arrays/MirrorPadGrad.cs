using System.Numerics;

namespace Decant.Ops.Arrays;

/// <summary>The gradient of <c>MirrorPad</c>: adds every element of the padded tensor to the one that it was copied from.</summary>
internal sealed class MirrorPadGrad() : Op("MirrorPadGrad"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Shape shape = context.Shape(0);
        context.Set(0, context.Input(0).DType, !shape.HasRank ? shape : context.ConstantInts(1) is { } amounts ? Inner(context.Node, shape, amounts) : Shape.OfRank(shape.Rank));
    }

    public Kernel Prepare(KernelRequest request)
    {
        int border = request.Attributes.String("mode") switch
        {
            "REFLECT" => 1,
            "SYMMETRIC" => 0,
            string mode => throw request.Fail($"mode is '{mode}', expected REFLECT or SYMMETRIC"),
        };
        DType dtype = request.ElementType();
        return NumberKernel.Of(request, dtype, new Code(dtype, border));
    }

    private static Shape Inner(IR.Node node, Shape shape, long[] paddings)
    {
        if (paddings.Length != 2 * shape.Rank)
            throw node.Fault($"has {paddings.Length} paddings for shape {shape}, expected two for each dimension");
        long[] dims = shape.Dims.ToArray();
        for (int i = 0; i < dims.Length; i++)
        {
            (long before, long after) = (paddings[2 * i], paddings[(2 * i) + 1]);
            if (before < 0 || after < 0 || (dims[i] >= 0 && dims[i] - before < after))
                throw node.Fault($"has the paddings {before} and {after} of dimension {i} for shape {shape}, expected as many elements at least");
            dims[i] = dims[i] < 0 ? dims[i] : dims[i] - before - after;
        }

        return new Shape(dims);
    }

    private sealed record Code(DType DType, int Border) : INumberKernel
    {
        public void Run<T>(KernelContext context)
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            Shape padded = context.Shape(0);
            long[] paddings = context.Ints(1);
            Shape inner = Inner(context.Node, padded, paddings);
            int[][] maps = new int[inner.Rank][];
            for (int axis = 0; axis < maps.Length; axis++)
                maps[axis] = Targets(context, (int)inner[axis], (int)paddings[2 * axis], (int)padded[axis]);
            ReadOnlySpan<T> x = context.WorkInput(0).Span<T>();
            Tensor output = context.BeginOutput(0, DType, inner);
            Span<T> y = context.Writable<T>(output);
            y.Clear();
            int[] strides = Axes.Strides(inner.Dims);
            for (int i = 0; i < x.Length; i++)
            {
                int to = 0;
                for (int axis = inner.Rank - 1, rest = i; axis >= 0; axis--)
                {
                    (rest, int index) = Math.DivRem(rest, (int)padded[axis]);
                    to += maps[axis][index] * strides[axis];
                }

                y[to] += x[i];
            }

            context.EndOutput(0, DType, output);
        }

        private int[] Targets(KernelContext context, int size, int before, int padded)
        {
            if (before > Math.Max(0, size - Border) || padded - size - before > Math.Max(0, size - Border))
                throw context.Fail($"has the paddings {before} and {padded - size - before} for {size} elements, expected at most {Math.Max(0, size - Border)}");
            int[] map = new int[padded];
            for (int i = 0; i < padded; i++)
            {
                int from = i - before;
                map[i] = from < 0 ? -from - 1 + Border : from >= size ? (2 * size) - 1 - Border - from : from;
            }

            return map;
        }
    }
}
