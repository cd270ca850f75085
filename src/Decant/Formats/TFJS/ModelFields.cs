namespace Decant.Formats.TFJS;

/// <summary>The names in <c>model.json</c>.</summary>
internal static class ModelFields
{
    public const string Format = "format";
    public const string GeneratedBy = "generatedBy";
    public const string ConvertedBy = "convertedBy";
    public const string Signature = "signature";
    public const string Topology = "modelTopology";
    public const string UserDefinedMetadata = "userDefinedMetadata";
    public const string Initializer = "modelInitializer";
    public const string InitializerSignature = "initializerSignature";
    public const string Manifest = "weightsManifest";
    public const string TrainingConfig = "trainingConfig";

    /// <summary>In the topology of a layers model.</summary>
    public const string KerasVersion = "keras_version";
    public const string Backend = "backend";
    public const string ModelConfig = "model_config";

    /// <summary>In a signature's tensor: the number that an input and the output of the initializer share which is its handle.</summary>
    public const string ResourceId = "resourceId";

    public const string GraphModel = "graph-model";
    public const string LayersModel = "layers-model";

    /// <summary>All fields that are read.</summary>
    public static readonly string[] Known = [Format, GeneratedBy, ConvertedBy, Signature, Topology, UserDefinedMetadata, Initializer, InitializerSignature, Manifest, TrainingConfig];
}
