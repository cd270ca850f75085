namespace Decant.Docs;

/// <summary>The pages that are generated from the tables of the code.</summary>
internal static class Pages
{
    /// <summary>The command that writes them.</summary>
    public const string Command = "dotnet run --project tools/Decant.Docs -- docs";

    /// <summary>File names, relative to the folder of the pages, and texts.</summary>
    public static IEnumerable<(string Name, string Text)> All()
    {
        yield return ("conversions.md", ConversionsPage.Text());
        yield return ("errors.md", ErrorsPage.Text());
        yield return ("formats.md", FormatsPage.Text());
        yield return ("keras-layers.md", KerasLayersPage.Text());
        yield return ("ops.md", OpsPage.Text());
        yield return ("passes.md", PassesPage.Text());
        yield return ("verbs.md", VerbsPage.Text());
        yield return ("../src/Decant/Ops/Families.cs", OpSources.Families());
        yield return ("../src/Decant/Ops/KnownOps.cs", OpSources.KnownOps());
    }

    /// <summary>The first lines of a page.</summary>
    public static string Head(string title, string text) => $"# {title}\n\n<!-- Generated: {Command} -->\n\n{text}\n\n";

    /// <summary>A row of a table.</summary>
    public static string Row(params IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";
}
