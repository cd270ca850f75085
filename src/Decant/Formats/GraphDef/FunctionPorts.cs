using Decant.IR;
using Decant.Ops.Catalogue;

namespace Decant.Formats.GraphDef;

/// <summary>
/// Between the ports of a node and the names that function bodies use for them, <c>output argument:index</c>. Ops that the
/// catalogue does not know get a port for each name, in the order in which the names are met.
/// </summary>
internal sealed class FunctionPorts(IReadOnlyDictionary<string, Function> functions)
{
    /// <summary>Ops that optimizers make, which no public list has, and what TensorFlow or TensorFlow.js calls their one output.</summary>
    private static readonly Dictionary<string, string> Made = new(StringComparer.Ordinal)
    {
        ["FusedDepthwiseConv2dNative"] = "output",
        ["Prelu"] = "output",
        ["_FusedConv2D"] = "output",
        ["_FusedDepthwiseConv2dNative"] = "output",
        ["_FusedMatMul"] = "product",
    };

    public int Port(Node node, string output, int index)
    {
        if (Declared(node) is { } declared)
        {
            int first = 0;
            foreach ((string name, int count) in declared)
            {
                if (name == output && index < count)
                    return first + index;
                first += count;
            }

            throw FormatErrors.BadFunction.At(node.At(), $"has no output '{output}:{index}'");
        }

        string met = $"{output}:{index}";
        List<string> names = (List<string>)(node.OutputNames ??= new List<string>());
        if (!names.Contains(met))
            names.Add(met);
        return names.IndexOf(met);
    }

    public string Name(Value value)
    {
        if (value.Node.Op == Function.ArgOp)
            return value.Node.Name;
        if (value.Node.OutputNames is { } names && value.Port < names.Count)
            return $"{value.Node.Name}:{names[value.Port]}";
        int port = value.Port;
        foreach ((string name, int count) in Declared(value.Node)
            ?? throw FormatErrors.BadFunction.At(value.Node.At(), "neither the catalogue nor a function declares the op's outputs, so they have no names to write in a function's body"))
        {
            if (port < count)
                return $"{value.Node.Name}:{name}:{port}";
            port -= count;
        }

        throw FormatErrors.BadFunction.At(value.Node.At(), $"has no output {value.Port}");
    }

    /// <summary>The outputs that a node is declared to have, with the number of tensors in each; null when nothing tells.</summary>
    private List<(string Name, int Count)>? Declared(Node node)
    {
        if (functions.TryGetValue(node.Op.Name, out Function? called))
            return [.. called.Results.Select(r => (r.Result.Name, 1))];
        if (OpCatalogue.Find(node.Op.Name) is not { } op)
            return Made.TryGetValue(node.Op.Name, out string? output) ? [(output, 1)] : null;
        List<(string Name, int Count)> outputs = [.. op.Outputs.Select(o => (o.Name, op.Count(o, node.Attributes)))];
        return outputs.Exists(o => o.Count < 0) ? null : outputs;
    }
}
