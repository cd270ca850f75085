using Decant.IR;

namespace Decant.Lowering.Fusions;

/// <summary>exp(x) / Σ exp(x) and x - log Σ exp(x) along the last axis, also of x less its maximum there: SOFTMAX and LOG_SOFTMAX.</summary>
internal static class Softmaxes
{
    public static bool Join(Node node, FusionGraph graph)
    {
        if (node.Op.Name is not ("DIV" or "SUB") || node.Inputs.Count != 2 || node.Fact(0).DType != DType.Float32 || Constants.Activation(node) != "NONE")
            return false;
        bool isLog = node.Op.Name == "SUB";
        Value below = isLog ? FusionGraph.Producer(node.Inputs[1], "LOG") is { } log ? log.Inputs[0] : default : node.Inputs[1];
        if (Reduced(below, "SUM") is not { } terms || FusionGraph.Producer(terms, "EXP") is not { } exponential || (isLog ? exponential.Inputs[0] : (Value)exponential) != node.Inputs[0])
            return false;
        Value x = exponential.Inputs[0];
        // The same of every x plus a number.
        if (FusionGraph.Producer(x, "SUB") is { Inputs: [var shifted, var most] } shift && Constants.Activation(shift) == "NONE" && Reduced(most, "REDUCE_MAX") == shifted)
            x = shifted;
        graph.Remove(node);
        node.Op = new OpName(Dialect.TFLite, isLog ? "LOG_SOFTMAX" : "SOFTMAX");
        node.Attributes = isLog ? new() : new() { { "beta", 1f } };
        graph.SetInput(node, 0, x);
        return true;
    }

    /// <summary>What a value is reduced of along its last axis, whose size becomes 1.</summary>
    private static Value? Reduced(Value value, string reduction) =>
        FusionGraph.Producer(value, reduction) is { Inputs: [var of, { Constant: { DType: DType.Int32, ElementCount: 1 } axis }] } node && node.Attributes["keep_dims"] is BoolAttr { Value: true }
            && of.Node.Fact(of.Port).Shape is { HasRank: true } shape && (axis.Span<int>()[0] == -1 || axis.Span<int>()[0] == shape.Rank - 1) ? of : (Value?)null;
}
