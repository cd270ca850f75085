using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Decant.Cli.Verbs;
using Decant.Passes;

namespace Decant.Cli;

/// <summary>The command line: reads what was typed, runs the verb, and turns its end into an exit code.</summary>
internal static class CommandLine
{
    private static readonly (string Name, Func<Terminal, Command> Create)[] Verbs =
    [
        ("inspect", InspectVerb.Create),
        ("print", PrintVerb.Create),
        ("run", RunVerb.Create),
        ("freeze", FreezeVerb.Create),
        ("transform", TransformVerb.Create),
        ("optimize", OptimizeVerb.Create),
        ("bisect", BisectVerb.Create),
        ("convert", ConvertVerb.Create),
        ("compress", CompressVerb.Create),
        ("compare", CompareVerb.Create),
        ("bench", BenchVerb.Create),
        ("serve", ServeVerb.Create),
        ("checkpoint", CheckpointVerb.Create),
        ("ops", OpsVerb.Create),
        ("freeze_graph", FreezeGraphVerb.Create),
        ("summarize_graph", SummarizeGraphVerb.Create),
        ("transform_graph", TransformGraphVerb.Create),
        ("tensorflowjs_converter", TensorflowjsConverterVerb.Create),
        ("tensorflowjs_wizard", TensorflowjsWizardVerb.Create),
        ("print_selective_registration_header", PrintSelectiveRegistrationHeaderVerb.Create),
        ("tflite_convert", TFLiteConvertVerb.Create),
        ("completion", CompletionVerb.Create),
    ];

    /// <summary>Runs one command.</summary>
    public static int Run(string[] args, Terminal terminal)
    {
        RootCommand root = Root(terminal, args.FirstOrDefault());
        if (Whole(root, args, terminal) is not { } words)
            return ExitCode.Fault;
        ParseResult parsed = root.Parse([.. words.SelectMany(Tokens)]);
        terminal.Quiet = parsed.GetValue(CommonOptions.Quiet);
        terminal.Verbose = parsed.GetValue(CommonOptions.Verbose);
        if (parsed.Errors.Count > 0 && !Examples.IsHelp(parsed))
            return UsageFault(parsed, terminal);
        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false });
        }
        catch (ModelException e)
        {
            // A hint that several faults share is given once, behind the last of them.
            for (int i = 0; i < e.Diagnostics.Count; i++)
                terminal.Fail((i + 1 < e.Diagnostics.Count && e.Diagnostics[i + 1].Hint == e.Diagnostics[i].Hint ? e.Diagnostics[i] with { Hint = null } : e.Diagnostics[i]).ToString());
            return ExitCode.Fault;
        }
        catch (OperationCanceledException)
        {
            terminal.Fail("stopped");
            return ExitCode.Interrupted;
        }
        catch (IOException e) when (terminal.Out == Console.Out && Console.IsOutputRedirected && IsBrokenPipe(e))
        {
            return ExitCode.Done;
        }
        catch (Exception e)
        {
            terminal.Fail($"this is a bug of Decant: {e.GetType().Name}: {e.Message}");
            terminal.Error.WriteLine(terminal.Verbose ? e.ToString() : "\nhint: run again with --verbose and report what it prints, with the model if you can");
            return ExitCode.Bug;
        }
    }

    /// <summary>
    /// The root command with all verbs, in the order of the help; with one alone when that is what is typed, as making the
    /// others takes a tenth of the tool's start.
    /// </summary>
    public static RootCommand Root(Terminal terminal, string? typed = null)
    {
        var root = new RootCommand("Makes TensorFlow models ready for where they will run: opens, inspects, freezes, runs, compares and measures them.");
        bool isVerb = Array.Exists(Verbs, v => v.Name == typed);
        foreach ((string name, Func<Terminal, Command> create) in Verbs)
        {
            if (!isVerb || name == typed)
                root.Subcommands.Add(create(terminal));
        }

        foreach (HelpOption help in root.Options.OfType<HelpOption>())
            help.Action = new Examples.HelpWithExamples([]);
        root.Options.Add(CommonOptions.Quiet);
        root.Options.Add(CommonOptions.Verbose);
        return root;
    }

    /// <summary>The words with flags in full; null when one could be several, which it says.</summary>
    private static string[]? Whole(RootCommand root, string[] args, Terminal terminal)
    {
        try
        {
            return Abbreviations.Expand(root, args);
        }
        catch (ModelException e)
        {
            terminal.Fail(e.Diagnostics[0].ToString());
            return null;
        }
    }

    /// <summary>An option with an empty value, <c>--name=</c>, as two words: the parser would take the next word for its value.</summary>
    private static string[] Tokens(string word) => word.StartsWith("--", StringComparison.Ordinal) && word.Length > 3 && word.IndexOf('=', StringComparison.Ordinal) == word.Length - 1 ? [word[..^1], ""] : [word];

    private static bool IsBrokenPipe(IOException e) => e.HResult is 32 or unchecked((int)0x8007006D);

    private static int UsageFault(ParseResult parsed, Terminal terminal)
    {
        string[] missing = [.. parsed.CommandResult.Command.Arguments.Where(a => a.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(a) is not { Tokens.Count: > 0 }).Select(a => a.Name)];
        // That a command is missing is no news beside the word that is not one.
        foreach (string message in parsed.Errors.Where(e => parsed.UnmatchedTokens.Count == 0 || e.SymbolResult is not CommandResult { Command: RootCommand } || e.Message.Contains(parsed.UnmatchedTokens[0], StringComparison.Ordinal)).Select(Said).Distinct())
            terminal.Fail(message.TrimEnd('.'));
        if (missing.Length > 0)
            terminal.Fail($"{string.Join(" and ", missing)} {(missing.Length == 1 ? "is" : "are")} missing");
        if (parsed.UnmatchedTokens is [{ } typed, ..] && Spelling.Nearest(typed, parsed.CommandResult.Command.Subcommands.Select(c => c.Name).Concat(parsed.CommandResult.Command.Options.Select(o => o.Name))) is { } near)
            terminal.Error.WriteLine($"\nhint: did you mean '{near}'?");
        if (parsed.UnmatchedTokens.Any(t => PassTable.Find(t.Split('(')[0]) is not null) && parsed.CommandResult.Command.Options.Any(o => o.Name == "--transforms"))
            terminal.Error.WriteLine("\nhint: put all transforms into one pair of quotes: --transforms 'strip_unused_nodes fold_constants'");
        terminal.Error.WriteLine($"\nhint: decant{Verb(parsed.CommandResult)} --help shows the options and examples");
        return ExitCode.Fault;
    }

    /// <summary>What is wrong; a value of another type without the name that the type has in .NET.</summary>
    private static string Said(ParseError error) =>
        error is { SymbolResult: OptionResult { Option: var option, Tokens: [{ Value: var value }, ..] } } && error.Message.Contains("'System.", StringComparison.Ordinal)
            ? $"{option.Name} {value}: expected {(option.ValueType == typeof(double) || option.ValueType == typeof(double?) ? "a number" : "a whole number")}" : error.Message;

    /// <summary>The verb as it is typed, <c> checkpoint list</c>, or nothing for the root.</summary>
    private static string Verb(CommandResult result) => result.Parent is CommandResult parent ? $"{Verb(parent)} {result.Command.Name}" : "";
}
