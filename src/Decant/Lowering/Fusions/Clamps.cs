using Decant.IR;

namespace Decant.Lowering.Fusions;

/// <summary>Clamps that have operators of their own, and operators that clamp what they give.</summary>
internal static class Clamps
{
    private static readonly string[] Fusing = ["CONV_2D", "DEPTHWISE_CONV_2D", "AVERAGE_POOL_2D", "MAX_POOL_2D", "FULLY_CONNECTED", "TRANSPOSE_CONV", "CONV_3D", "ADD", "SUB", "MUL", "DIV"];

    /// <summary>min(relu(x), 6), max(min(x, 6), 0), and the same for -1 and 1 and for 0 and 1.</summary>
    public static bool Join(Node node, FusionGraph graph)
    {
        if (node.Fact(0).DType != DType.Float32)
            return false;
        if (node.Op.Name == "MAXIMUM" && Constants.Sides(node) is { } zero && Constants.Number(zero.Constant) == 0 && FusionGraph.Producer(zero.Other, "MINIMUM") is null)
        {
            Become(node, "RELU", zero.Other, graph);
            return true;
        }

        if (node.Op.Name is not ("MINIMUM" or "MAXIMUM" or "RELU"))
            return false;
        (float Low, float High, Value Input)? bounds = Bounds(node, graph);
        string? name = bounds is not { } b ? null : (b.Low, b.High) switch { (0, 6) => "RELU6", (-1, 1) => "RELU_N1_TO_1", (0, 1) => "RELU_0_TO_1", _ => null };
        if (name is null)
            return false;
        Become(node, name, bounds!.Value.Input, graph);
        return true;
    }

    /// <summary>Lets the operator in front of a clamp do it.</summary>
    public static bool Fuse(Node node, FusionGraph graph)
    {
        if (node.Op.Name is not ("RELU" or "RELU6" or "RELU_N1_TO_1") || FusionGraph.Producer(node.Inputs[0], Fusing) is not { } producer || !graph.HasOneUse(producer) || Constants.Activation(producer) != "NONE" || producer.Fact(0).DType != DType.Float32)
            return false;
        producer.Attributes.Set("fused_activation_function", node.Op.Name);
        graph.Absorb(producer, node);
        return true;
    }

    private static (float Low, float High, Value Input)? Bounds(Node outer, FusionGraph graph)
    {
        if (Side(outer) is not { } second || FusionGraph.Producer(second.Input, "MINIMUM", "MAXIMUM", "RELU") is not { } inner || !graph.HasOneUse(inner) || Side(inner) is not { } first || first.IsLow == second.IsLow)
            return null;
        return second.IsLow ? (second.Bound, first.Bound, first.Input) : (first.Bound, second.Bound, first.Input);
    }

    private static (bool IsLow, float Bound, Value Input)? Side(Node node)
    {
        if (node.Op.Name == "RELU")
            return (true, 0, node.Inputs[0]);
        return Constants.Sides(node) is { } sides && Constants.Number(sides.Constant) is { } bound ? (node.Op.Name == "MAXIMUM", bound, sides.Other) : null;
    }

    private static void Become(Node node, string op, Value input, FusionGraph graph)
    {
        graph.Remove(node);
        node.Op = new OpName(Dialect.TFLite, op);
        node.Attributes = new();
        graph.SetInput(node, 0, input);
    }
}
