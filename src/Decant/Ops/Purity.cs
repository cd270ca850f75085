using Decant.IR;
using Decant.Ops.Catalogue;

namespace Decant.Ops;

/// <summary>Which nodes give the same outputs for the same inputs in every run, and do nothing else.</summary>
internal static class Purity
{
    /// <summary>
    /// Whether a node is known to be so: its op is declared stateless, without references, calls no function, and is neither fed
    /// from outside nor a check that fails.
    /// </summary>
    public static bool IsPure(Node node)
    {
        if (node.Op.Dialect != Dialect.TensorFlow || OpCatalogue.Find(node.Op.Name) is not { IsStateful: false, Outputs.Count: > 0 } op)
            return false;
        if (op.Name.StartsWith("Placeholder", StringComparison.Ordinal) || op.Name is "Variable" or "VariableV2" or "Switch" or "Merge" or "CheckNumerics" or "CheckNumericsV2" or "ImmutableConst")
            return false;
        foreach (ArgDef arg in op.Inputs.Concat(op.Outputs))
        {
            if (arg.IsRef || arg.DType is DType.Resource or DType.Variant)
                return false;
        }

        foreach ((_, AttrValue value) in node.Attributes)
        {
            if (value is FunctionAttr or ListAttr { Functions.Count: > 0 } or TypeAttr { Value: DType.Resource or DType.Variant })
                return false;
        }

        return true;
    }
}
