using System.CommandLine;
using Decant.Cli.Wizard;

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
            List<string> arguments = ConverterWizard.Ask(new LineQuestions(terminal.In, terminal.Error));
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
}
