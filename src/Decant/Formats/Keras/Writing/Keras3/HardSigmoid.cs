using System.Text.Json.Nodes;
using Decant.IR;

namespace Decant.Formats.Keras.Writing.Keras3;

/// <summary>
/// Keras 3 changed what <c>hard_sigmoid</c> is: <c>relu6(x + 3) / 6</c>, and before <c>clip(0.2 x + 0.5, 0, 1)</c>. The new one of 1.2 x is the former one of x,
/// so that weights whose products go into it are scaled by 1.2.
/// </summary>
internal static class HardSigmoid
{
    private const float Scale = 1.2f;

    /// <summary>Whether a layer, or the cells of one, have this activation, in its gates or otherwise.</summary>
    /// <param name="type">The class of a layer, which is no wrapper.</param>
    /// <param name="options">Its options.</param>
    public static bool IsIn(string type, JsonObject options) => IsNamed(options["activation"]) || HasGates(type, options);

    /// <summary>The weights of a layer for Keras 3; null where there is no way to have them.</summary>
    /// <param name="type">The class of the layer that has the activation.</param>
    /// <param name="options">Its options.</param>
    /// <param name="weights">Its weights; for a layer that reads in both directions, those of both.</param>
    public static IReadOnlyList<KerasWeight>? Scaled(string type, JsonObject options, IReadOnlyList<KerasWeight> weights)
    {
        bool isGated = IsGated(type);
        // The activation of gated layers is also that of their output, which no weights can scale.
        if (weights.Any(w => w.Value.DType != DType.Float32) || (isGated && IsNamed(options["activation"])))
            return null;
        return type switch
        {
            "GRU" or "GRUCell" => Gates(weights, 3, [0, 1]),
            _ when isGated => Gates(weights, 4, [0, 1, 3]),
            "SimpleRNN" or "SimpleRNNCell" or "Dense" or "EinsumDense" or "Conv1D" or "Conv2D" or "Conv3D" or "Conv1DTranspose" or "Conv2DTranspose" or "Conv3DTranspose" or "DepthwiseConv1D" or "DepthwiseConv2D" => Gates(weights, 1, [0]),
            "SeparableConv1D" or "SeparableConv2D" when weights.Count > 1 => [weights[0], .. Gates([.. weights.Skip(1)], 1, [0])!],
            _ => null,
        };
    }

    /// <summary>Whether a layer has gates; where it does not tell their activation, Keras 2 means this one.</summary>
    public static bool IsGated(string type) => type is "LSTM" or "LSTMCell" or "GRU" or "GRUCell" || type.StartsWith("ConvLSTM", StringComparison.Ordinal);

    private static bool HasGates(string type, JsonObject options) =>
        IsGated(type) && (options["recurrent_activation"] is null || IsNamed(options["recurrent_activation"]));

    private static bool IsNamed(JsonNode? activation) =>
        activation is JsonValue value && value.TryGetValue(out string? name) && name is "hard_sigmoid" or "hardSigmoid"
        || activation is JsonObject function && function.Text("config") is "hard_sigmoid";

    /// <summary>The columns of some gates, which lie side by side, scaled.</summary>
    private static KerasWeight[]? Gates(IReadOnlyList<KerasWeight> weights, int gates, int[] hard)
    {
        if (weights.Any(w => w.Value.Shape is not { Rank: > 0 } shape || shape[-1] % gates != 0))
            return null;
        return [.. weights.Select(w => w with { Value = new TensorAttr(Scaled(w.Value, gates, hard)) })];
    }

    private static Tensor Scaled(TensorAttr weight, int gates, int[] hard)
    {
        float[] values = weight.Value.Span<float>().ToArray();
        int columns = (int)weight.Shape[-1];
        for (int i = 0; i < values.Length; i++)
        {
            if (hard.Contains(i % columns * gates / columns))
                values[i] *= Scale;
        }

        return Tensor.Wrap(values, weight.Shape);
    }
}
