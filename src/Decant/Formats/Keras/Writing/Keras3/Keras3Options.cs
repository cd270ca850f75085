using System.Text.Json.Nodes;

namespace Decant.Formats.Keras.Writing.Keras3;

/// <summary>Which layers Keras 3 has, and which of the options that older files tell it does not take. It refuses a file with one option too many.</summary>
internal static class Keras3Options
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "Activation", "ActivityRegularization", "AdaptiveAveragePooling1D", "AdaptiveAveragePooling2D", "AdaptiveAveragePooling3D", "AdaptiveMaxPooling1D", "AdaptiveMaxPooling2D", "AdaptiveMaxPooling3D",
        "Add", "AdditiveAttention", "AlphaDropout", "Attention", "AugMix", "AutoContrast", "Average", "AveragePooling1D", "AveragePooling2D", "AveragePooling3D", "BatchNormalization", "Bidirectional",
        "CategoryEncoding", "CenterCrop", "Concatenate", "ContrastLimitedAdaptiveHistogramEqualization", "Conv1D", "Conv1DTranspose", "Conv2D", "Conv2DTranspose", "Conv3D", "Conv3DTranspose", "ConvLSTM1D",
        "ConvLSTM2D", "ConvLSTM3D", "Cropping1D", "Cropping2D", "Cropping3D", "CutMix", "Dense", "DepthwiseConv1D", "DepthwiseConv2D", "Discretization", "Dot", "Dropout", "ELU", "EinsumDense", "Embedding",
        "Equalization", "Flatten", "GRU", "GRUCell", "GaussianDropout", "GaussianNoise", "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D", "GlobalMaxPooling1D", "GlobalMaxPooling2D",
        "GlobalMaxPooling3D", "GroupNormalization", "GroupQueryAttention", "HashedCrossing", "Hashing", "Identity", "InputLayer", "IntegerLookup", "LSTM", "LSTMCell", "LayerNormalization", "LeakyReLU", "Masking",
        "MaxNumBoundingBoxes", "MaxPooling1D", "MaxPooling2D", "MaxPooling3D", "Maximum", "MelSpectrogram", "Minimum", "MixUp", "MultiHeadAttention", "Multiply", "Normalization", "PReLU", "Permute", "Pipeline",
        "RMSNormalization", "RNN", "RandAugment", "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast", "RandomCrop", "RandomElasticTransform", "RandomErasing", "RandomFlip",
        "RandomGaussianBlur", "RandomGrayscale", "RandomHue", "RandomInvert", "RandomPerspective", "RandomPosterization", "RandomRotation", "RandomSaturation", "RandomSharpness", "RandomShear",
        "RandomTranslation", "RandomZoom", "ReLU", "RepeatVector", "Rescaling", "Reshape", "Resizing", "ReversibleEmbedding", "STFTSpectrogram", "SeparableConv1D", "SeparableConv2D", "SimpleRNN",
        "SimpleRNNCell", "Softmax", "Solarization", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "SpectralNormalization", "StackedRNNCells", "StringLookup", "Subtract", "TernaryDense",
        "TextVectorization", "TimeDistributed", "UnitNormalization", "UpSampling1D", "UpSampling2D", "UpSampling3D", "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D",
    };

    // Layers that Keras 3 keeps for older files.
    private static readonly HashSet<string> Legacy = new(StringComparer.Ordinal) { "RandomHeight", "RandomWidth", "ThresholdedReLU" };

    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["BatchNormalizationV1"] = "BatchNormalization",
        ["BatchNormalizationV2"] = "BatchNormalization",
        ["CuDNNGRU"] = "GRU",
        ["CuDNNLSTM"] = "LSTM",
        ["Convolution1D"] = "Conv1D",
        ["Convolution2D"] = "Conv2D",
        ["Convolution3D"] = "Conv3D",
        ["GroupedQueryAttention"] = "GroupQueryAttention",
        ["SeparableConvolution2D"] = "SeparableConv2D",
        ["SyncBatchNormalization"] = "BatchNormalization",
        ["UnifiedGRU"] = "GRU",
        ["UnifiedLSTM"] = "LSTM",
    };

    private static readonly HashSet<string> OfKerasHub = new(StringComparer.Ordinal)
    {
        "FNetEncoder", "MaskedLMHead", "PositionEmbedding", "RotaryEmbedding", "SinePositionEncoding", "TokenAndPositionEmbedding", "TransformerDecoder", "TransformerEncoder",
    };

    // TensorFlow.js tells the options of the cell here too.
    private static readonly HashSet<string> OfRnn = new(StringComparer.Ordinal) { "name", "trainable", "dtype", "cell", "return_sequences", "return_state", "go_backwards", "stateful", "unroll", "zero_output_for_mask" };

    private const string Any = "any", Every = "*";

    // Options of classes, and the value with which they say nothing.
    private static readonly (string Classes, string Options, string Nothing)[] Former =
    [
        (Every, "batch_input_shape input_dtype implementation num_constants input_length", Any),
        ("Conv1DTranspose Conv2DTranspose Conv3DTranspose DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D", "groups", "1"),
        ("DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D", "kernel_initializer kernel_regularizer kernel_constraint", Any),
        ("LSTM GRU SimpleRNN RNN ConvLSTM1D ConvLSTM2D ConvLSTM3D", "time_major", "false"),
        ("StackedRNNCells", "reverse_state_order", "false"),
        ("SpatialDropout1D SpatialDropout2D SpatialDropout3D", "trainable", Any),
        ("SpatialDropout1D SpatialDropout2D SpatialDropout3D", "noise_shape", "null"),
        ("SpatialDropout1D", "data_format", Any),
        ("MultiHeadAttention", "query_shape key_shape value_shape", Any),
        ("BatchNormalization", "fused renorm_clipping renorm_momentum", Any),
        ("BatchNormalization", "virtual_batch_size adjustment", "null"),
        ("BatchNormalization", "renorm", "false"),
        ("Attention AdditiveAttention", "causal", "false"),
    ];

    /// <summary>Whether a class is one of Keras 3.</summary>
    public static bool Has(string type) => Known.Contains(type) || Legacy.Contains(type);

    /// <summary>Whether a class is one of KerasHub, formerly KerasNLP.</summary>
    public static bool IsOfKerasHub(string type) => OfKerasHub.Contains(type);

    /// <summary>What Keras 3 calls a class.</summary>
    public static string NameOf(string type) => Renamed.GetValueOrDefault(type, type);

    /// <summary>Where Keras 3 has a class.</summary>
    public static string ModuleOf(string type) => Legacy.Contains(type) ? "keras._legacy.layers" : "keras.layers";

    /// <summary>Takes out the options that Keras 3 does not know; tells one that it needs and that asks for what it cannot do, or null.</summary>
    public static string? Clean(string type, JsonObject options)
    {
        if (type == "InputLayer")
        {
            if (options["batch_input_shape"] is { } shape)
                options["batch_shape"] = shape.DeepClone();
        }
        else if (type == "LeakyReLU" && options["alpha"] is { } alpha)
        {
            options["negative_slope"] = alpha.DeepClone();
            options.Remove("alpha");
        }

        if (type == "BatchNormalization" && options["axis"] is JsonArray axes)
        {
            if (axes is not [{ } axis])
                return $"Keras 3 normalizes batches along one axis, and these are {axes.Count}";
            options["axis"] = axis.DeepClone();
        }

        if (type is "Resizing" or "UpSampling2D" && options.Text("interpolation") is { } method and not ("area" or "bicubic" or "bilinear" or "lanczos3" or "lanczos5" or "nearest"))
            return $"Keras 3 has no interpolation {method}";

        foreach ((string classes, string names, string nothing) in Former)
        {
            if (classes != Every && !classes.Split(' ').Contains(type))
                continue;
            foreach (string name in names.Split(' '))
            {
                if (nothing != Any && options[name] is { } value && value.ToJsonString() != nothing)
                    return $"Keras 3 has no {name} here, which is {LayerConfig.Shorten(value.ToJsonString())}";
                options.Remove(name);
            }
        }

        foreach (string name in options.Select(o => o.Key).ToArray())
        {
            if (type == "RNN" && !OfRnn.Contains(name))
                options.Remove(name);
            if (options[name] is not JsonObject inner || inner.Text("class_name") is not { } part)
                continue;
            // Precisions: {"class_name": "Policy", "config": {"name": "mixed_float16"}}.
            if (name == "dtype" && !inner.ContainsKey("module"))
                options[name] = inner.Options()?.Text("name") is { } policy ? policy : null;
            else if (name.EndsWith("initializer", StringComparison.Ordinal))
                inner.Options()?.Remove("dtype");
            else if (name == "max_value" && inner.Text("type") == "ndarray")
                options[name] = inner["value"]?.DeepClone();
        }

        return null;
    }
}
