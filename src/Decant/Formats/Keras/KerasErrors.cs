namespace Decant.Formats.Keras;

/// <summary>The kinds of fault that Keras models have.</summary>
public static class KerasErrors
{
    public static readonly ErrorCode BadConfig = new("keras-bad-config", "The description of a Keras model's layers is malformed, or lacks what a layer needs.");
    public static readonly ErrorCode UnknownLayers = new("keras-unknown-layers", "A Keras model has layers, or options of layers, that are not known: custom ones, or ones that Decant does not translate.");
    public static readonly ErrorCode Lambda = new("keras-lambda", "A Keras model has a Lambda layer: it holds compiled Python code, which is never run.");
    public static readonly ErrorCode BadWeights = new("keras-bad-weights", "The weights of a Keras model are missing, or do not fit its layers.");
    public static readonly ErrorCode BadArchive = new("keras-bad-archive", "A .keras archive is damaged, unpacks to more than is allowed, or holds what is unsafe.");

    /// <summary>All codes of this class, for the generated page.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } = [BadConfig, UnknownLayers, Lambda, BadWeights, BadArchive];
}
