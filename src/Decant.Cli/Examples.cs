using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Decant.Cli;

/// <summary>Help that ends with examples.</summary>
internal static class Examples
{
    /// <summary>Gives a command examples, each a line as it would be typed after <c>decant</c>.</summary>
    public static Command WithExamples(this Command command, params string[] examples)
    {
        command.Options.Add(new HelpOption { Action = new HelpWithExamples(examples) });
        return command;
    }

    /// <summary>Gives a command examples and, behind them, a list under a heading.</summary>
    public static Command WithExamples(this Command command, string[] examples, string heading, Func<IEnumerable<string>> lines)
    {
        command.Options.Add(new HelpOption { Action = new HelpWithExamples(examples) { More = output => List(output, heading, lines()) } });
        return command;
    }

    private static void List(TextWriter output, string heading, IEnumerable<string> lines)
    {
        output.WriteLine(heading);
        foreach (string line in lines)
            output.WriteLine($"  {line}");
        output.WriteLine();
    }

    /// <summary>Whether what was typed asks for help, which needs no arguments.</summary>
    public static bool IsHelp(ParseResult parsed) => parsed.Action is HelpAction or HelpWithExamples;

    /// <summary>Prints the help and then the examples.</summary>
    internal sealed class HelpWithExamples(string[] examples) : SynchronousCommandLineAction
    {
        /// <summary>What prints the help.</summary>
        public HelpAction Help { get; } = new();

        /// <summary>Prints what comes behind the examples.</summary>
        public Action<TextWriter>? More { get; init; }

        // Else a missing argument would be an error where only help is asked for.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            // The library calls the root by the name of the program's file, which is not what is typed: a tool's is Decant.Cli.
            TextWriter output = parseResult.InvocationConfiguration.Output;
            var help = new StringWriter();
            parseResult.InvocationConfiguration.Output = help;
            int result = Help.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output = output;
            output.Write(help.ToString().Replace(RootCommand.ExecutableName, "decant", StringComparison.Ordinal));
            if (examples.Length == 0)
                return result;
            List(output, "Examples:", examples.Select(e => $"decant {e}"));
            More?.Invoke(output);
            return result;
        }
    }
}
