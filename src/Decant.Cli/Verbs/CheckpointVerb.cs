using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Decant.Formats.Checkpoint;

namespace Decant.Cli.Verbs;

/// <summary><c>decant checkpoint list | strip | diff</c>: what is in checkpoints.</summary>
internal static class CheckpointVerb
{
    public static Command Create(Terminal terminal) => new("checkpoint", "List, strip and compare checkpoints") { List(terminal), Strip(terminal), Diff(terminal) };

    private static Argument<string> Prefix(string name = "CHECKPOINT") => new(name) { Description = "A checkpoint's prefix (model.ckpt-1000), index file or folder" };

    private static Command List(Terminal terminal)
    {
        Argument<string> path = Prefix();
        Option<bool> json = CommonOptions.Json();
        Option<bool> verify = new("--verify") { Description = "Read every tensor and hold it against its checksum" };
        var command = new Command("list", "List the variables with type, shape and bytes") { path, json, verify };
        command.SetAction(parsed =>
        {
            using CheckpointReader reader = CheckpointReader.Open(parsed.GetValue(path)!);
            if (parsed.GetValue(verify))
                reader.Verify();
            if (parsed.GetValue(json))
                WriteJson(reader, terminal.Out);
            else
                WriteTable(reader, terminal.Out);
            if (parsed.GetValue(verify))
                terminal.Say("all checksums are right");
            return ExitCode.Done;
        });
        return command.WithExamples("checkpoint list model.ckpt-1000", "checkpoint list saved_model_dir/variables/variables --json");
    }

    private static Command Strip(Terminal terminal)
    {
        Argument<string> path = Prefix();
        Option<string> output = CommonOptions.Output("The prefix of the checkpoint to write");
        Option<bool> dropAverages = new("--drop-moving-averages") { Description = "Drop ExponentialMovingAverage variables too" };
        var command = new Command("strip", "Write a copy without what the optimizer keeps (Adam's, Momentum's, ... slots)") { path, output, dropAverages };
        command.SetAction(parsed =>
        {
            using CheckpointReader reader = CheckpointReader.Open(parsed.GetValue(path)!);
            CheckpointStrip strip = CheckpointStrip.Plan(reader, new StripOptions { KeepMovingAverages = !parsed.GetValue(dropAverages) });
            string prefix = parsed.GetValue(output)!;
            Saving.WithProgress(terminal, $"writing {Path.GetFileName(prefix)}", strip.BytesAfter, () => strip.Save(prefix));
            foreach (DroppedVariable dropped in strip.Dropped)
                terminal.Say($"dropped {dropped.Variable.Name}: {dropped.Reason}");
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{prefix}: {strip.Kept.Count} variables, {Sizes.Bytes(strip.BytesAfter)} (of {strip.Kept.Count + strip.Dropped.Count}, {Sizes.Bytes(strip.BytesBefore)})"));
            return ExitCode.Done;
        });
        return command.WithExamples("checkpoint strip model.ckpt-1000 -o small/model.ckpt");
    }

    private static Command Diff(Terminal terminal)
    {
        Argument<string> before = Prefix("A");
        Argument<string> after = Prefix("B");
        Option<bool> namesOnly = new("--names-only") { Description = "Compare names, types and shapes, not values" };
        var command = new Command("diff", "Compare two checkpoints; exit code 1 when they differ") { before, after, namesOnly };
        command.SetAction(parsed =>
        {
            using CheckpointReader a = CheckpointReader.Open(parsed.GetValue(before)!);
            using CheckpointReader b = CheckpointReader.Open(parsed.GetValue(after)!);
            CheckpointDiff diff = CheckpointDiff.Compare(a, b, !parsed.GetValue(namesOnly));
            foreach (CheckpointVariable removed in diff.Removed)
                terminal.Out.WriteLine($"- {Text(removed)}");
            foreach (CheckpointVariable added in diff.Added)
                terminal.Out.WriteLine($"+ {Text(added)}");
            foreach (ChangedVariable changed in diff.Changed)
            {
                terminal.Out.WriteLine(changed.Differing is { } count
                    ? string.Create(CultureInfo.InvariantCulture, $"! {Text(changed.Before)}: {count} elements differ{(changed.MaxDifference is { } max ? $", by {max:G3} at most" : "")}")
                    : $"! {Text(changed.Before)} became {Text(changed.After)}");
            }

            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{diff.Unchanged} unchanged, {diff.Changed.Count} changed, {diff.Added.Count} added, {diff.Removed.Count} removed, {diff.NotCompared.Count} not compared"));
            return diff.IsEmpty ? ExitCode.Done : ExitCode.No;
        });
        return command.WithExamples("checkpoint diff model.ckpt-1000 model.ckpt-2000");
    }

    private static string Text(CheckpointVariable variable) => $"{variable.Name}: {variable.DType.Name()}{variable.Shape}";

    private static void WriteTable(CheckpointReader reader, TextWriter output)
    {
        int width = reader.Variables.Count == 0 ? 0 : reader.Variables.Max(v => v.Name.Length);
        foreach (CheckpointVariable variable in reader.Variables)
        {
            string slices = variable.Slices.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"  in {variable.Slices.Count} slices") : "";
            output.WriteLine($"{variable.Name.PadRight(width)}  {variable.DType.Name(),-9} {variable.Shape,-20} {Sizes.Bytes(variable.Bytes),12}{slices}");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{reader.Variables.Count} variables, {Sizes.Bytes(reader.Variables.Sum(v => v.Bytes))}"));
    }

    private static void WriteJson(CheckpointReader reader, TextWriter output)
    {
        JsonText.Write(output, json =>
        {
            json.WriteStartArray();
            foreach (CheckpointVariable variable in reader.Variables)
            {
                json.WriteStartObject();
                json.WriteString("name", variable.Name);
                json.WriteString("dtype", variable.DType.Name());
                json.WriteShape(variable.Shape);
                json.WriteNumber("bytes", variable.Bytes);
                json.WriteNumber("slices", variable.Slices.Count);
                json.WriteNumber("shard", variable.Shard);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }
}
