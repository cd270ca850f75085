using Decant.IR;

namespace Decant.Passes.Optimize;

/// <summary>Changes of single nodes that several passes make.</summary>
internal static class Rewrites
{
    /// <summary>Makes a node, whose name and device stay, a constant.</summary>
    public static void BecomeConst(this Node node, Tensor value, IEnumerable<Node> waits) =>
        node.Become("Const", [], new AttributeMap { { "dtype", value.DType }, { "value", new TensorAttr(value) } }, waits);

    /// <summary>Makes a node, whose name and device stay, another op on other inputs.</summary>
    /// <param name="node">The node.</param>
    /// <param name="op">The op.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="attributes">All attributes.</param>
    /// <param name="waits">The control inputs; null for those that it has.</param>
    public static void Become(this Node node, OpName op, ReadOnlySpan<Value> inputs, AttributeMap attributes, IEnumerable<Node>? waits = null)
    {
        Node[] before = [.. waits ?? node.ControlInputs.AsSpan().ToArray()];
        node.Op = op;
        node.Inputs.Clear();
        node.Inputs.AddRange(inputs);
        node.Attributes = attributes;
        node.Unknown = default;
        node.OutputNames = null;
        node.ControlInputs.Clear();
        node.ControlInputs.AddRange(before);
    }
}
