using System.CommandLine;
using Decant.Benchmarking;
using Decant.Comparison;
using Decant.IR;

namespace Decant.Cli.Verbs;

/// <summary><c>decant bench MODEL</c>: how fast models run, and where their time goes.</summary>
internal static class BenchVerb
{
    private const int MostThreads = 1024;

    public static Command Create(Terminal terminal)
    {
        Argument<string[]> models = CommonOptions.Models();
        Option<string[]> input = new("--input") { Description = "An input and its value, NAME=FILE.npy (default: random values for those that are needed, unknown dimensions are 1)", DefaultValueFactory = _ => [] };
        Option<string[]> output = new("--output") { Description = "An output to compute (default: the signature's)", DefaultValueFactory = _ => [] };
        Option<int> random = new("--random") { Description = "The seed of random values for inputs that are not given", DefaultValueFactory = _ => 0 };
        Option<int> threads = new("--threads") { Description = "Threads to use (default: one per processor)" };
        Option<int> runs = new("--runs") { Description = "Runs that count (default: a second of them, at least 10)" };
        Option<int> warmup = new("--warmup") { Description = "Runs before those that count (default: until the code is compiled for speed, two seconds at most)" };
        Option<int> nodes = new("--nodes") { Description = "List this many of the slowest nodes besides the ops" };
        Option<bool> noProfile = new("--no-profile") { Description = "Measure the latency alone" };
        Option<string?> trace = new("--trace") { Description = "Write the steps of a run for chrome://tracing or Perfetto; one model only" };
        Option<bool> json = CommonOptions.Json();
        Option<string?> signature = CommonOptions.Signature();
        Option<string?> tags = CommonOptions.Tags();
        foreach (Option<int> number in (Option<int>[])[runs, warmup, nodes, threads])
        {
            number.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() < 0 || (result.Option == threads && result.GetValueOrDefault<int>() > MostThreads))
                    result.AddError($"{result.Option.Name} {result.GetValueOrDefault<int>()}: expected a number from 0{(result.Option == threads ? $" to {MostThreads}" : "")}");
            });
        }

        var command = new Command("bench", "Measure how fast models run, what memory they need and where the time goes") { models, input, output, random, threads, runs, warmup, nodes, noProfile, trace, json, signature, tags };
        command.SetAction((parsed, cancellation) =>
        {
            string[] paths = parsed.GetValue(models)!;
            if (parsed.GetValue(trace) is not null && (paths.Length > 1 || parsed.GetValue(noProfile)))
                throw CliErrors.Usage.At(null, "--trace needs one model, and no --no-profile", "measure the models one after another");
            string[] outputs = parsed.GetValue(output)!;
            var options = new BenchmarkOptions
            {
                Threads = parsed.GetValue(threads),
                Runs = parsed.GetValue(runs),
                WarmupRuns = parsed.GetValue(warmup),
                ProfiledRuns = parsed.GetValue(noProfile) ? 0 : new BenchmarkOptions().ProfiledRuns,
                Signature = parsed.GetValue(signature),
                Outputs = outputs.Length > 0 ? outputs : null,
            };
            List<(string Path, BenchmarkReport Report)> reports = [];
            foreach (string path in paths)
            {
                using Model model = Opening.Open(path, parsed.GetValue(tags), terminal);
                SignatureView view = SignatureView.Of(model, options.Signature);
                Dictionary<string, Tensor> inputs = InputFiles.Read(model, view, parsed.GetValue(input)!, terminal);
                RandomTensors.Complete(inputs, view, options.Outputs ?? [.. view.Outputs.Select(o => o.Name)], new Random(parsed.GetValue(random)));
                BenchmarkReport report = ModelBenchmark.Run(model, inputs, options, cancellation);
                reports.Add((path, report));
                if (!parsed.GetValue(json))
                    BenchText.Write(path, report, parsed.GetValue(nodes), terminal.Out);
                if (parsed.GetValue(trace) is { } file)
                {
                    AtomicFile.Write(file, stream => ChromeTrace.Write(report.LastRun, stream));
                    terminal.Say($"{file}: {report.LastRun.Count} steps of one run, for chrome://tracing or ui.perfetto.dev");
                }
            }

            if (parsed.GetValue(json))
                BenchJson.Write(reports, terminal.Out);
            return Task.FromResult(ExitCode.Done);
        });
        return command.WithExamples("bench model.pb", "bench a.pb b.pb --threads 1 --no-profile --json", "bench saved_model_dir --nodes 10 --trace trace.json");
    }
}
