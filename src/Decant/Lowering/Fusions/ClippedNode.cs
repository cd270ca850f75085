using Decant.IR;

namespace Decant.Lowering.Fusions;

/// <summary>An operator, and what its result is held within on both sides of zero.</summary>
/// <param name="Node">The operator.</param>
/// <param name="Bound">The bound; 0 where there is none.</param>
internal sealed record ClippedNode(Node Node, float Bound)
{
    /// <summary>The operator of a name that gives a value, as it is or clipped to some [-bound, bound]; null when it is clipped in another way.</summary>
    public static ClippedNode? Of(Value value, string op)
    {
        (Value input, float bound) = Symmetric(value);
        if (FusionGraph.Producer(input, op) is not { } node)
            return null;
        return Constants.Activation(node) switch
        {
            "NONE" => new ClippedNode(node, bound),
            "RELU_N1_TO_1" => new ClippedNode(node, bound > 0 ? Math.Min(bound, 1) : 1),
            _ => null,
        };
    }

    private static (Value Input, float Bound) Symmetric(Value value)
    {
        if (FusionGraph.Producer(value, "RELU_N1_TO_1") is { } unit)
            return (unit.Inputs[0], 1);
        return FusionGraph.Producer(value, "MINIMUM", "MAXIMUM") is { } outer && Constants.Sides(outer) is { } second && FusionGraph.Producer(second.Other, outer.Op.Name == "MINIMUM" ? "MAXIMUM" : "MINIMUM") is { } inner
            && Constants.Sides(inner) is { } first && Constants.Number(second.Constant) is { } a && Constants.Number(first.Constant) is { } b && a == -b && (outer.Op.Name == "MINIMUM" ? a : b) > 0
            ? (first.Other, Math.Abs(a)) : (value, 0);
    }
}
