namespace Decant.Cli;

/// <summary>The kinds of fault that usage has.</summary>
internal static class CliErrors
{
    public static readonly ErrorCode Usage = new("usage", "An option or argument of the command line is not of the form it must have.");

    public static readonly ErrorCode NoPage = new("no-page", "The tool was built without the page that serve shows.");

    /// <summary>All codes of this class, for the generated page.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } = [Usage, NoPage];
}
