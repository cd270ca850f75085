using Decant.IR;
using Decant.Ops.Catalogue;
using Decant.Ops.TFLite;
using Decant.Ops.TFLite.Catalogue;
using Decant.Passes.Freeze;
using Decant.Wire.FlatBuffers;

namespace Decant.Lowering;

/// <summary>What becomes of nodes that have no form in TensorFlow Lite, as far as it is allowed: ops of TensorFlow, or custom operators.</summary>
internal static class EmbeddedOps
{
    /// <summary>What to try with a variable without a value.</summary>
    public const string VariableHint = "tell where its value is with --checkpoint PREFIX, or name outputs that do not need it with --outputs";

    // Runtimes have no functions of TensorFlow to call, and initialize no graph.
    private static readonly HashSet<string> Never = new(StringComparer.Ordinal) { "PartitionedCall", "StatefulPartitionedCall", "Placeholder", "PlaceholderV2", "PlaceholderWithDefault", "Switch", "Merge", "Enter", "Exit", "NextIteration" };

    /// <summary>The operator that a node becomes, or null.</summary>
    /// <param name="from">The node in the source.</param>
    /// <param name="node">The node with its inputs in the new graph.</param>
    /// <param name="subgraph">Where it is lowered.</param>
    public static Node? Of(Node from, Node node, SubgraphLowering subgraph)
    {
        ConvertOptions options = subgraph.Shared.Options;
        if (node.Inputs.Exists(i => !i.IsPresent || subgraph.IsList(i) || TFLiteCatalogue.TensorType(i.Node.Fact(i.Port).DType) < 0) || OutputsOf(from, node, subgraph) is not { } outputs)
            return null;
        if (options.AllowSelectOps && CanBeSelected(node))
            return new Node(node.Name, SelectOp.Of(node.Op.Name)) { Attributes = Own(node), Facts = outputs };
        if (!options.AllowCustomOps || CustomOptions(node) is not { } values)
            return null;
        string name = TFLiteCatalogue.Find(node.Op.Name) is null ? node.Op.Name : TFLiteParts.CustomPrefix + node.Op.Name;
        var attributes = new AttributeMap { { TFLiteParts.CustomOptions, new StringAttr(FlexWriter.Write(values)) } };
        return new Node(node.Name, new OpName(Dialect.TFLite, name)) { Attributes = attributes, Facts = outputs };
    }

    /// <summary>What to try with a node that has no form.</summary>
    public static string Hint(Node node, SubgraphLowering subgraph)
    {
        ConvertOptions options = subgraph.Shared.Options;
        const string ends = "cut the graph before it with --outputs, or behind it with --inputs";
        string cut = node.Inputs.Exists(i => i.IsPresent && i.Node.Fact(i.Port) is { Shape.HasRank: false, DType: not (DType.Resource or DType.Variant) }) ? $"give inputs the shapes they have with --input-shape, or {ends}" : ends;
        if (VariableEntry.IsVariable(node))
            return VariableHint;
        return !options.AllowSelectOps && CanBeSelected(node) ? $"embed TensorFlow's op with --allow-select-ops, or {cut}"
            : !options.AllowCustomOps && CustomOptions(node) is not null ? $"make it a custom operator, for which the app brings a kernel, with --allow-custom-ops, or {cut}"
            : cut;
    }

    /// <summary>Whether TensorFlow's kernel can run it outside of a graph: no references to variables, no functions.</summary>
    private static bool CanBeSelected(Node node) =>
        OpCatalogue.Find(node.Op.Name) is { } op && !Never.Contains(op.Name) && !op.Inputs.Concat(op.Outputs).Any(a => a.IsRef) && !node.Attributes.Any(a => a.Value is FunctionAttr or ListAttr { Functions.Count: > 0 });

    private static AttributeMap Own(Node node)
    {
        var own = new AttributeMap();
        foreach ((string name, AttrValue value) in node.Attributes.Where(a => !a.Key.StartsWith('_')))
            own.Set(name, value);
        return own;
    }

    /// <summary>What is known of the outputs; of an op that nobody knows they have the type of its attribute <c>T</c>. Null when a type is not known, or has no form.</summary>
    private static IReadOnlyList<Fact>? OutputsOf(Node from, Node node, SubgraphLowering subgraph)
    {
        IReadOnlyList<Fact> facts = node.Facts;
        if (facts.Count == 0 && OpCatalogue.Find(node.Op.Name) is null && node.Attributes["T"] is TypeAttr type)
            facts = [.. Enumerable.Repeat(new Fact(type.Value, Shape.Unknown), subgraph.ReadOutputs(from))];
        return (facts.Count > 0 || OpCatalogue.Find(node.Op.Name) is { Outputs.Count: 0 }) && facts.All(f => TFLiteCatalogue.TensorType(f.DType) >= 0) ? [.. facts.Select(f => f with { Constant = null, Handle = null })] : null;
    }

    /// <summary>The attributes as a FlexBuffer has them: types as the numbers of TensorFlow Lite's, shapes as their sizes. Null when one has no form there.</summary>
    private static Dictionary<string, object>? CustomOptions(Node node)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach ((string name, AttrValue value) in Own(node))
        {
            object? form = value switch
            {
                IntAttr number => number.Value,
                FloatAttr number => number.Value,
                BoolAttr truth => truth.Value,
                StringAttr text => text.Bytes.ToArray(),
                TypeAttr type => TypeNumber(type.Value),
                ShapeAttr { Value.HasRank: true } shape => shape.Value.Dims.ToArray(),
                ListAttr { Strings.Count: > 0 } list => list.Strings.Select(s => (object)s.ToArray()).ToArray(),
                ListAttr { Floats.Count: > 0 } list => list.Floats.ToArray(),
                ListAttr { Bools.Count: > 0 } list => list.Bools.ToArray(),
                ListAttr { Types.Count: > 0 } list => list.Types.Select(t => (long)TFLiteCatalogue.TensorType(t)).ToArray(),
                ListAttr { Shapes.Count: 0, Tensors.Count: 0, Functions.Count: 0 } list => list.Ints.ToArray(),
                _ => null,
            };
            if (form is null)
                return null;
            values[name] = form;
        }

        return values;
    }

    private static object? TypeNumber(DType type) => TFLiteCatalogue.TensorType(type) is >= 0 and var number ? (long)number : null;
}
