using Decant.IR;

namespace Decant.Lowering.Fusions;

/// <summary>Constant operands as numbers.</summary>
internal static class Constants
{
    /// <summary>The single float32 that a value is everywhere, or null.</summary>
    public static float? Number(Value value) => value.IsPresent && value.Constant is { DType: DType.Float32, ElementCount: 1 } constant ? constant.Span<float>()[0] : null;

    /// <summary>float32 constants that broadcast along the last dimension alone: one, or one for each of its elements.</summary>
    public static float[]? PerChannel(Value value, long channels)
    {
        if (!value.IsPresent || value.Constant is not { DType: DType.Float32 } constant || (constant.ElementCount != 1 && (constant.ElementCount != channels || constant.Shape[-1] != channels)))
            return null;
        float[] values = constant.Span<float>().ToArray();
        return values.Length == channels ? values : [.. Enumerable.Repeat(values[0], checked((int)channels))];
    }

    /// <summary>The input of a node of two whose other one is constant, and that one.</summary>
    public static (Value Other, Value Constant)? Sides(Node node) =>
        node.Inputs.Count != 2 ? null : node.Inputs[1].Constant is not null ? (node.Inputs[0], node.Inputs[1]) : node.Inputs[0].Constant is not null ? (node.Inputs[1], node.Inputs[0]) : null;

    public static string Activation(Node node) => node.Attributes["fused_activation_function"] is StringAttr { Text: var text } ? text : "NONE";
}
