using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>Removes the dimensions of 1 that <c>squeeze_dims</c> names, or all of them when it is empty.</summary>
internal sealed class Squeeze() : Op("Squeeze"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Fact input = context.Input(0);
        IReadOnlyList<long> axes = AxesOf(context.Attributes);
        bool cannotTell = !input.Shape.HasRank || (axes.Count == 0 && input.Shape.Dims.Contains(-1));
        if (cannotTell)
            context.Set(0, input.DType, Shape.Unknown);
        else
            context.Set(0, ExpandDims.WithShape(input, Squeezed(context.Node, input.Shape, axes)));
    }

    public Kernel Prepare(KernelRequest request)
    {
        IReadOnlyList<long> axes = AxesOf(request.Attributes);
        return Kernel.View(context => context.SetOutput(0, 0, context.Derived(axes, static (axes, c) => new DerivedShape(Squeezed(c.Node, c.Shape(0), axes))).Shape));
    }

    // TensorFlow.js and old graphs spell the attribute `axis`.
    private static IReadOnlyList<long> AxesOf(NodeAttributes attributes) =>
        attributes.Find("axis") is ListAttr axis ? axis.Ints : attributes.Ints("squeeze_dims");

    private static Shape Squeezed(Node node, Shape shape, IReadOnlyList<long> axes)
    {
        HashSet<int> removed = [.. axes.Select(a => Axes.Normalize(node, a, shape.Rank))];
        List<long> dims = [];
        for (int i = 0; i < shape.Rank; i++)
        {
            bool remove = removed.Contains(i) || (axes.Count == 0 && shape[i] == 1);
            if (remove && shape[i] is not (1 or -1))
                throw node.Fault($"dimension {i} of shape {shape} is to be squeezed, expected a size of 1");
            if (!remove)
                dims.Add(shape[i]);
        }

        return new Shape([.. dims]);
    }
}
