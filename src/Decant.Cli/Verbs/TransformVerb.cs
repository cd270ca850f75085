using System.CommandLine;
using System.Globalization;
using Decant.Passes;
using Decant.Passes.Freeze;
using Decant.Passes.Transforms;

namespace Decant.Cli.Verbs;

/// <summary><c>decant transform MODEL -o OUT.pb --transforms '...'</c>: the Graph Transform Tool's transforms in its own language.</summary>
internal static class TransformVerb
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> model = CommonOptions.Model();
        Option<string> output = CommonOptions.Output("The GraphDef to write; a name that ends in .pbtxt is written as text");
        Option<string> transforms = new("--transforms") { Description = "The transforms with their parameters, in order, as one argument", Required = true };
        Option<string?> inputs = new("--inputs") { Description = "The graph's inputs, comma separated (default: those of the signature, or the placeholders)" };
        Option<string?> outputs = new("--outputs") { Description = "The graph's outputs, comma separated (default: those of the signature, or what nothing reads)" };
        Option<string?> signature = CommonOptions.Signature();
        Option<string?> tags = CommonOptions.Tags();
        Option<string?> checkpoint = CommonOptions.Checkpoint();
        Option<bool> explain = new("--explain") { Description = "Tell every edit, and what was declined and why" };
        Option<int?> maxEdits = new("--max-edits") { Description = "Stop after this many edits, to find the one that changed a result" };
        var command = new Command("transform", "Change a graph by the Graph Transform Tool's transforms") { model, output, transforms, inputs, outputs, signature, tags, checkpoint, explain, maxEdits };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(maxEdits) is < 0 and int negative)
                throw CliErrors.Usage.At(null, $"--max-edits is a number of edits, and cannot be {negative}");
            IReadOnlyList<Pass> passes = TransformList.Parse(parsed.GetValue(transforms)!);
            if (passes.Count == 0)
                throw CliErrors.Usage.At(null, "--transforms names no transform", "for example: --transforms 'strip_unused_nodes fold_constants fold_batch_norms'");
            using Model opened = Opening.Open(parsed.GetValue(model)!, parsed.GetValue(tags), terminal, parsed.GetValue(checkpoint));
            string[]? wanted = CommonOptions.List(parsed.GetValue(outputs));
            using Model source = Frozen(opened, parsed.GetValue(signature), wanted, terminal);
            TransformResult result = source.Transform(passes, CommonOptions.List(parsed.GetValue(inputs)), wanted, new PassOptions { MaxEdits = parsed.GetValue(maxEdits) ?? int.MaxValue });
            using Model transformed = result.Model;
            TransformText.Say(result.Report, parsed.GetValue(explain), terminal);
            string path = parsed.GetValue(output)!;
            Saving.Save(transformed, path, "graphdef", terminal);
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {Sizes.Bytes(new FileInfo(path).Length)}, {transformed.Graph.Nodes.Count} nodes (of {source.Graph.Nodes.Count}), {TransformText.Edits(result.Report)}"));
            return ExitCode.Done;
        });
        return command.WithExamples(
            [
                "transform frozen.pb -o small.pb --inputs x --outputs softmax --transforms 'strip_unused_nodes fold_constants fold_batch_norms fold_old_batch_norms'",
                "transform frozen.pb -o cut.pb --inputs Mul --outputs softmax --transforms 'strip_unused_nodes(type=float, shape=\"1,299,299,3\") remove_nodes(op=Identity, op=CheckNumerics)'",
                "transform frozen.pb -o quarter.pb --transforms 'quantize_weights(minimum_size=64)' --explain",
            ],
            "Transforms:", TransformText.Table);
    }

    /// <summary>What holds its weights in a checkpoint, or its nodes in functions, is frozen first: a GraphDef has no room for the one, and transforms do not reach the other.</summary>
    public static Model Frozen(Model opened, string? signature, string[]? outputs, Terminal terminal)
    {
        if (opened.Format is "graphdef" or "metagraph" && opened.Checkpoint is null)
            return opened;
        terminal.Say("note: the model is frozen first");
        return opened.Freeze(new FreezeOptions { Signature = signature, Outputs = outputs, ClearDevices = false });
    }
}
