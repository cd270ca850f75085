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
        ["AdaptiveAveragePooling1D"] = One(c => PoolingLayers.Adaptive(c, 1, false)),
        ["AdaptiveAveragePooling2D"] = One(c => PoolingLayers.Adaptive(c, 2, false)),
        ["AdaptiveAveragePooling3D"] = One(c => PoolingLayers.Adaptive(c, 3, false)),
        ["AdaptiveMaxPooling1D"] = One(c => PoolingLayers.Adaptive(c, 1, true)),
        ["AdaptiveMaxPooling2D"] = One(c => PoolingLayers.Adaptive(c, 2, true)),
        ["AdaptiveMaxPooling3D"] = One(c => PoolingLayers.Adaptive(c, 3, true)),
        ["Add"] = One(c => MergeLayers.Fold(c, "AddV2")),
        ["AdditiveAttention"] = One(AttentionLayers.Additive),
        ["AlphaDropout"] = Same,
        ["AtrousConvolution1D"] = One(c => ConvolutionLayers.Conv(c, 1)),
        ["AtrousConvolution2D"] = One(c => ConvolutionLayers.Conv(c, 2)),
        ["Attention"] = One(AttentionLayers.Attention),
        ["AutoContrast"] = One(ContrastLayers.AutoContrast),
        ["Average"] = One(MergeLayers.Average),
        ["AveragePooling1D"] = One(c => PoolingLayers.Pool(c, 1, false)),
        ["AveragePooling2D"] = One(c => PoolingLayers.Pool(c, 2, false)),
        ["AveragePooling3D"] = One(c => PoolingLayers.Pool(c, 3, false)),
        ["BatchNormalization"] = One(NormalizationLayers.BatchNormalization),
        ["BatchNormalizationV1"] = One(NormalizationLayers.BatchNormalization),
        ["BatchNormalizationV2"] = One(NormalizationLayers.BatchNormalization),
        ["Bidirectional"] = RecurrentWrappers.Bidirectional,
        ["CategoryEncoding"] = One(EncodingLayers.CategoryEncoding),
        ["CenterCrop"] = One(ImageLayers.CenterCrop),
        ["Concatenate"] = One(MergeLayers.Concatenate),
        ["ContrastLimitedAdaptiveHistogramEqualization"] = One(ContrastLayers.LimitedEqualization),
        ["Conv1D"] = One(c => ConvolutionLayers.Conv(c, 1)),
        ["Conv1DTranspose"] = One(c => ConvolutionLayers.Transposed(c, 1)),
        ["Conv2D"] = One(c => ConvolutionLayers.Conv(c, 2)),
        ["Conv2DTranspose"] = One(c => ConvolutionLayers.Transposed(c, 2)),
        ["Conv3D"] = One(c => ConvolutionLayers.Conv(c, 3)),
        ["Conv3DTranspose"] = One(c => ConvolutionLayers.Transposed(c, 3)),
        ["ConvLSTM1D"] = c => ConvolutionalRecurrent.Lstm(c, 1),
        ["ConvLSTM2D"] = c => ConvolutionalRecurrent.Lstm(c, 2),
        ["ConvLSTM3D"] = c => ConvolutionalRecurrent.Lstm(c, 3),
        ["Convolution1D"] = One(c => ConvolutionLayers.Conv(c, 1)),
        ["Convolution2D"] = One(c => ConvolutionLayers.Conv(c, 2)),
        ["Convolution3D"] = One(c => ConvolutionLayers.Conv(c, 3)),
        ["Cropping1D"] = One(c => CoreLayers.Cropping(c, 1)),
        ["Cropping2D"] = One(c => CoreLayers.Cropping(c, 2)),
        ["Cropping3D"] = One(c => CoreLayers.Cropping(c, 3)),
        ["CuDNNGRU"] = Recurrent.Gru,
        ["CuDNNLSTM"] = Recurrent.Lstm,
        ["CustomScaleLayer"] = One(ApplicationLayers.CustomScale),
        ["Deconvolution2D"] = One(ConvolutionLayers.Deconvolution),
        ["Dense"] = One(CoreLayers.Dense),
        ["DenseFeatures"] = One(FeatureColumns.Dense),
        ["DepthwiseConv1D"] = One(c => ConvolutionLayers.Depthwise(c, 1)),
        ["DepthwiseConv2D"] = One(c => ConvolutionLayers.Depthwise(c, 2)),
        ["Discretization"] = One(EncodingLayers.Discretization),
        ["Dot"] = One(MergeLayers.Dot),
        ["Dropout"] = Same,
        ["ELU"] = One(Activations.ELU),
        ["EinsumDense"] = One(CoreLayers.EinsumDense),
        ["Embedding"] = One(CoreLayers.Embedding),
        ["Equalization"] = Same,
        ["FNetEncoder"] = One(LanguageLayers.FNetEncoder),
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
        ["GroupNormalization"] = One(NormalizationLayers.GroupNormalization),
        ["GroupQueryAttention"] = AttentionLayers.MultiHead,
        ["GroupedQueryAttention"] = AttentionLayers.MultiHead,
        ["HashedCrossing"] = One(EncodingLayers.HashedCrossing),
        ["Hashing"] = One(EncodingLayers.Hashing),
        ["Highway"] = One(OldLayers.Highway),
        ["Identity"] = Same,
        ["IntegerLookup"] = One(c => EncodingLayers.Lookup(c, isText: false)),
        ["LSTM"] = Recurrent.Lstm,
        ["LayerNormalization"] = One(NormalizationLayers.LayerNormalization),
        ["LayerScale"] = One(ApplicationLayers.LayerScale),
        ["LeakyReLU"] = One(Activations.LeakyReLU),
        ["LocallyConnected1D"] = One(c => LocallyConnected.Connected(c, 1)),
        ["LocallyConnected2D"] = One(c => LocallyConnected.Connected(c, 2)),
        ["MaskedLMHead"] = One(LanguageLayers.MaskedLMHead),
        ["Masking"] = One(CoreLayers.Masking),
        ["MaxNumBoundingBoxes"] = Same,
        ["MaxPooling1D"] = One(c => PoolingLayers.Pool(c, 1, true)),
        ["MaxPooling2D"] = One(c => PoolingLayers.Pool(c, 2, true)),
        ["MaxPooling3D"] = One(c => PoolingLayers.Pool(c, 3, true)),
        ["Maximum"] = One(c => MergeLayers.Fold(c, "Maximum")),
        ["MaxoutDense"] = One(OldLayers.MaxoutDense),
        ["MelSpectrogram"] = One(SpectrogramLayers.Mel),
        ["Merge"] = One(MergeLayers.Merge),
        ["Minimum"] = One(c => MergeLayers.Fold(c, "Minimum")),
        ["MultiHeadAttention"] = AttentionLayers.MultiHead,
        ["Multiply"] = One(c => MergeLayers.Fold(c, "Mul")),
        ["Normalization"] = One(NormalizationLayers.Normalization),
        ["PReLU"] = One(Activations.PReLU),
        ["ParametricSoftplus"] = One(OldLayers.ParametricSoftplus),
        ["Permute"] = One(CoreLayers.Permute),
        ["PositionEmbedding"] = One(PositionLayers.Embedding),
        ["RMSNormalization"] = One(NormalizationLayers.RmsNormalization),
        ["RNN"] = CellLayers.Rnn,
        ["RandomCrop"] = One(ImageLayers.RandomCrop),
        ["RandomFourierFeatures"] = One(OldLayers.RandomFourierFeatures),
        ["ReLU"] = One(Activations.ReLU),
        ["RepeatVector"] = One(CoreLayers.RepeatVector),
        ["Rescaling"] = One(CoreLayers.Rescaling),
        ["Reshape"] = One(CoreLayers.Reshape),
        ["Resizing"] = One(ImageLayers.Resizing),
        ["ReversibleEmbedding"] = One(CoreLayers.ReversibleEmbedding),
        ["RotaryEmbedding"] = One(PositionLayers.Rotary),
        ["SReLU"] = One(OldLayers.SReLU),
        ["STFTSpectrogram"] = One(SpectrogramLayers.Stft),
        ["SeparableConv1D"] = One(c => ConvolutionLayers.Separable(c, 1)),
        ["SeparableConv2D"] = One(c => ConvolutionLayers.Separable(c, 2)),
        ["SeparableConvolution2D"] = One(c => ConvolutionLayers.Separable(c, 2)),
        ["SimpleRNN"] = Recurrent.Simple,
        ["SinePositionEncoding"] = One(PositionLayers.Sine),
        ["Softmax"] = One(c => Activations.Softmax(c, c.Input, c.Config.Int("axis", -1))),
        ["SpatialDropout1D"] = Same,
        ["SpatialDropout2D"] = Same,
        ["SpatialDropout3D"] = Same,
        ["SpectralNormalization"] = RecurrentWrappers.SpectralNormalization,
        ["StochasticDepth"] = One(ApplicationLayers.StochasticDepth),
        ["StringLookup"] = One(c => EncodingLayers.Lookup(c, isText: true)),
        ["Subtract"] = One(c => MergeLayers.Fold(c, "Sub")),
        ["SyncBatchNormalization"] = One(NormalizationLayers.BatchNormalization),
        [OpLayer.Class] = OpLayer.Call,
        ["TernaryDense"] = One(CoreLayers.TernaryDense),
        ["TextVectorization"] = One(EncodingLayers.TextVectorization),
        ["ThresholdedReLU"] = One(Activations.ThresholdedReLU),
        ["TimeDistributed"] = RecurrentWrappers.TimeDistributed,
        ["TimeDistributedDense"] = One(CoreLayers.Dense),
        ["TokenAndPositionEmbedding"] = One(PositionLayers.TokenAndPosition),
        ["TransformerDecoder"] = TransformerLayers.Decoder,
        ["TransformerEncoder"] = TransformerLayers.Encoder,
        ["UnifiedGRU"] = Recurrent.Gru,
        ["UnifiedLSTM"] = Recurrent.Lstm,
        ["UnitNormalization"] = One(NormalizationLayers.UnitNormalization),
        ["UpSampling1D"] = One(c => CoreLayers.UpSampling(c, 1)),
        ["UpSampling2D"] = One(c => CoreLayers.UpSampling(c, 2)),
        ["UpSampling3D"] = One(c => CoreLayers.UpSampling(c, 3)),
        ["ZeroPadding1D"] = One(c => CoreLayers.ZeroPadding(c, 1)),
        ["ZeroPadding2D"] = One(c => CoreLayers.ZeroPadding(c, 2)),
        ["ZeroPadding3D"] = One(c => CoreLayers.ZeroPadding(c, 3)),
    };

    // Layers that change images in training, and only make floats of them otherwise.
    private static readonly HashSet<string> Augmentation = new(StringComparer.Ordinal)
    {
        "AugMix", "CutMix", "MixUp", "RandAugment", "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast", "RandomElasticTransform",
        "RandomErasing", "RandomFlip", "RandomGaussianBlur", "RandomGrayscale", "RandomHeight", "RandomHue", "RandomInvert", "RandomPerspective", "RandomPosterization", "RandomRotation",
        "RandomSaturation", "RandomSharpness", "RandomShear", "RandomTranslation", "RandomWidth", "RandomZoom", "Solarization",
    };

    // Layers whose output has the steps of their input, which keep its mask.
    private static readonly HashSet<string> KeepMask = new(StringComparer.Ordinal)
    {
        "Activation", "ActivityRegularization", "Add", "AlphaDropout", "Average", "BatchNormalization", "Concatenate", "Dense", "Dropout", "ELU", "GaussianDropout", "GaussianNoise",
        "GroupNormalization", "Identity", "LayerNormalization", "LeakyReLU", "Maximum", "Minimum", "Multiply", "PReLU", "ReLU", "Rescaling", "Softmax", "SpatialDropout1D", "Subtract",
        "TernaryDense", "ThresholdedReLU", "TimeDistributed", "TimeDistributedDense", "TransformerEncoder", "UnitNormalization",
    };

    /// <summary>The classes, sorted.</summary>
    public static IReadOnlyList<string> Names => [.. All.Keys.Concat(Augmentation).Order(StringComparer.Ordinal)];

    public static Layer? Find(string name) => All.GetValueOrDefault(name) ?? (Augmentation.Contains(name) ? AsFloats : null);

    /// <summary>What a described layer or operation does; null when it is not known.</summary>
    public static Layer? Find(LayerConfig layer) => Operations.OperationTable.Has(layer) ? Operations.OperationTable.Find(layer) : Find(layer.Class);

    public static bool KeepsMask(string name) => KeepMask.Contains(name);

    private static Layer One(Func<LayerCall, Value> layer) => call => [layer(call)];

    private static IReadOnlyList<Value> AsFloats(LayerCall call) => [CoreLayers.AsFloat(call, call.Input)];

    // Layers that do nothing outside of training.
    private static IReadOnlyList<Value> Same(LayerCall call) => [call.Input];
}
