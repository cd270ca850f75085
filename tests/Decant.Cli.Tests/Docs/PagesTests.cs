using System.CommandLine;
using System.Text.RegularExpressions;
using Decant.Docs;
using Decant.Formats;
using Decant.TestKit;

namespace Decant.Cli.Tests.Docs;

/// <summary>The checked-in pages are what the code says now.</summary>
public sealed class PagesTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(SharedData.Repository, "README.md"));

    public static TheoryData<string> Names => [.. Pages.All().Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_is_what_is_generated_now(string name)
    {
        string path = Path.Combine(SharedData.Repository, "docs", name);
        string generated = Pages.All().Single(p => p.Name == name).Text;
        Assert.True(File.Exists(path) && File.ReadAllText(path) == generated, $"docs/{name} is not what is generated now: {Pages.Command}");
    }

    [Fact]
    public void Every_verb_is_in_the_command_line_and_in_the_README()
    {
        string[] written = [.. typeof(CommandLine).Assembly.GetTypes().Where(t => t.Name.EndsWith("Verb", StringComparison.Ordinal)).Select(t => t.Name)];
        Command[] verbs = [.. CommandLine.Root(new Terminal(TextWriter.Null, TextWriter.Null)).Subcommands];
        Assert.Equal(written.Length, verbs.Length);
        Assert.All(verbs, verb => Assert.Matches($@"(?m)^\| `{verb.Name}( .*)?` \| {Regex.Escape(verb.Description!)} \|$", Readme));
    }

    [Fact]
    public void The_first_command_of_the_README_prints_what_it_shows()
    {
        const string Inspect = "inspect samples/image-net";
        using var output = new StringWriter { NewLine = "\n" };
        string model = Path.Combine(SharedData.Repository, "samples", "image-net");
        Assert.Equal(ExitCode.Done, CommandLine.Run(["inspect", model], new Terminal(output, TextWriter.Null)));
        Assert.Contains($"-- {Inspect}\n{output}```", Readme, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_of_ops_of_the_README_is_what_is_printed()
    {
        using var folder = new TemporaryFolder();
        Cli.Run("freeze", Path.Combine(SharedData.Repository, "samples", "image-net"), "-o", folder["image-net.pb"]).Ends(ExitCode.Done);
        string output = Cli.Run("ops", folder["image-net.pb"]).Ends(ExitCode.Done).Out.ReplaceLineEndings("\n");
        Assert.Contains($"$ decant ops image-net.pb\n{output}```", Readme, StringComparison.Ordinal);
    }

    [Fact]
    public void The_transforms_in_the_README_do_what_it_shows()
    {
        Match shown = Regex.Match(Readme, @"\$ decant transform samples/image-net -o small\.pb --transforms '([^']+)'\n([^`]+)```");
        using var folder = new TemporaryFolder();
        using var said = new StringWriter { NewLine = "\n" };
        string model = Path.Combine(SharedData.Repository, "samples", "image-net");
        Assert.Equal(ExitCode.Done, CommandLine.Run(["transform", model, "-o", folder["small.pb"], "--transforms", shown.Groups[1].Value], new Terminal(said, said)));
        Assert.Equal(shown.Groups[2].Value, said.ToString().Replace(folder["small.pb"], "small.pb", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_format_says_how_it_is_recognized() =>
        Assert.Empty(FormatTable.All.Where(f => f.Recognition.Length == 0).Select(f => f.Name));
}
