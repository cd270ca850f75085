using Decant.IR;
using Decant.Ops;

namespace Decant.Runtime;

/// <summary>Cuts large models into pieces that follow each other, so that no more weights need be in memory than one piece has.</summary>
internal static class WeightPieces
{
    /// <summary>Models with fewer bytes of weights run as a whole.</summary>
    public const long LargestWhole = 128L << 20;

    /// <summary>No piece is larger unless one node is.</summary>
    private const long LargestPiece = 16L << 20;

    /// <summary>The nodes that are needed, in pieces that follow each other; none for a model that runs as a whole.</summary>
    /// <param name="given">The values that are fed.</param>
    /// <param name="wanted">The values that are computed.</param>
    public static List<HashSet<Node>> Cut(IReadOnlyCollection<Value> given, IReadOnlyCollection<Value> wanted)
    {
        HashSet<Value> fed = [.. given];
        var constant = new Dictionary<Node, long>();
        var pieces = new List<HashSet<Node>>();
        long total = 0, size = 0;
        foreach (Node node in NodeOrder.Of(wanted.Where(w => !fed.Contains(w)).Select(w => w.Node), fed))
        {
            long bytes = node.Inputs.AsSpan().ToArray().Where(i => i.IsPresent).Select(i => i.Node).Distinct().Sum(n => constant.GetValueOrDefault(n));
            if (node.Op == "Const" || (node.Inputs.Count > 0 && !node.Inputs.Exists(i => i.IsPresent && !constant.ContainsKey(i.Node)) && !fed.Contains(node)))
            {
                constant[node] = bytes + (node.Attributes["value"] is TensorAttr { DType: var dtype, Shape: var shape } && dtype.HasFixedSize() ? Tensor.ByteCount(dtype, shape) : 0);
                continue;
            }

            if (IsStateful(node) && !fed.Contains(node))
                return [];
            total += bytes;
            if (pieces.Count == 0 || size + bytes > LargestPiece)
            {
                pieces.Add([]);
                size = 0;
            }

            pieces[^1].Add(node);
            size += bytes;
        }

        return total > LargestWhole ? pieces : [];
    }

    private static bool IsStateful(Node node) => node.Op.Dialect != Dialect.TFLite ? !Purity.IsPure(node) && !node.Op.Name.StartsWith("Placeholder", StringComparison.Ordinal) && !node.Op.Name.StartsWith("_Fused", StringComparison.Ordinal)
        : node.Op.Name is "CALL_ONCE" or "VAR_HANDLE" or "READ_VARIABLE" or "ASSIGN_VARIABLE" || node.Op.Name.StartsWith("HASHTABLE", StringComparison.Ordinal) || node.Tensors.Any(t => t.IsVariable);
}
