using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>Adds elements before and after each dimension: zeros (<c>Pad</c>) or the scalar of input 2 (<c>PadV2</c>).</summary>
internal sealed class Pad(string name) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Shape shape = context.Shape(0);
        if (!shape.HasRank)
            context.Set(0, context.Input(0).DType, context.Shape(1) is { Rank: 2 } paddings && paddings[0] is >= 0 and < 255 ? Shape.OfRank((int)paddings[0]) : Shape.Unknown);
        else
            context.Set(0, context.Input(0).DType, context.ConstantInts(1) is { } amounts ? Padded(context.Node, shape, amounts) : Shape.OfRank(shape.Rank));
    }

    public Kernel Prepare(KernelRequest request) => new Run();

    /// <summary>The shape with what is added before and after each dimension; unknown dimensions stay so.</summary>
    internal static Shape Padded(Node node, Shape shape, long[] paddings)
    {
        if (paddings.Length != 2 * shape.Rank)
            throw node.Fault($"the paddings have {paddings.Length} elements, expected two for each dimension of shape {shape}");
        long[] dims = new long[shape.Rank];
        for (int i = 0; i < dims.Length; i++)
        {
            (long before, long after) = (paddings[2 * i], paddings[(2 * i) + 1]);
            if (before < 0 || after < 0 || before > int.MaxValue || after > int.MaxValue)
                throw node.Fault($"the paddings of dimension {i} are {before} and {after}, expected at least 0");
            dims[i] = shape[i] < 0 ? -1 : before + shape[i] + after;
        }

        return new Shape(dims);
    }

    private sealed class Run() : MoveKernel
    {
        public override bool GivesViews => true;

        protected override void Move<T>(KernelContext context, DType dtype, Elements<T> elements)
        {
            PadLayout layout = context.Derived(this, static (_, c) => Derive(c), values: 1 << 1);
            if (layout.IsInput)
            {
                context.SetOutput(0, context.Input(0));
                return;
            }

            Span<T> output = elements.Allocate(context, 0, dtype, layout.Output);
            if (context.InputCount < 3)
                elements.Pad(context, layout, elements.Of(context.Input(0)), output, default!);
            else if (context.Input(2) is { ElementCount: 1 } value && value.DType == dtype)
                elements.Pad(context, layout, elements.Of(context.Input(0)), output, elements.Of(value)[0]);
            else
                throw context.Fail($"the value to pad with is {context.Input(2)}, expected a {dtype.Name()} scalar");
        }

        private static PadLayout Derive(KernelContext context)
        {
            Shape shape = context.Shape(0);
            long[] paddings = context.Ints(1);
            Shape padded = Padded(context.Node, shape, paddings);
            if (!padded.TryElementCount(out long count) || count > int.MaxValue)
                throw OpErrors.OutOfMemory.At(context.Node.At(), $"the output has shape {padded}, more than 2^31 elements");
            return new PadLayout(padded, shape.Dims.ToArray(), [.. paddings.Where((_, i) => i % 2 == 0)], [.. paddings.Where((_, i) => i % 2 == 1)]);
        }
    }
}
