using System.CommandLine;

namespace Decant.Cli;

/// <summary>Flags that are cut short, which Python's argparse takes while one flag alone begins so: for the verbs that stand for its programs.</summary>
internal static class Abbreviations
{
    private const string Long = "--", Help = "--help";

    private static readonly string[] Verbs = ["freeze_graph", "tensorflowjs_converter", "tensorflowjs_wizard", "tflite_convert"];

    /// <summary>The words of a command line with the flags of such a verb in full.</summary>
    /// <exception cref="ModelException">Several flags begin as one that is cut short.</exception>
    public static string[] Expand(Command root, string[] words)
    {
        if (words.Length == 0 || !Verbs.Contains(words[0]) || root.Subcommands.FirstOrDefault(c => c.Name == words[0]) is not { } verb)
            return words;
        string[] names = [.. verb.Options.SelectMany(o => o.Aliases.Prepend(o.Name)).Where(n => n.StartsWith(Long, StringComparison.Ordinal)), Help], known = [.. names, .. root.Options.Select(o => o.Name)];
        // What follows is no flag any more.
        int end = Array.IndexOf(words, Long);
        return [.. words.Select((word, i) => end >= 0 && i >= end ? word : Whole(word, names, known))];
    }

    private static string Whole(string word, string[] names, string[] known)
    {
        string given = word.Split('=')[0];
        if (given.Length <= Long.Length || !given.StartsWith(Long, StringComparison.Ordinal) || known.Contains(given))
            return word;
        return names.Where(n => n.StartsWith(given, StringComparison.Ordinal)).ToArray() switch
        {
            [] => word,
            [var name] => name + word[given.Length..],
            var several => throw CliErrors.Usage.At(null, $"ambiguous option: {given} could match {string.Join(", ", several)}", "write as much of it as only one begins with"),
        };
    }
}
