using System.Text.Json.Nodes;
using Decant.Formats.Keras;
using Decant.Formats.Keras.Writing;

namespace Decant.Formats.TFJS;

/// <summary>Which layers TensorFlow.js has.</summary>
internal static class LayersSupport
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "Activation", "Add", "AlphaDropout", "Average", "AveragePooling1D", "AveragePooling2D", "AveragePooling3D", "BatchNormalization", "Bidirectional", "CategoryEncoding",
        "CenterCrop", "Concatenate", "Conv1D", "Conv2D", "Conv2DTranspose", "Conv3D", "Conv3DTranspose", "ConvLSTM2D", "ConvLSTM2DCell", "Cropping2D", "Dense", "DepthwiseConv2D", "Dot",
        "Dropout", "ELU", "EinsumDense", "Embedding", "Flatten", "Functional", "GRU", "GRUCell", "GaussianDropout", "GaussianNoise", "GlobalAveragePooling1D", "GlobalAveragePooling2D",
        "GlobalMaxPooling1D", "GlobalMaxPooling2D", "InputLayer", "LSTM", "LSTMCell", "LayerNormalization", "LeakyReLU", "Masking", "MaxPooling1D", "MaxPooling2D", "MaxPooling3D", "Maximum",
        "Minimum", "Model", "MultiHeadAttention", "Multiply", "PReLU", "Permute", "RNN", "RandomHeight", "RandomWidth", "ReLU", "RepeatVector", "Rescaling", "Reshape", "Resizing",
        "SeparableConv2D", "Sequential", "SimpleRNN", "SimpleRNNCell", "Softmax", "SpatialDropout1D", "StackedRNNCells", "ThresholdedReLU", "TimeDistributed", "UpSampling2D", "ZeroPadding2D",
    };

    private static readonly HashSet<string> Former = new(StringComparer.Ordinal) { "BatchNormalizationV1", "BatchNormalizationV2", "UnifiedGRU", "UnifiedLSTM" };

    /// <summary>The classes that TensorFlow.js has.</summary>
    public static IReadOnlyCollection<string> Names => Known;

    /// <summary>Whether TensorFlow.js has a layer of this class.</summary>
    public static bool Has(string type) => Known.Contains(type) || Former.Contains(type);

    /// <summary>Refuses a model with layers that TensorFlow.js does not have, or not with these options.</summary>
    /// <exception cref="ModelException">There are such layers; each is told.</exception>
    public static void Refuse(JsonObject model, string path)
    {
        List<Diagnostic> faults = [];
        foreach (JsonObject layer in DescriptionJson.All(model))
        {
            string type = layer.Text("class_name") ?? "";
            if ((Keras.Layers.Operations.OperationTable.IsModule(layer.Text("module")) ? "TensorFlow.js has no operations between layers" : Why(type, layer.Options())) is { } why)
                faults.Add(new Diagnostic(FormatErrors.OpsNotSupported, why, new Location(path, Node: layer.Options()?.Text("name") ?? layer.Text("name"), Op: type), "write a graph model, which has other ops: decant convert MODEL --to tfjs"));
        }

        if (faults.Count > 0)
            throw new ModelException(faults);
    }

    private static string? Why(string type, JsonObject? options)
    {
        if (!Has(type))
            return "TensorFlow.js does not have this layer";
        if (type is "GRU" or "GRUCell" && Is(options, "reset_after"))
            return "TensorFlow.js has no reset_after, which is true here";
        if (type.StartsWith("Conv", StringComparison.Ordinal) && options?["groups"] is JsonValue groups && groups.TryGetValue(out int count) && count != 1)
            return $"TensorFlow.js has no groups of channels, of which there are {count} here";
        return type == "InputLayer" && (Is(options, "sparse") || Is(options, "ragged")) ? "TensorFlow.js has no sparse and ragged inputs" : null;
    }

    private static bool Is(JsonObject? options, string name) => options?[name] is JsonValue value && value.TryGetValue(out bool flag) && flag;
}
