using Decant.IR;
using Decant.Runtime;

namespace Decant.Passes.Compress;

/// <summary>A pass that changes the constants that hold weights, one by one in the order of the graph.</summary>
internal abstract class WeightPass(string name, WeightSelection selection) : Pass(name)
{
    public override IEnumerable<Patch> Patches(PassContext context)
    {
        foreach (Node node in context.Graph.Nodes.ToList())
        {
            if (Find(node, context) is { } weights && Try(node, weights, context) is { } patch)
                yield return patch;
        }
    }

    /// <summary>The edit for weights that are neither empty nor hold NaN or infinities, or null.</summary>
    protected abstract Patch? Try(Node node, Weights weights, PassContext context);

    /// <summary>The tensor of a node that is chosen and can be changed.</summary>
    protected Weights? Find(Node node, PassContext context)
    {
        if (node.Op != "Const" || !context.IsThere(node) || !selection.Allows(node.Name) || node.Attributes["value"] is not TensorAttr { DType: DType.Float32 } weights || !weights.Shape.TryElementCount(out long count))
            return null;
        if (count == 0)
            context.Decline(node, "has no elements");
        if (count > Array.MaxLength)
            context.Decline(node, $"has {count} elements, more than the {Array.MaxLength} that can be worked on");
        if (count < Math.Max(1, selection.MinElements) || count > Array.MaxLength)
            return null;
        (float min, float max) = FloatStream.Extremes(weights.Value);
        if (float.IsFinite(min) && float.IsFinite(max))
            return new Weights(weights, min, max);
        context.Decline(node, float.IsNaN(min) ? "holds NaN" : "holds infinities");
        return null;
    }

    /// <summary>An edit that gives a constant other elements of the same type and shape.</summary>
    protected Patch Change(Node node, Weights weights, string what, Func<Tensor, Tensor> change) =>
        new Patch($"{Name}: {node.Name} ({what})").Change(node, n => n.Attributes["value"] = new ComputedTensor(DType.Float32, weights.Shape, () => change(weights.Tensor)));
}
