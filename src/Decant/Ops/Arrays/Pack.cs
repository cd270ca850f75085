using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>Stacks tensors of one shape along a new axis.</summary>
internal sealed class Pack() : Op("Pack"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Shape element = Shape.Unknown;
        for (int i = 0; i < context.InputCount; i++)
        {
            if (!element.IsCompatibleWith(context.Shape(i)))
                throw context.Fail($"input {i} has shape {context.Shape(i)}, expected {element} as the others");
            if (!element.HasRank || context.Shape(i).IsFullyKnown)
                element = context.Shape(i);
        }

        context.Set(0, context.Input(0).DType, element.HasRank ? Packed(context.Node, element, context.Attributes.Int("axis"), context.InputCount) : Shape.Unknown);
    }

    public Kernel Prepare(KernelRequest request) => new Run(request.Attributes.Int("axis"));

    private static Shape Packed(Node node, Shape element, long axis, int count)
    {
        List<long> dims = [.. element.Dims];
        dims.Insert(Axes.Normalize(node, axis, element.Rank + 1), count);
        return new Shape([.. dims]);
    }

    private sealed class Run(long axis) : MoveKernel
    {
        protected override void Move<T>(KernelContext context, DType dtype, Elements<T> elements)
        {
            Shape element = context.Shape(0);
            Layout layout = context.Derived(this, static (kernel, c) => kernel.Derive(c));
            int inner = layout.Inner;
            Span<T> output = elements.Allocate(context, 0, dtype, layout.Packed);
            for (int i = 0; i < context.InputCount; i++)
            {
                Tensor input = context.Input(i);
                if (input.Shape != element || input.DType != dtype)
                    throw context.Fail($"input {i} is {input}, expected {dtype.Name()}{element} as input 0");
                if (inner > 0)
                    elements.Interleave(elements.Of(input), output, inner, inner * i, inner * context.InputCount);
            }
        }

        private Layout Derive(KernelContext context)
        {
            Shape element = context.Shape(0);
            return new Layout(Packed(context.Node, element, axis, context.InputCount), Axes.Product(element, Axes.Normalize(context.Node, axis, element.Rank + 1), element.Rank));
        }

        /// <summary>The output's shape and the elements behind the new axis.</summary>
        private sealed record Layout(Shape Packed, int Inner);
    }
}
