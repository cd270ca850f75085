using System.CommandLine;
using System.Globalization;
using Decant.Comparison;
using Decant.IR;
using Decant.Passes;
using Decant.Passes.Optimize;

namespace Decant.Cli.Verbs;

/// <summary><c>decant optimize MODEL -o OUT</c>: the same answers from a smaller graph.</summary>
internal static class OptimizeVerb
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> model = CommonOptions.Model();
        Option<string> output = CommonOptions.Output("The file to write; a name that ends in .pbtxt is written as text");
        Option<string?> tags = CommonOptions.Tags();
        Option<string?> checkpoint = CommonOptions.Checkpoint();
        Option<bool> explain = new("--explain") { Description = "Print every edit, and every match that was not taken with the reason" };
        Option<bool> noVerify = new("--no-verify") { Description = "Do not run the result beside the original before it is written" };
        var arguments = new OptimizeArguments();
        var command = new Command("optimize", "Freeze a model and make its graph smaller and cheaper; outputs stay the same within rounding") { model, output, tags, checkpoint, explain, noVerify };
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            using Model opened = Opening.Open(parsed.GetValue(model)!, parsed.GetValue(tags), terminal, parsed.GetValue(checkpoint));
            OptimizeOptions options = arguments.Read(parsed);
            bool verify = !parsed.GetValue(noVerify);
            Optimized optimized;
            try
            {
                optimized = opened.Optimize(options, verify, verify ? arguments.Inputs(parsed, opened, terminal) : null, arguments.Seed(parsed), arguments.Tolerance(parsed));
            }
            catch (ModelException e) when (e.Diagnostics[0].Code == CompareErrors.OptimizedDiffers)
            {
                terminal.Fail($"{e.Diagnostics[0]}\n\nnothing was written");
                return ExitCode.No;
            }

            if (parsed.GetValue(explain))
                Explain(optimized.Result, terminal);
            string path = parsed.GetValue(output)!;
            Saving.Save(optimized.Model, path, "graphdef", terminal);
            terminal.Out.WriteLine(Summary(path, opened, optimized.Result));
            if (optimized.Check is { } check)
                Verified(check, optimized.Result, terminal);
            return ExitCode.Done;
        });
        return command.WithExamples(
            "optimize frozen.pb -o optimized.pb", "optimize saved_model_dir -o optimized.pb --explain", "optimize graph.pb --inputs x --outputs softmax -o optimized.pb --fuse");
    }

    private static string Summary(string path, Model original, OptimizeResult result)
    {
        (Graph before, Graph after) = (result.Reference.Graph, result.Model.Graph);
        int read = original.Graph.Nodes.Count + original.Functions.Values.Sum(f => f.Nodes.Count);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{path}: {Sizes.Bytes(new FileInfo(path).Length)}, {after.Nodes.Count} nodes (of {read}, {before.Nodes.Count} when frozen), {Constants(after)} constants (of {Constants(before)}), {result.Report.Edits.Count} edits");
    }

    private static void Verified(OptimizeCheck check, OptimizeResult result, Terminal terminal)
    {
        if (result.HasLostTraining)
            terminal.Say("note: what only training needs was removed; the comparison is with the original without it");
        if (check.Random.Count > 0)
            terminal.Warn($"not compared, as they depend on random numbers: {string.Join(", ", check.Random)}");
        if (check.Comparison is { } comparison)
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"same outputs as the original on random inputs: largest error {comparison.Outputs.Max(o => o.Difference.MaxAbsolute):G3} absolute"));
        else if (check.NotRun is { } reason)
            terminal.Warn($"not compared with the original, which does not run here: {reason}");
    }

    private static void Explain(OptimizeResult result, Terminal terminal)
    {
        foreach (string edit in result.Training.Concat(result.Report.Edits))
            terminal.Out.WriteLine(edit);
        foreach (Decline decline in result.Report.Declines)
            terminal.Out.WriteLine($"{decline.Pass}: {decline.Node} not taken: {decline.Reason}");
    }

    private static int Constants(Graph graph) => graph.Nodes.Count(n => n.Op == "Const");
}
