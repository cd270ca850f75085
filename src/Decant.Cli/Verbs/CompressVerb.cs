using System.CommandLine;
using System.Globalization;
using Decant.Compression;
using Decant.IR;
using Decant.Passes;
using Decant.Passes.Compress;

namespace Decant.Cli.Verbs;

/// <summary><c>decant compress MODEL</c>: smaller weights, and what they cost.</summary>
internal static class CompressVerb
{
    private static readonly string[] DefaultSettings = ["float16", "bfloat16", "int8", "int8-per-channel", "steps=256", "clusters=256", "clusters=16", "prune=0.5", "prune=0.8", "prune=0.8+int8", "low-rank=0.9"];

    public static Command Create(Terminal terminal)
    {
        Argument<string> model = CommonOptions.Model();
        Option<string?> output = new("--output", "-o") { Description = "The GraphDef to write with the one setting that is given (default: write nothing, compare settings)" };
        Option<string[]> with = new("--with") { Description = $"A setting, METHOD[=VALUE] joined by +: {string.Join(", ", CompressionMethod.All.Select(m => m.ValueName.Length > 0 ? $"{m.Name}={m.ValueName}" : m.Name))}; may be given several times", DefaultValueFactory = _ => [] };
        Option<double?> target = new("--target-error") { Description = "Look for the smallest setting of each weight (of those given by --with, the smallest first) that keeps the outputs' largest error below this share of their largest value" };
        var weights = WeightOptions.Create();
        EmbeddingOptionSet embedding = EmbeddingOptionSet.Create();
        Option<string[]> input = new("--input") { Description = "An input and its value, NAME=FILE.npy, for measuring (default: random values)", DefaultValueFactory = _ => [] };
        Option<int> random = new("--random") { Description = "The seed of random values for inputs that are not given", DefaultValueFactory = _ => 0 };
        Option<bool> noRun = new("--no-run") { Description = "Do not run the models: sizes alone" };
        Option<bool> noPacked = new("--no-packed") { Description = "Do not pack the files: leave gzip, zstd and brotli out" };
        Option<bool> json = CommonOptions.Json();
        Option<string?> signature = CommonOptions.Signature(), tags = CommonOptions.Tags(), inputs = CommonOptions.Inputs(), outputs = CommonOptions.Outputs(), checkpoint = CommonOptions.Checkpoint();
        var command = new Command("compress", "Make weights smaller; compare sizes, memory, latency and error of settings")
        {
            model, output, with, target, weights.MinElements, weights.Only, weights.Except, embedding.Weights, embedding.Vocabulary, embedding.KeepWords, embedding.KeepFirst, embedding.MergeRows,
            embedding.KeepIds, embedding.UnknownId, embedding.NewVocabulary, input, random, noRun, noPacked, json, signature, tags, checkpoint, inputs, outputs,
        };
        command.SetAction(parsed =>
        {
            string? path = parsed.GetValue(output);
            CompressionSetting[] settings = [.. parsed.GetValue(with)!.Select(CompressionSetting.Parse)];
            EmbeddingOptions? rows = embedding.Read(parsed);
            double? budget = parsed.GetValue(target);
            Check(path, settings, rows, budget, parsed.GetValue(noRun));
            using Model opened = Opening.Open(parsed.GetValue(model)!, parsed.GetValue(tags), terminal, parsed.GetValue(checkpoint));
            var options = new CompressOptions
            {
                Weights = weights.Read(parsed),
                Signature = parsed.GetValue(signature),
                Inputs = CommonOptions.List(parsed.GetValue(inputs)),
                Outputs = CommonOptions.List(parsed.GetValue(outputs)),
            };
            Dictionary<string, Tensor> given = InputFiles.Read(opened, SignatureView.Of(opened, options.Signature), parsed.GetValue(input)!, terminal);
            var measurement = new CompressionMeasurement(opened, options, new MeasureOptions
            {
                Inputs = given,
                Seed = parsed.GetValue(random),
                Run = !parsed.GetValue(noRun),
                Archives = parsed.GetValue(noPacked) ? [] : [.. Archive.Default.Take(1), .. ZstdProgram.Find() is { } zstd ? (Archive[])[zstd] : [], .. Archive.Default.Skip(1)],
                Folder = path is null ? null : Path.GetDirectoryName(Path.GetFullPath(path)),
            });
            var report = new CompressReport(measurement, options.Weights.MinElements, terminal);
            BudgetResult? chosen = null;
            if (budget is { } largest)
            {
                chosen = ErrorBudget.Search(measurement, largest, settings.Length > 0 ? settings : null, terminal.Verbose ? terminal.Say : null);
                report.Add(opened.Compress(options with { PerWeight = chosen.Settings }), FormattableString.Invariant($"error <= {largest:G3}"), path);
            }
            else if (path is not null)
            {
                CompressionResult result = opened.Compress(options with { Setting = settings.FirstOrDefault(), Embeddings = rows is null ? [] : [rows] });
                report.Add(result, string.Join('+', (string[])[.. rows is null ? [] : (string[])["rows"], .. settings.Select(s => s.ToString())]), path);
                embedding.WriteVocabulary(parsed, result, path, terminal);
            }
            else
            {
                foreach (CompressionSetting setting in settings.Length > 0 ? settings : [.. DefaultSettings.Select(CompressionSetting.Parse)])
                    report.Add(opened.Compress(options with { Setting = setting, Embeddings = rows is null ? [] : [rows] }), setting.ToString(), null);
            }

            report.Write(parsed.GetValue(json), chosen);
            return ExitCode.Done;
        });
        return command.WithExamples(
            "compress model.pb", "compress model.pb --with int8 -o small.pb", "compress model.pb --with prune=0.8+clusters=64 --with float16", "compress model.pb --target-error 0.01 -o small.pb",
            "compress model.ckpt-1000 --outputs scores --vocabulary vocab.txt --keep-words used.txt --keep-first 2 --with int8 -o small.pb");
    }

    private static void Check(string? path, CompressionSetting[] settings, EmbeddingOptions? rows, double? budget, bool noRun)
    {
        if (budget is not null && !(budget >= 0))
            throw CliErrors.Usage.At(null, $"--target-error {budget.Value.ToString(CultureInfo.InvariantCulture)}: expected a share from 0, such as 0.01");
        if (budget is not null && noRun)
            throw CliErrors.Usage.At(null, "--target-error compares outputs, and with --no-run there are none");
        if (budget is not null && rows is not null)
            throw CliErrors.Usage.At(null, "--target-error does not go with rows of an embedding to remove or merge", "change the rows first, and then search on what was written");
        if (budget is null && path is not null && (settings.Length > 1 || (settings.Length == 0 && rows is null)))
            throw CliErrors.Usage.At(null, $"--output needs one setting, and {settings.Length} are given", "name one: --with int8; without --output settings are compared");
    }
}
