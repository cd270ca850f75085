using System.CommandLine;
using Decant.Comparison;
using Decant.IR;
using Decant.Wire.Npy;

namespace Decant.Cli.Verbs;

/// <summary><c>decant run MODEL</c>: runs a model on .npy files.</summary>
internal static class RunVerb
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> model = CommonOptions.Model();
        Option<string[]> input = new("--input") { Description = "An input and its value, NAME=FILE.npy; any tensor can be fed", DefaultValueFactory = _ => [] };
        Option<string[]> output = new("--output") { Description = "An output to give; any tensor can be asked for (default: the signature's)", DefaultValueFactory = _ => [] };
        Option<string?> directory = new("--output-dir") { Description = "Write each output to DIR/NAME.npy (default: print a summary)" };
        Option<int> threads = new("--threads") { Description = "Threads to use (default: one per processor); results do not depend on it" };
        Option<int?> random = new("--random") { Description = "Fill inputs that are needed and not given with random values of this seed" };
        Option<string?> signature = CommonOptions.Signature();
        Option<string?> tags = CommonOptions.Tags();
        var command = new Command("run", "Run a model on .npy files") { model, input, output, directory, threads, random, signature, tags };
        command.SetAction((parsed, cancellation) =>
        {
            using Model opened = Opening.Open(parsed.GetValue(model)!, parsed.GetValue(tags), terminal);
            SignatureView view = SignatureView.Of(opened, parsed.GetValue(signature));
            Dictionary<string, Tensor> inputs = InputFiles.Read(opened, view, parsed.GetValue(input)!, terminal);
            string[] wanted = parsed.GetValue(output)!;
            if (parsed.GetValue(random) is { } seed)
                RandomTensors.Complete(inputs, view, wanted.Length > 0 ? wanted : [.. view.Outputs.Select(o => o.Name)], new Random(seed));
            using var session = new Session(opened, new SessionOptions { Threads = parsed.GetValue(threads), Seed = parsed.GetValue(random), Log = terminal.Error });
            IReadOnlyDictionary<string, Tensor> results = session.Run(inputs, wanted.Length > 0 ? wanted : null, parsed.GetValue(signature), cancellation);
            if (parsed.GetValue(directory) is { } folder)
                Save(folder, results, terminal);
            else
            {
                foreach ((string name, Tensor value) in results)
                    terminal.Out.WriteLine($"{name}: {TensorSummary.Of(value)}");
            }

            return Task.FromResult(ExitCode.Done);
        });
        return command.WithExamples("run model.pb --input x=x.npy --output-dir out", "run saved_model_dir --random 1");
    }

    private static void Save(string folder, IReadOnlyDictionary<string, Tensor> results, Terminal terminal)
    {
        AtomicDirectory.Ensure(folder);
        foreach ((string file, Tensor value) in NpyFileNames.Of([.. results.Keys]).Zip(results.Values))
        {
            string path = Path.Combine(folder, file);
            AtomicFile.Write(path, stream => NpyWriter.Write(value, stream));
            terminal.Say($"{path}: {value}");
        }
    }
}
