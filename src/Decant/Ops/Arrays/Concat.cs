using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>Joins tensors along an axis in which alone their sizes differ.</summary>
/// <param name="name">The op's name.</param>
/// <param name="axisFirst">Whether the axis is the first input (<c>Concat</c>) or the last (<c>ConcatV2</c>).</param>
internal sealed class Concat(string name, bool axisFirst) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        int first = axisFirst ? 1 : 0;
        List<Shape> shapes = [];
        for (int i = first; i < first + context.InputCount - 1; i++)
            shapes.Add(context.Shape(i));
        DType dtype = context.Input(first).DType;
        Shape ranked = shapes.Find(s => s.HasRank);
        if (!ranked.HasRank)
            context.Set(0, dtype, Shape.Unknown);
        else if (context.ConstantInts(axisFirst ? 0 : context.InputCount - 1) is [var axis])
            context.Set(0, dtype, Joined(context.Node, shapes.ConvertAll(s => s.HasRank ? s : Shape.OfRank(ranked.Rank)), axis));
        else
            context.Set(0, dtype, Shape.OfRank(ranked.Rank));
    }

    public Kernel Prepare(KernelRequest request) => new Run(axisFirst);

    /// <summary>The shape of tensors of these shapes, as far as they are known, joined along an axis.</summary>
    internal static Shape Joined(Node node, List<Shape> shapes, long axis)
    {
        int along = Axes.Normalize(node, axis, shapes[0].Rank);
        long[] dims = shapes[0].Dims.ToArray();
        long sum = 0;
        foreach (Shape shape in shapes)
        {
            if (shape.Rank != dims.Length)
                throw node.Fault($"the inputs have shapes {string.Join(", ", shapes)}, expected one rank");
            for (int i = 0; i < dims.Length; i++)
            {
                if (i != along && dims[i] >= 0 && shape[i] >= 0 && dims[i] != shape[i])
                    throw node.Fault($"the inputs have shapes {string.Join(", ", shapes)}, expected equal sizes but for dimension {along}");
                dims[i] = Math.Max(dims[i], shape[i]);
            }

            sum = sum < 0 || shape[along] < 0 ? -1 : sum + shape[along];
        }

        dims[along] = sum;
        return new Shape(dims);
    }

    private sealed class Run(bool axisFirst) : MoveKernel(axisFirst ? 1 : 0)
    {
        protected override void Move<T>(KernelContext context, DType dtype, Elements<T> elements)
        {
            int first = axisFirst ? 1 : 0;
            int count = context.InputCount - 1;
            int axisInput = axisFirst ? 0 : count;
            ConcatLayout layout = axisInput < 32 ? context.Derived(this, static (kernel, c) => kernel.Derive(c), values: 1u << axisInput) : Derive(context);
            for (int i = first; i < first + count; i++)
            {
                if (context.Input(i).DType != dtype)
                    throw context.Fail($"input {i} is {context.Input(i)}, expected {dtype.Name()} as the others");
            }

            for (int i = 0; i < count; i++)
                layout.Inputs[i] = context.Input(first + i);
            elements.Join(context, dtype, layout);
        }

        private ConcatLayout Derive(KernelContext context)
        {
            int first = axisFirst ? 1 : 0;
            List<Shape> shapes = [];
            for (int i = first; i < first + context.InputCount - 1; i++)
                shapes.Add(context.Shape(i));
            long axis = context.Int(axisFirst ? 0 : context.InputCount - 1);
            Shape joined = Joined(context.Node, shapes, axis);
            int along = Axes.Normalize(context.Node, axis, joined.Rank);
            return new ConcatLayout(joined, Axes.Product(joined, along, joined.Rank), [.. shapes.Select(s => Axes.Product(s, along, joined.Rank))]);
        }
    }
}
