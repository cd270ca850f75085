namespace Decant.Lowering;

/// <summary>The kinds of fault that stop a conversion.</summary>
public static class ConvertErrors
{
    public static readonly ErrorCode UnsupportedOp = new("unsupported-op", "A node has no form in the format that the model is converted to.");
    public static readonly ErrorCode CannotConvert = new("cannot-convert", "A model cannot be converted: it is of a kind that has no conversion, or what is asked for does not fit it.");

    /// <summary>All codes of this class, for the generated page.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } = [UnsupportedOp, CannotConvert];
}
