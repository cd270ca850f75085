namespace Decant.Passes.Compress;

/// <summary>The kinds of fault that making weights smaller has.</summary>
public static class CompressErrors
{
    public static readonly ErrorCode BadSetting = new("bad-setting", "A setting for making weights smaller names an unknown method or a value that it cannot have.");
    public static readonly ErrorCode BadEmbedding = new("bad-embedding", "The rows of a constant cannot be removed or merged: it is not a float matrix, or something else than a gather of its rows reads it.");
    public static readonly ErrorCode BadVocabulary = new("bad-vocabulary", "A vocabulary file does not have a line for each row of the embedding, or a word that is asked for.");

    /// <summary>All codes of this class, for the generated page.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } = [BadSetting, BadEmbedding, BadVocabulary];
}
