using System.Text.Json.Nodes;
using Decant.Formats.Keras.Writing;

namespace Decant.Formats.TFJS;

/// <summary>
/// Options that TensorFlow.js 4.22 does not take, or computes otherwise than Keras, of layers that it has. Those that are not told here give the same in both.
/// </summary>
internal static class LayerLimits
{
    /// <summary>Layers that TensorFlow.js has, and that do not work in models.</summary>
    private static readonly Dictionary<string, string> Broken = new(StringComparer.Ordinal)
    {
        ["CategoryEncoding"] = "TensorFlow.js takes the shape of this layer's output for that of its input",
        ["CenterCrop"] = "TensorFlow.js takes the shape of this layer's output for that of its input",
        ["RandomWidth"] = "TensorFlow.js changes widths at random outside of training too",
        ["Resizing"] = "TensorFlow.js has this layer, and fails when a model calls it",
    };

    /// <summary>Layers that pass over <c>data_format</c>.</summary>
    private static readonly HashSet<string> LastAlone = new(StringComparer.Ordinal) { "AveragePooling1D", "Conv1D", "GlobalAveragePooling1D", "GlobalMaxPooling1D", "MaxPooling1D", "SeparableConv2D" };

    /// <summary>Why a class of layers that TensorFlow.js has is of no use; null for others.</summary>
    public static string? WhyNot(string type) => Broken.GetValueOrDefault(type);

    /// <summary>Why TensorFlow.js does not compute a layer as Keras does; null where it does.</summary>
    /// <param name="type">The class.</param>
    /// <param name="options">The options.</param>
    /// <param name="rank">The dimensions of its input with the batch; 0 where that is not known.</param>
    public static string? Why(string type, JsonObject options, int rank)
    {
        if (options.Text("data_format") == "channels_first" && LastAlone.Contains(type))
            return "TensorFlow.js has channels in the last dimension alone here";
        if (type.StartsWith("Conv", StringComparison.Ordinal))
            return OfConvolution(type, options);
        switch (type)
        {
            case "GRU" or "GRUCell" when Is(options, "reset_after"):
                return "TensorFlow.js has no reset_after, which is true here";
            case "BatchNormalization" or "BatchNormalizationV1" or "BatchNormalizationV2" when !IsLast(options["axis"], rank):
                return "TensorFlow.js normalizes along the last axis alone";
            case "BatchNormalization" or "BatchNormalizationV1" or "BatchNormalizationV2" when rank > 4:
                return "TensorFlow.js normalizes batches of at most four dimensions";
            case "Bidirectional" when options["layer"] is JsonObject layer && layer.Text("class_name") == "RNN":
                return "TensorFlow.js does not read an RNN in both directions; LSTM, GRU and SimpleRNN it does";
            case "Softmax" when !IsLast(options["axis"], rank):
                return "TensorFlow.js has softmax along the last axis alone";
            case "LayerNormalization" when Is(options, "rms_scaling"):
                return "TensorFlow.js has no rms_scaling, which is true here";
            case "ELU" when Number(options["alpha"], 1) is var alpha and not 1:
                return FormattableString.Invariant($"TensorFlow.js has no alpha other than 1 here, which is {alpha}");
            case "ReLU" when Number(options["negative_slope"], 0) != 0 || Number(options["threshold"], 0) != 0:
                return "TensorFlow.js has no negative_slope and no threshold here";
            case "UpSampling2D" when options.Text("interpolation") is { } method && method != "nearest":
                return $"TensorFlow.js has other pixels between those of the image than Keras, which interpolates by the method {method}";
            case "DepthwiseConv2D" when Numbers(options["dilation_rate"]).Any(rate => rate != 1):
                return "TensorFlow.js has no dilation_rate of convolutions by depth alone";
            case "InputLayer" when Is(options, "sparse") || Is(options, "ragged"):
                return "TensorFlow.js has no sparse and ragged inputs";
            case "Flatten" when rank is 1 or 2:
                return "TensorFlow.js flattens inputs of at least two dimensions behind the batch";
            default:
                return type.StartsWith("Global", StringComparison.Ordinal) && Is(options, "keepdims") ? "TensorFlow.js has no keepdims here, which is true" : null;
        }
    }

    private static string? OfConvolution(string type, JsonObject options)
    {
        if (Number(options["groups"], 1) is var groups and not 1)
            return FormattableString.Invariant($"TensorFlow.js has no groups of channels, of which there are {groups} here");
        if (options.Text("padding") == "causal")
            return "TensorFlow.js has no causal padding";
        if (!type.EndsWith("Transpose", StringComparison.Ordinal))
            return null;
        if (Numbers(options["dilation_rate"]).Any(rate => rate != 1))
            return "TensorFlow.js has no dilation_rate of transposed convolutions";
        if (options["output_padding"] is { } more && !IsUsual(Numbers(more), Numbers(options["kernel_size"]), Numbers(options["strides"]), options.Text("padding") == "same"))
            return "TensorFlow.js has no output_padding, and gives results of another size";
        return type == "Conv3DTranspose" && options.Text("padding") == "same" && Numbers(options["strides"]).Zip(Numbers(options["kernel_size"])).Any(p => p.First > p.Second)
            ? "TensorFlow.js computes other numbers where strides are larger than the kernel" : null;
    }

    // Whether the sizes are those without the option: s n, or s n + max(k - s, 0) for n pixels, a kernel of k and strides of s. With p it is s (n - 1) + k + p, less 2 (k / 2) of the same padding.
    private static bool IsUsual(double[] more, double[] kernel, double[] strides, bool isSame) =>
        Enumerable.Range(0, Math.Max(kernel.Length, Math.Max(more.Length, strides.Length))).All(d => At(more, d) + At(kernel, d) - (isSame ? 2 * Math.Floor(At(kernel, d) / 2) : 0)
            == (isSame ? At(strides, d) : Math.Max(At(kernel, d), At(strides, d))));

    // One number is that of all dimensions.
    private static double At(double[] numbers, int dimension) => numbers[numbers.Length == 1 ? 0 : dimension];

    private static bool Is(JsonObject options, string name) => options[name] is JsonValue value && value.TryGetValue(out bool flag) && flag;

    private static double Number(JsonNode? value, double none) => value is JsonValue number && number.TryGetValue(out double given) ? given : none;

    private static double[] Numbers(JsonNode? value) => value is JsonArray list ? [.. list.Select(v => Number(v, 1))] : [Number(value, 1)];

    // One axis may be in a list.
    private static bool IsLast(JsonNode? axis, int rank) => Number(axis is JsonArray { Count: 1 } list ? list[0] : axis, -1) is var at && (at == -1 || (at > 0 && (rank == 0 || at == rank - 1)));
}
