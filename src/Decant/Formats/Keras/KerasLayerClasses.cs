using Decant.Formats.Keras.Layers;
using Decant.Formats.Keras.Layers.Operations;
using Decant.Formats.Keras.Writing.Keras3;
using Decant.Formats.TFJS;

namespace Decant.Formats.Keras;

/// <summary>A class of layers that Keras or TensorFlow.js has built in.</summary>
/// <param name="Name">Its name, such as <c>Dense</c>.</param>
/// <param name="IsTranslated">Whether Decant makes ops of it, so that models with it run, freeze and convert.</param>
/// <param name="IsInKeras3">Whether archives may have it, which are those of Keras 3.</param>
/// <param name="IsInTFJS">Whether layers models of TensorFlow.js may have it.</param>
/// <param name="Remark">What else there is to say; empty for most.</param>
public sealed record KerasLayerClass(string Name, bool IsTranslated, bool IsInKeras3, bool IsInTFJS, string Remark);

/// <summary>All classes of layers of Keras 1 to 3 and of TensorFlow.js.</summary>
public static class KerasLayerClasses
{
    private const string InRnn = "as the cell of an RNN";

    // What is not translated by itself.
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["ConvLSTM2DCell"] = "",
        ["FlaxLayer"] = "Python code",
        ["GRUCell"] = InRnn,
        ["JaxLayer"] = "Python code",
        ["LSTMCell"] = InRnn,
        ["Lambda"] = "Python code, which is never run: write it with other layers, or export a SavedModel",
        ["SequenceFeatures"] = "sparse inputs",
        ["SimpleRNNCell"] = InRnn,
        ["StackedRNNCells"] = InRnn,
        ["TFSMLayer"] = "a SavedModel inside: open that",
        ["TorchModuleWrapper"] = "Python code",
    };

    private const string OfKeras1 = "of Keras 1", OfKerasHub = "of KerasHub";
    private const string BetweenLayers = "operations between layers, which are listed below";

    // What is limited, as the errors say in detail.
    private static readonly Dictionary<string, string> Remarks = new(StringComparer.Ordinal)
    {
        ["Bidirectional"] = "of recurrent layers",
        ["CenterCrop"] = "sizes must be known",
        ["ContrastLimitedAdaptiveHistogramEqualization"] = "sizes must be known",
        ["AtrousConvolution1D"] = OfKeras1,
        ["AtrousConvolution2D"] = OfKeras1,
        ["Deconvolution2D"] = OfKeras1,
        ["DenseFeatures"] = "numeric, bucketized, indicator and embedding columns; of lists, identities, hashes, ranges and crosses, with and without weights",
        ["Dot"] = "of two and three dimensions",
        ["Equalization"] = "nothing outside of training",
        ["FNetEncoder"] = OfKerasHub,
        ["GRU"] = "TensorFlow.js without reset_after",
        ["GroupQueryAttention"] = "of three dimensions",
        ["HashedCrossing"] = "a scalar or one value per example",
        ["Highway"] = OfKeras1,
        ["IntegerLookup"] = "with its vocabulary in the description, an archive or a SavedModel",
        ["LocallyConnected1D"] = "implementation 1",
        ["LocallyConnected2D"] = "implementation 1",
        ["MaskedLMHead"] = "of KerasHub, with weights of its own",
        ["MaxNumBoundingBoxes"] = "of images, which it leaves as they are",
        ["MaxoutDense"] = OfKeras1,
        ["Merge"] = "of Keras 1, but for functions of Python",
        ["MultiHeadAttention"] = "of three dimensions",
        ["ParametricSoftplus"] = OfKeras1,
        ["PositionEmbedding"] = OfKerasHub,
        ["RandomCrop"] = "what the version of Keras does outside of training",
        ["RotaryEmbedding"] = "of KerasHub, of steps in the second dimension, without YaRN",
        ["SinePositionEncoding"] = OfKerasHub,
        ["SReLU"] = OfKeras1,
        [OperationTable.Slicing] = BetweenLayers,
        ["StringLookup"] = "with its vocabulary in the description, an archive or a SavedModel",
        [OperationTable.TensorFlow] = BetweenLayers,
        [OpLayer.Class] = "TensorFlow 2.0 to 2.3",
        ["TernaryDense"] = "not packed",
        ["TextVectorization"] = "words at spaces, with its vocabulary in the description, an archive or a SavedModel",
        ["TokenAndPositionEmbedding"] = OfKerasHub,
        ["TransformerDecoder"] = "of KerasHub, without a cache",
        ["TransformerEncoder"] = OfKerasHub,
    };

    /// <summary>The operations between layers: classes of Keras 3 and functions of TensorFlow, sorted.</summary>
    public static IReadOnlyList<string> Operations => OperationTable.Names;

    /// <summary>The classes, sorted by name.</summary>
    public static IReadOnlyList<KerasLayerClass> All { get; } =
    [
        .. LayerTable.Names.Concat(LayersSupport.Names).Concat(Others.Keys).Concat(["InputLayer", "Pipeline", OperationTable.TensorFlow, OperationTable.Slicing]).Distinct().Order(StringComparer.Ordinal).Select(name => new KerasLayerClass(
            name, LayerTable.Find(name) is not null || name is "InputLayer" or "Sequential" or "Functional" or "Model" or "Pipeline" or OperationTable.TensorFlow or OperationTable.Slicing || Others.GetValueOrDefault(name) == InRnn,
            Keras3Options.Has(Keras3Options.NameOf(name)) || Keras3Options.IsOfKerasHub(name) || name is "Sequential" or "Functional" or "Model", LayersSupport.Has(name),
            Others.GetValueOrDefault(name) ?? Remarks.GetValueOrDefault(name, ""))),
    ];
}
