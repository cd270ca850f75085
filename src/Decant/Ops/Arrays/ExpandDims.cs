using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>Inserts a dimension of 1 before axis <c>dim</c> in [-rank-1, rank].</summary>
internal sealed class ExpandDims() : Op("ExpandDims"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Fact input = context.Input(0);
        if (!input.Shape.HasRank)
            context.Set(0, input.DType, Shape.Unknown);
        else if (context.ConstantInts(1) is not { } axis)
            context.Set(0, input.DType, Shape.OfRank(input.Shape.Rank + 1));
        else
            context.Set(0, WithShape(input, Expanded(context.Node, input.Shape, axis)));
    }

    public Kernel Prepare(KernelRequest request) => Kernel.View(static context =>
        context.SetOutput(0, context.Input(0).Reshaped(Expanded(context.Node, context.Shape(0), context.Ints(1)))));

    /// <summary>A fact of the same elements in another shape of as many.</summary>
    internal static Fact WithShape(Fact fact, Shape shape) => fact with { Shape = shape, Constant = fact.Constant?.Reshaped(shape) };

    private static Shape Expanded(Node node, Shape shape, long[] axis)
    {
        if (axis.Length != 1)
            throw node.Fault($"the axis is a tensor of {axis.Length} elements, expected one");
        List<long> dims = [.. shape.Dims];
        dims.Insert(Axes.Normalize(node, axis[0], shape.Rank + 1), 1);
        return new Shape([.. dims]);
    }
}
