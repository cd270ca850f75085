using Decant.Passes;

namespace Decant.Cli.Verbs;

/// <summary>What the verbs that run transforms print.</summary>
internal static class TransformText
{
    /// <summary>The transforms with their parameters, a line each.</summary>
    public static IEnumerable<string> Table()
    {
        int width = PassTable.All.Max(p => p.Name.Length) + 2;
        foreach (PassEntry pass in PassTable.All)
            yield return $"{pass.Name.PadRight(width)}{pass.Summary}{(pass.Parameters.Count == 0 ? "" : $" ({string.Join(", ", pass.Parameters.Select(Describe))})")}";
    }

    /// <summary>How many edits each transform made: <c>3 edits (fold_batch_norms 2, remove_nodes 1)</c>.</summary>
    public static string Edits(PassReport report)
    {
        IEnumerable<string> each = report.Edits.GroupBy(e => e.Split(':')[0]).Select(g => $"{g.Key} {g.Count()}");
        return report.Edits.Count switch { 0 => "no edits", 1 => $"1 edit ({each.First()})", var count => $"{count} edits ({string.Join(", ", each)})" };
    }

    /// <summary>Says what transforms have to tell beside their result.</summary>
    public static void Say(PassReport report, bool explain, Terminal terminal)
    {
        if (explain)
        {
            foreach (string edit in report.Edits)
                terminal.Say(edit);
        }

        foreach (Decline note in report.Declines.Where(d => d.Node.Length == 0))
            terminal.Warn(note.ToString());
        Decline[] declines = [.. report.Declines.Where(d => d.Node.Length > 0)];
        if (explain)
        {
            foreach (Decline decline in declines)
                terminal.Say($"declined: {decline}");
        }
        else if (declines.Length > 0)
        {
            terminal.Say($"note: {declines.Length} {(declines.Length == 1 ? "match was" : "matches were")} declined, such as {declines[0]}; --explain tells all");
        }
    }

    private static string Describe(PassParameter parameter) => $"{parameter.Name}{(parameter.Repeats ? "*" : "")}{(parameter.Default is null ? "" : $"={parameter.Default}")}";
}
