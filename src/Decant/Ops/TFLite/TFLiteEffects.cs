using Decant.IR;
using Decant.Ops.Catalogue;

namespace Decant.Ops.TFLite;

/// <summary>Which operators do more than compute their outputs, so that their order counts.</summary>
internal static class TFLiteEffects
{
    private static readonly HashSet<string> Stateful = new(StringComparer.Ordinal)
    {
        "ASSIGN_VARIABLE", "READ_VARIABLE", "CALL_ONCE", "HASHTABLE", "HASHTABLE_IMPORT", "HASHTABLE_FIND", "HASHTABLE_SIZE",
        "RANDOM_UNIFORM", "RANDOM_STANDARD_NORMAL", "MULTINOMIAL", "Multinomial", "RandomUniform", "RandomStandardNormal",
    };

    /// <summary>Whether a node has effects, itself, by a variable that it reads, or by a subgraph that it calls.</summary>
    /// <param name="node">The node.</param>
    /// <param name="subgraph">Finds a subgraph by name; the answer counts for those that have been read.</param>
    public static bool Has(Node node, Func<string, Function> subgraph)
    {
        if (node.Op.Dialect != Dialect.TFLite)
            return false;
        if (SelectOp.TensorFlow(node.Op) is { } op && OpCatalogue.Find(op) is { IsStateful: true })
            return true;
        if (Stateful.Contains(node.Op.Name) || node.Inputs.Exists(v => v.IsPresent && v.Node.Op == TFLiteParts.TensorOp && v.Node.Tensors is [{ IsVariable: true }]))
            return true;

        // A subgraph that is not read yet counts as having effects.
        return node.Attributes.Any(a => a.Value is FunctionAttr or ListAttr { Functions.Count: > 0 })
            && Called(node).Select(subgraph).Any(f => f.IsStateful || f.Results.Count == 0);
    }

    private static IEnumerable<string> Called(Node node) =>
        node.Attributes.SelectMany(a => a.Value switch { FunctionAttr f => [f.Name], ListAttr l => l.Functions.Select(f => f.Name), _ => Enumerable.Empty<string>() });
}
