using System.CommandLine;
using System.CommandLine.Help;
using System.Text;
using Decant.Cli;

namespace Decant.Docs;

/// <summary>The verbs of the command line, as their own help tells them.</summary>
internal static class VerbsPage
{
    public static string Text()
    {
        var page = new StringBuilder(Pages.Head("Verbs", "What `decant VERB --help` prints."));
        RootCommand root = CommandLine.Root(new Terminal(TextWriter.Null, TextWriter.Null));
        Append(page, [], root, root, "##");
        foreach (Command verb in root.Subcommands)
        {
            Append(page, [verb.Name], root, verb, "##");
            foreach (Command inner in verb.Subcommands)
                Append(page, [verb.Name, inner.Name], root, inner, "###");
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static void Append(StringBuilder page, string[] path, RootCommand root, Command command, string heading)
    {
        foreach (HelpOption option in command.Options.OfType<HelpOption>())
            (option.Action as HelpAction ?? ((Examples.HelpWithExamples)option.Action!).Help).MaxWidth = int.MaxValue;
        using var help = new StringWriter { NewLine = "\n" };
        root.Parse([.. path, "--help"]).Invoke(new InvocationConfiguration { Output = help, Error = help });
        IEnumerable<string> lines = help.ToString().ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd());
        page.Append($"{heading} {string.Join(' ', path.Prepend("decant"))}\n\n{command.Description!.TrimEnd('.')}.\n\n```text\n{string.Join('\n', lines).Trim('\n')}\n```\n\n");
    }
}
