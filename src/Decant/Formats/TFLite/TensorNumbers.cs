using Decant.IR;

namespace Decant.Formats.TFLite;

/// <summary>
/// The numbers of a subgraph's tensors in its file: those that they were read with, as far as these are still free, then new
/// ones in the order of the nodes.
/// </summary>
internal static class TensorNumbers
{
    public static IReadOnlyDictionary<Value, int> Of(Function subgraph)
    {
        List<(Value Value, TensorSpec Spec)> tensors = [.. Tensors(subgraph)];
        var numbers = new Dictionary<Value, int>();
        var taken = new HashSet<int>();
        foreach ((Value value, TensorSpec spec) in tensors)
        {
            if (spec.Index >= 0 && spec.Index < tensors.Count && taken.Add(spec.Index))
                numbers[value] = spec.Index;
        }

        int next = 0;
        foreach ((Value value, _) in tensors)
        {
            if (numbers.ContainsKey(value))
                continue;
            while (!taken.Add(next))
                next++;
            numbers[value] = next;
        }

        return numbers;
    }

    /// <summary>Every tensor that is given: outputs of nodes and intermediate tensors.</summary>
    public static IEnumerable<(Value Value, TensorSpec Spec)> Tensors(Function subgraph)
    {
        foreach (Node node in subgraph.Nodes)
        {
            if (node.Tensors.Count == 0 && node.Op == "Const" && node.Attributes["value"] is TensorAttr constant)
                yield return (node, new TensorSpec(node.Name, constant.DType, constant.Shape));
            for (int port = 0; port < node.Tensors.Count; port++)
            {
                if (node.Tensors[port].DType != DType.Invalid)
                    yield return (new Value(node, port), node.Tensors[port]);
            }
        }
    }
}
