namespace Decant.Formats;

/// <summary>The kinds of fault that model files have beyond those of their containers.</summary>
public static class FormatErrors
{
    public static readonly ErrorCode BadName = new("bad-name", "The name of a node, input or function is not of the form that TensorFlow allows.");
    public static readonly ErrorCode BadFunction = new("bad-function", "A function's signature and body do not fit one another.");
    public static readonly ErrorCode FormatNotSupported = new("format-not-supported", "The file is of a known format that Decant does not read or write (yet).");
    public static readonly ErrorCode NotRecognized = new("not-recognized", "A path holds no model that is known: nothing, a Git LFS pointer, a web page, another program's file.");
    public static readonly ErrorCode NoSuchTags = new("no-such-tags", "A SavedModel has no MetaGraph with exactly the tags asked for, or has several and none was chosen.");
    public static readonly ErrorCode BadAsset = new("bad-asset", "An asset's name leads out of the model's folder, or it is a link.");
    public static readonly ErrorCode BadWeights = new("bad-weights", "The weights manifest of a TensorFlow.js model, its shards and the graph's constants do not fit one another.");
    public static readonly ErrorCode OpsNotSupported = new("ops-not-supported", "The model has ops that the runtime of the format to write does not have; all of them are named.");

    /// <summary>All codes of this class, for the generated page.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } = [BadName, BadFunction, FormatNotSupported, NotRecognized, NoSuchTags, BadAsset, BadWeights, OpsNotSupported];
}
