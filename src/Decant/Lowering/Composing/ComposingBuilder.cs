using Decant.IR;
using Decant.Ops;
using Decant.Ops.Lowering;

namespace Decant.Lowering.Composing;

/// <summary>Adds ops to a graph of TensorFlow.js; those that it does not have as others.</summary>
internal sealed class ComposingBuilder(Graph graph) : GraphBuilder(graph)
{
    /// <summary>Rules that end in one another are followed this deep.</summary>
    private const int MaxDepth = 8;

    private int _depth;

    /// <summary>Makes a node of the graph others, if TensorFlow.js needs it; false when it stays.</summary>
    /// <exception cref="ModelException">TensorFlow.js does not compute it as it is, nor can it be composed. The graph is as it was.</exception>
    public bool Compose(Node node)
    {
        if (!Purity.IsPure(node) && !OwnCompositions.ChangesConstant(node))
            return false;
        int before = Graph.IdLimit;
        try
        {
            if (Composed(node) is not { } values)
                return false;
            Become(node, values);
            return true;
        }
        catch (ModelException)
        {
            Graph.RemoveAll(n => n.Id >= before);
            throw;
        }
    }

    public override Value Add(string op, string name, AttributeMap? attributes, params ReadOnlySpan<Value> inputs)
    {
        Node node = Make(op, Graph.FreeName(name), attributes, inputs);
        if (Composed(node) is { Length: > 0 } values)
        {
            if (values.Length == 1)
                return values[0];
            Become(node, values);
            node.Facts = [.. values.Select(v => v.Node.Fact(v.Port))];
        }
        else if (!TfjsOps.Has(op))
        {
            throw ConvertErrors.UnsupportedOp.At(new Location(Node: name, Op: op), "TensorFlow.js does not have the op");
        }

        Graph.Attach(node, Graph.FreeName(name));
        return node;
    }

    /// <summary>The values that a node's outputs are; null when it can stay, or there is no rule.</summary>
    private Value[]? Composed(Node node)
    {
        if (_depth >= MaxDepth)
            return null;
        _depth++;
        try
        {
            var context = new CompositionContext(this, node);
            if (OwnCompositions.Find(node.Op.Name) is { } own)
                return own(context);
            if (TfjsOps.Has(node.Op.Name))
                return null;
            if (LoweringTable.Find(node.Op.Name) is { } rule)
                rule.Lower(context);
            else if (OpTable.All.TryGet(node.Op, out Op? op) && op is ILowersToTFLite lowers)
                lowers.LowerToTFLite(context);
            else
                return null;
            return context.Outputs;
        }
        finally
        {
            _depth--;
        }
    }

    private static void Become(Node node, Value[] values)
    {
        node.Op = values.Length == 1 ? "Identity" : "IdentityN";
        node.Attributes = new AttributeMap { { "T", values.Length == 1 ? DTypeOf(values[0]) : new ListAttr { Types = [.. values.Select(DTypeOf)] } } };
        node.OutputNames = null;
        node.Inputs.Clear();
        node.Inputs.AddRange(values);
    }
}
