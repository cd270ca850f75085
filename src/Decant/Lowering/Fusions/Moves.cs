using Decant.IR;

namespace Decant.Lowering.Fusions;

/// <summary>Moves that are one move, or none.</summary>
internal static class Moves
{
    /// <summary>A reshape to the shape that there is; a reshape of a reshape; a transposition that moves only dimensions of size 1.</summary>
    public static bool Reshape(Node node, FusionGraph graph)
    {
        if (node.Op.Name != "RESHAPE")
            return false;
        Value input = node.Inputs[0];
        Shape from = input.Node.Fact(input.Port).Shape, to = node.Fact(0).Shape;
        bool isSame = from.HasRank && from == to && from.Dims.ToArray().Count(d => d < 0) <= 1 && node.Inputs[1].Constant is not null;
        if (isSame && !graph.Function.Results.Exists(r => r.Value == new Value(node)))
        {
            graph.Replace(node, input);
            graph.Remove(node);
            return true;
        }

        if (FusionGraph.Producer(input, "RESHAPE") is not { } before || node.Inputs[1].Constant is null)
            return false;
        graph.SetInput(node, 0, before.Inputs[0]);
        return true;
    }

    /// <summary>Two transpositions are one.</summary>
    public static bool Transpose(Node node, FusionGraph graph)
    {
        if (node.Op.Name != "TRANSPOSE" || Order(node) is not { } second)
            return false;
        if (Enumerable.Range(0, second.Length).All(i => second[i] == i) && !graph.Function.Results.Exists(r => r.Value == new Value(node)))
        {
            graph.Replace(node, node.Inputs[0]);
            graph.Remove(node);
            return true;
        }

        if (FusionGraph.Producer(node.Inputs[0], "TRANSPOSE") is not { } before || Order(before) is not { } first || first.Length != second.Length)
            return false;
        int[] both = [.. second.Select(d => first[d])];
        graph.SetInput(node, 0, before.Inputs[0]);
        graph.SetInput(node, 1, graph.Const($"{node.Name}/order", Tensor.Wrap(both)));
        return true;
    }

    private static int[]? Order(Node node) => node.Inputs[1].Constant is { DType: DType.Int32 } order ? order.Span<int>().ToArray() : null;
}
