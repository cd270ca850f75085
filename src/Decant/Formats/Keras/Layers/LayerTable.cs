using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>What a call of a layer gives.</summary>
internal delegate IReadOnlyList<Value> Layer(LayerCall call);

/// <summary>The layers that are translated, by class. Names of Keras 1 stand beside those of Keras 2 and 3.</summary>
internal static class LayerTable
{
    private static readonly Dictionary<string, Layer> All = new(StringComparer.Ordinal)
    {
        ["Activation"] = One(c => Activations.Apply(c, "activation", c.Input)),
        ["ActivityRegularization"] = Same,
        ["Add"] = One(c => MergeLayers.Fold(c, "AddV2")),
        ["AlphaDropout"] = Same,
        ["Average"] = One(MergeLayers.Average),
        ["AveragePooling1D"] = One(c => PoolingLayers.Pool(c, 1, false)),
        ["AveragePooling2D"] = One(c => PoolingLayers.Pool(c, 2, false)),
        ["AveragePooling3D"] = One(c => PoolingLayers.Pool(c, 3, false)),
        ["BatchNormalization"] = One(NormalizationLayers.BatchNormalization),
        ["Bidirectional"] = RecurrentWrappers.Bidirectional,
        ["Concatenate"] = One(MergeLayers.Concatenate),
        ["Conv1D"] = One(c => ConvolutionLayers.Conv(c, 1)),
        ["Conv1DTranspose"] = One(c => ConvolutionLayers.Transposed(c, 1)),
        ["Conv2D"] = One(c => ConvolutionLayers.Conv(c, 2)),
        ["Conv2DTranspose"] = One(c => ConvolutionLayers.Transposed(c, 2)),
        ["Conv3D"] = One(c => ConvolutionLayers.Conv(c, 3)),
        ["Convolution1D"] = One(c => ConvolutionLayers.Conv(c, 1)),
        ["Convolution2D"] = One(c => ConvolutionLayers.Conv(c, 2)),
        ["Convolution3D"] = One(c => ConvolutionLayers.Conv(c, 3)),
        ["Cropping1D"] = One(c => CoreLayers.Cropping(c, 1)),
        ["Cropping2D"] = One(c => CoreLayers.Cropping(c, 2)),
        ["Cropping3D"] = One(c => CoreLayers.Cropping(c, 3)),
        ["Dense"] = One(CoreLayers.Dense),
        ["DepthwiseConv1D"] = One(c => ConvolutionLayers.Depthwise(c, 1)),
        ["DepthwiseConv2D"] = One(c => ConvolutionLayers.Depthwise(c, 2)),
        ["Dot"] = One(MergeLayers.Dot),
        ["Dropout"] = Same,
        ["ELU"] = One(Activations.ELU),
        ["Embedding"] = One(CoreLayers.Embedding),
        ["Flatten"] = One(CoreLayers.Flatten),
        ["GRU"] = Recurrent.Gru,
        ["GaussianDropout"] = Same,
        ["GaussianNoise"] = Same,
        ["GlobalAveragePooling1D"] = One(c => PoolingLayers.Global(c, 1, false)),
        ["GlobalAveragePooling2D"] = One(c => PoolingLayers.Global(c, 2, false)),
        ["GlobalAveragePooling3D"] = One(c => PoolingLayers.Global(c, 3, false)),
        ["GlobalMaxPooling1D"] = One(c => PoolingLayers.Global(c, 1, true)),
        ["GlobalMaxPooling2D"] = One(c => PoolingLayers.Global(c, 2, true)),
        ["GlobalMaxPooling3D"] = One(c => PoolingLayers.Global(c, 3, true)),
        ["Identity"] = Same,
        ["LSTM"] = Recurrent.Lstm,
        ["LayerNormalization"] = One(NormalizationLayers.LayerNormalization),
        ["LeakyReLU"] = One(Activations.LeakyReLU),
        ["Masking"] = One(CoreLayers.Masking),
        ["MaxPooling1D"] = One(c => PoolingLayers.Pool(c, 1, true)),
        ["MaxPooling2D"] = One(c => PoolingLayers.Pool(c, 2, true)),
        ["MaxPooling3D"] = One(c => PoolingLayers.Pool(c, 3, true)),
        ["Maximum"] = One(c => MergeLayers.Fold(c, "Maximum")),
        ["Minimum"] = One(c => MergeLayers.Fold(c, "Minimum")),
        ["Multiply"] = One(c => MergeLayers.Fold(c, "Mul")),
        ["Normalization"] = One(NormalizationLayers.Normalization),
        ["PReLU"] = One(Activations.PReLU),
        ["Permute"] = One(CoreLayers.Permute),
        ["ReLU"] = One(Activations.ReLU),
        ["RepeatVector"] = One(CoreLayers.RepeatVector),
        ["Rescaling"] = One(CoreLayers.Rescaling),
        ["Reshape"] = One(CoreLayers.Reshape),
        ["SeparableConv1D"] = One(c => ConvolutionLayers.Separable(c, 1)),
        ["SeparableConv2D"] = One(c => ConvolutionLayers.Separable(c, 2)),
        ["SeparableConvolution2D"] = One(c => ConvolutionLayers.Separable(c, 2)),
        ["SimpleRNN"] = Recurrent.Simple,
        ["Softmax"] = One(c => Activations.Softmax(c, c.Input, c.Config.Int("axis", -1))),
        ["SpatialDropout1D"] = Same,
        ["SpatialDropout2D"] = Same,
        ["SpatialDropout3D"] = Same,
        ["Subtract"] = One(c => MergeLayers.Fold(c, "Sub")),
        ["ThresholdedReLU"] = One(Activations.ThresholdedReLU),
        ["TimeDistributed"] = RecurrentWrappers.TimeDistributed,
        ["TimeDistributedDense"] = One(CoreLayers.Dense),
        ["UnitNormalization"] = One(NormalizationLayers.UnitNormalization),
        ["UpSampling1D"] = One(c => CoreLayers.UpSampling(c, 1)),
        ["UpSampling2D"] = One(c => CoreLayers.UpSampling(c, 2)),
        ["UpSampling3D"] = One(c => CoreLayers.UpSampling(c, 3)),
        ["ZeroPadding1D"] = One(c => CoreLayers.ZeroPadding(c, 1)),
        ["ZeroPadding2D"] = One(c => CoreLayers.ZeroPadding(c, 2)),
        ["ZeroPadding3D"] = One(c => CoreLayers.ZeroPadding(c, 3)),
    };

    // Layers whose output has the steps of their input, which keep its mask.
    private static readonly HashSet<string> KeepMask = new(StringComparer.Ordinal)
    {
        "Activation", "ActivityRegularization", "Add", "AlphaDropout", "Average", "BatchNormalization", "Concatenate", "Dense", "Dropout", "ELU", "GaussianDropout", "GaussianNoise",
        "Identity", "LayerNormalization", "LeakyReLU", "Maximum", "Minimum", "Multiply", "PReLU", "ReLU", "Rescaling", "Softmax", "SpatialDropout1D", "Subtract",
        "ThresholdedReLU", "TimeDistributed", "TimeDistributedDense", "UnitNormalization",
    };

    /// <summary>The classes, sorted.</summary>
    public static IReadOnlyList<string> Names => [.. All.Keys.Order(StringComparer.Ordinal)];

    public static Layer? Find(string name) => All.GetValueOrDefault(name);

    public static bool KeepsMask(string name) => KeepMask.Contains(name);

    private static Layer One(Func<LayerCall, Value> layer) => call => [layer(call)];

    // Layers that do nothing outside of training.
    private static IReadOnlyList<Value> Same(LayerCall call) => [call.Input];
}
