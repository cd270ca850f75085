namespace Decant.Comparison;

/// <summary>The kinds of fault that comparing has.</summary>
public static class CompareErrors
{
    public static readonly ErrorCode NoRandomInput = new("no-random-input", "An input's type or rank does not tell what random value would fit it.");
    public static readonly ErrorCode NothingToCompare = new("nothing-to-compare", "Two models have no outputs that correspond.");

    public static readonly ErrorCode OptimizedDiffers = new("optimized-differs", "An optimized model does not give what the original gives.");

    /// <summary>All codes of this class, for the generated page.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } = [NoRandomInput, NothingToCompare, OptimizedDiffers];
}
