using Decant.IR;

namespace Decant.Lowering;

/// <summary>What must be gone at the end of a conversion: nodes of TensorFlow's ops.</summary>
internal static class Legality
{
    /// <summary>Fails with a diagnostic for every node that is left, unless none is.</summary>
    /// <exception cref="ModelException">Nodes are left.</exception>
    public static void Check(Model model, IReadOnlyDictionary<Node, Diagnostic> reasons)
    {
        List<Diagnostic> faults =
        [
            .. from function in model.Functions.Values.Prepend((Function)model.Graph)
               from node in function.Nodes
               where node.Op.Dialect != Dialect.TFLite && node.Op != "Const" && node.Op != Function.ArgOp
               select reasons.TryGetValue(node, out Diagnostic? reason) ? reason : new Diagnostic(ConvertErrors.UnsupportedOp, $"{node.Op} was not lowered", node.At()),
        ];
        if (faults.Count > 0)
            throw new ModelException([.. faults.Distinct()]);
    }
}
