using System.CommandLine;
using System.Globalization;
using Decant.Comparison;

namespace Decant.Cli.Verbs;

/// <summary><c>decant bisect MODEL</c>: which edit of <c>optimize</c> changes the outputs.</summary>
internal static class BisectVerb
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> model = CommonOptions.Model();
        Option<string?> tags = CommonOptions.Tags();
        Option<string?> checkpoint = CommonOptions.Checkpoint();
        var arguments = new OptimizeArguments();
        var command = new Command("bisect", "Find the first edit of optimize after which outputs differ from the original's; exit code 1 when there is one") { model, tags, checkpoint };
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            using Model opened = Opening.Open(parsed.GetValue(model)!, parsed.GetValue(tags), terminal, parsed.GetValue(checkpoint));
            Bisection found = Bisection.Run(opened, arguments.Read(parsed), arguments.Inputs(parsed, opened, terminal), arguments.Seed(parsed), arguments.Tolerance(parsed));
            if (found.Check.NotRun is { } reason)
                throw new ModelException([reason]);
            if (found.First == 0 && found.Check.Passed)
            {
                terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the outputs stay within the tolerance after all {found.Edits} edits"));
                return ExitCode.Done;
            }

            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"edit {found.First} of {found.Edits}: {found.Label}"));
            foreach (OutputComparison output in found.Check.Comparison!.Outputs.Where(o => !o.Difference.Equal))
                terminal.Out.WriteLine(output.Difference.Reason ?? string.Create(CultureInfo.InvariantCulture, $"{output.Name}: {output.Difference.Differing} elements differ, largest error {output.Difference.MaxAbsolute:G3} absolute, {output.Difference.MaxRelative:G3} relative"));
            return ExitCode.No;
        });
        return command.WithExamples("bisect frozen.pb", "bisect saved_model_dir --rtol 1e-6 --atol 1e-6 --input x=x.npy");
    }
}
