using System.CommandLine;
using Decant.Cli.Wizard;
using Spectre.Console;

namespace Decant.Cli.Verbs;

/// <summary><c>decant tensorflowjs_wizard</c>: asks for what the converter needs to know, and converts.</summary>
internal static class TensorflowjsWizardVerb
{
    public static Command Create(Terminal terminal)
    {
        Option<bool> dryRun = new("--dryrun") { Description = "Only print the command line of the converter" };
        var command = new Command("tensorflowjs_wizard", "Asks what to convert to TensorFlow.js, and how") { dryRun };
        command.SetAction(parsed =>
        {
            var lines = new LineQuestions(terminal.In, terminal.Error);
            List<string> arguments = ConverterWizard.Ask(terminal.IsInteractive && !Console.IsInputRedirected ? new PromptQuestions(Prompts(terminal), lines) : lines);
            if (parsed.GetValue(dryRun))
            {
                terminal.Out.WriteLine(ConverterWizard.CommandLine(arguments));
                return ExitCode.Done;
            }

            terminal.Say($"\n{ConverterWizard.CommandLine(arguments)}\n");
            return CommandLine.Run(["tensorflowjs_converter", .. arguments], terminal);
        });
        return command.WithExamples("tensorflowjs_wizard", "tensorflowjs_wizard --dryrun < answers.txt");
    }

    private static IAnsiConsole Prompts(Terminal terminal) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });
}
