using System.Text.Json.Nodes;
using Decant.Formats.Keras;
using Decant.Formats.Keras.Writing;
using Decant.IR;

namespace Decant.Formats.TFJS;

/// <summary>Which layers TensorFlow.js has.</summary>
internal static class LayersSupport
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "Activation", "Add", "AlphaDropout", "Average", "AveragePooling1D", "AveragePooling2D", "AveragePooling3D", "BatchNormalization", "Bidirectional",
        "Concatenate", "Conv1D", "Conv2D", "Conv2DTranspose", "Conv3D", "Conv3DTranspose", "ConvLSTM2D", "ConvLSTM2DCell", "Cropping2D", "Dense", "DepthwiseConv2D", "Dot",
        "Dropout", "ELU", "Embedding", "Flatten", "Functional", "GRU", "GRUCell", "GaussianDropout", "GaussianNoise", "GlobalAveragePooling1D", "GlobalAveragePooling2D",
        "GlobalMaxPooling1D", "GlobalMaxPooling2D", "InputLayer", "LSTM", "LSTMCell", "LayerNormalization", "LeakyReLU", "Masking", "MaxPooling1D", "MaxPooling2D", "MaxPooling3D", "Maximum",
        "Minimum", "Model", "Multiply", "PReLU", "Permute", "RNN", "ReLU", "RepeatVector", "Rescaling", "Reshape",
        "SeparableConv2D", "Sequential", "SimpleRNN", "SimpleRNNCell", "Softmax", "SpatialDropout1D", "StackedRNNCells", "ThresholdedReLU", "TimeDistributed", "UpSampling2D", "ZeroPadding2D",
    };

    private static readonly HashSet<string> Former = new(StringComparer.Ordinal) { "BatchNormalizationV1", "BatchNormalizationV2", "UnifiedGRU", "UnifiedLSTM" };

    // What options name besides layers, as TensorFlow.js looks it up: without underscores, in any case. "silu" is written by its former name.
    private static readonly (string Ends, string What, HashSet<string> Known)[] Parts =
    [
        ("activation", "activation", new(StringComparer.OrdinalIgnoreCase) { "elu", "gelu", "hardSigmoid", "linear", "logSoftmax", "mish", "relu", "relu6", "selu", "sigmoid", "silu", "softmax", "softplus", "softsign", "swish", "tanh" }),
        ("constraint", "constraint", new(StringComparer.OrdinalIgnoreCase) { "MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm" }),
        ("initializer", "initializer", new(StringComparer.OrdinalIgnoreCase)
        {
            "Constant", "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "Identity", "IdentityInitializer", "LecunNormal", "LecunUniform", "Ones", "Orthogonal", "OrthogonalInitializer", "RandomNormal",
            "RandomUniform", "TruncatedNormal", "VarianceScaling", "Zeros",
        }),
        ("regularizer", "regularizer", new(StringComparer.OrdinalIgnoreCase) { "L1", "L1L2", "L2" }),
    ];

    /// <summary>The classes that TensorFlow.js has.</summary>
    public static IReadOnlyCollection<string> Names => Known;

    /// <summary>Whether TensorFlow.js has a layer of this class.</summary>
    public static bool Has(string type) => Known.Contains(type) || Former.Contains(type);

    /// <summary>Refuses a model with layers that TensorFlow.js does not have, or not with these options.</summary>
    /// <param name="model">The description.</param>
    /// <param name="layers">The layers that it describes.</param>
    /// <param name="path">The model's path.</param>
    /// <param name="version">The version of the Keras that wrote it.</param>
    /// <exception cref="ModelException">There are such layers; each is told.</exception>
    public static void Refuse(JsonObject model, IEnumerable<KerasLayer> layers, string path, string version)
    {
        List<Diagnostic> faults = [];
        Dictionary<string, Shape> shapes = InputShapes(layers);
        var owners = DescriptionJson.All(model).SelectMany(m => DescriptionJson.LayersOf(m).Select(l => (Layer: l, Model: m))).ToDictionary(o => o.Layer, o => o.Model);
        foreach (JsonObject layer in DescriptionJson.All(model))
        {
            string type = layer.Text("class_name") ?? "";
            string? name = layer.Options()?.Text("name") ?? layer.Text("name");
            Shape shape = shapes.GetValueOrDefault(name ?? "", Shape.Unknown);
            int rank = shape.HasRank ? shape.Rank : 0;
            bool isKeras3 = version.StartsWith('3');
            JsonObject[]? parts = owners.TryGetValue(layer, out JsonObject? owner) ? LayerForms.Of(layer, owner, shape, isKeras3) : null;
            string? why = OperationForms.IsOfKeras3(layer) ? "TensorFlow.js has no operations between layers but those on one value and a number"
                : parts is null ? Why(type, layer.Options() ?? [], rank, isKeras3)
                : parts.Select(p => Why(p.Text("class_name")!, p.Options()!, rank, isKeras3)).FirstOrDefault(w => w is not null);
            if (why is not null)
                faults.Add(new Diagnostic(FormatErrors.OpsNotSupported, why, new Location(path, Node: name, Op: type), "write a graph model, which has other ops: decant convert MODEL --to tfjs"));
        }

        if (faults.Count > 0)
            throw new ModelException(faults);
    }

    /// <summary>The shapes of what layers take, by name, as far as all layers of a name take the same: models inside of others have names of their own.</summary>
    public static Dictionary<string, Shape> InputShapes(IEnumerable<KerasLayer> layers)
    {
        var shapes = new Dictionary<string, Shape>(StringComparer.Ordinal);
        foreach (KerasLayer layer in layers.SelectMany(Flat))
            shapes[layer.Name] = shapes.TryGetValue(layer.Name, out Shape known) ? known.Join(layer.InputShape) : layer.InputShape;
        return shapes;
    }

    private static IEnumerable<KerasLayer> Flat(KerasLayer layer) => layer.Layers.SelectMany(Flat).Prepend(layer);

    private static string? Why(string type, JsonObject options, int rank, bool isKeras3)
    {
        if (!Has(type))
            return LayerLimits.WhyNot(type) ?? "TensorFlow.js does not have this layer";
        if (LayerLimits.Why(type, options, rank) is { } limit)
            return limit;
        foreach ((string option, JsonNode? value) in options)
        {
            if (Array.Find(Parts, p => option.EndsWith(p.Ends, StringComparison.Ordinal)) is not { Known: { } known, What: var what } || Named(value) is not { } name)
                continue;
            if (!known.Contains(name))
                return $"TensorFlow.js does not have the {what} {name}";
            if (isKeras3 && what == "activation" && name.Equals("hardSigmoid", StringComparison.OrdinalIgnoreCase))
                return "TensorFlow.js computes hard_sigmoid as Keras 2 does, and the model is of Keras 3, which has other slopes";
        }

        return null;
    }

    // A name, or an entry with a class; of functions, the function's name. Layers that are activations are looked at as layers are.
    private static string? Named(JsonNode? value) => (value is JsonObject entry ? entry.Text("class_name") == "function" ? entry.Text("config") : entry.Text("class_name") is { } type && !Has(type) ? type : null
        : value is JsonValue text && text.TryGetValue(out string? name) ? name : null)?.Replace("_", "", StringComparison.Ordinal);
}
