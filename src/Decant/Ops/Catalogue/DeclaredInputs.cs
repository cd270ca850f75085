using Decant.IR;

namespace Decant.Ops.Catalogue;

/// <summary>Kernels rely on having the inputs that the op declares.</summary>
internal static class DeclaredInputs
{
    /// <summary>Fails when a node has fewer or more inputs than its op declares.</summary>
    /// <exception cref="ModelException">It has.</exception>
    public static void Check(Node node)
    {
        if (node.Op.Dialect != Dialect.TensorFlow || OpCatalogue.Find(node.Op.Name) is not { } declared)
            return;
        int expected = 0;
        foreach (ArgDef input in declared.Inputs)
        {
            int count = declared.Count(input, node.Attributes);
            if (count < 0)
                return;
            expected += count;
        }

        if (node.Inputs.Count != expected)
            throw GraphErrors.BadInputs.At(node.At(), $"has {node.Inputs.Count} inputs, expected {expected}");
    }
}
