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

    /// <summary>
    /// An edit after which a node, whose name and control inputs stay, gives another value unchanged. What constants that it no longer
    /// reads had to wait for, it waits for: in a TF1 branch or loop that is where it stands.
    /// </summary>
    /// <param name="pass">The pass.</param>
    /// <param name="node">The node.</param>
    /// <param name="value">The value.</param>
    /// <param name="what">Why that is the same.</param>
    /// <param name="past">Nodes between the two that are no longer needed.</param>
    public static Patch Forward(string pass, Node node, Value value, string what, params ReadOnlySpan<Node> past)
    {
        DType dtype = value.Fact().DType is not DType.Invalid and DType known ? known : node.Fact(0).DType;
        Node[] waits = [.. Waits([node, .. past, .. Constants(node)])];
        return new Patch($"{pass}: {node.Name} ({what})").Change(node, n => n.Become("Identity", [value], new AttributeMap { { "T", dtype.Deref() } }, waits));
    }

    /// <summary>What one of several nodes has to wait for.</summary>
    public static IEnumerable<Node> Waits(params IEnumerable<Node> nodes) => nodes.SelectMany(n => n.ControlInputs.AsSpan().ToArray()).Distinct();

    /// <summary>The constants that a node reads.</summary>
    public static IEnumerable<Node> Constants(Node node) => node.Inputs.AsSpan().ToArray().Where(v => v.IsPresent && v.Node.Op == "Const").Select(v => v.Node);

    /// <summary>Adds a constant that is made of others, and so stands where they stand: it waits for what they wait for.</summary>
    public static Node AddConst(this Patch patch, string name, Tensor value, params IEnumerable<Node> of) => patch.AddConst(name, new TensorAttr(value), of);

    /// <summary>Adds a constant that is made of others and may be computed when it is read.</summary>
    public static Node AddConst(this Patch patch, string name, TensorAttr value, params IEnumerable<Node> of)
    {
        Node constant = patch.Add(name, "Const", [], new AttributeMap { { "dtype", value.DType }, { "value", value } });
        constant.ControlInputs.AddRange(Waits(of));
        return constant;
    }

    /// <summary>What is known of a value.</summary>
    public static Fact Fact(this Value value) => value.Node.Fact(value.Port);

    /// <summary>The shape of a value as far as it is known.</summary>
    public static Shape Shape(this Value value) => value.Fact().Shape;

    /// <summary>The attributes of the <c>BiasAdd</c> of a product's channels.</summary>
    public static AttributeMap BiasAttributes(Product product) =>
        new() { { "T", product.Weights.DType }, { "data_format", product.ChannelsFirst ? "NCHW" : "NHWC" } };
}
