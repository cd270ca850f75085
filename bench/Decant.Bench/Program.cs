using System.Globalization;
using Decant.Bench;
using Decant.TestKit;

// dotnet run --project bench/Decant.Bench -c Release -- [SCENARIO ...] [--decant PATH] [--hello PATH] [--folder DIR] [--kernel NAME] [--step NAME]
//     [--network NAME,...] [--list FILE] [--graphs DIR] [--data DIR]
string? Option(string name) => Array.IndexOf(args, name) is >= 0 and int i && i + 1 < args.Length ? args[i + 1] : null;
string folder = Option("--folder") ?? Path.Combine(Path.GetTempPath(), "decant-bench");
string decant = Option("--decant") ?? "artifacts/linux-x64/decant";
string data = Option("--data") ?? "../shared/data";
string[]? wanted = Option("--network")?.Split(',');
IEnumerable<Network> Networks() => Network.Read(Option("--list") ?? "bench/networks.tsv", data, Option("--graphs") ?? "artifacts/graphs").Where(n => wanted is null || wanted.Contains(n.Name));
if (args is ["shrink-hold", var held, var models, var sessions])
{
    Console.WriteLine(ShrinkScenario.Hold(held, int.Parse(models, CultureInfo.InvariantCulture), int.Parse(sessions, CultureInfo.InvariantCulture)));
    return;
}

string[] chosen = [.. args.TakeWhile(a => !a.StartsWith("--", StringComparison.Ordinal))];
var scenarios = new Dictionary<string, Func<IEnumerable<string>>>
{
    ["open"] = () => OpenScenario.Run(folder),
    ["kernels"] = () => KernelsScenario.Run(Option("--kernel")),
    ["networks"] = () => NetworksScenario.Run(Networks(), decant, folder),
    ["threads"] = () => ThreadsScenario.Run(Networks()),
    ["nodes"] = () => NodesScenario.Run(folder, decant),
    ["convert"] = () => ConvertScenario.Run(folder, decant, Option("--step")),
    ["convert-keras"] = () => KerasScenario.Run(folder, decant),
    ["freeze"] = () => FreezeScenario.Run(folder, decant),
    ["shrink-files"] = () => ShrinkScenario.Files(folder, decant),
    ["shrink-times"] = () => ShrinkScenario.Times(folder, decant, Option("--step")),
    ["shrink-runs"] = () => ShrinkScenario.Runs(folder, decant, Option("--step")),
    ["optimize"] = () => OptimizeScenario.Models(OptimizeCase.Models([.. Networks()], data).Where(c => wanted is null || wanted.Contains(c.Name)), folder),
    ["optimize-recorded"] = () => OptimizeScenario.Recorded(OptimizeCase.Recorded(data), folder),
    ["tflite-quantized"] = () => QuantizedScenario.Run(Classifier.Read("bench/classifiers.tsv", data).Where(c => wanted is null || wanted.Contains(c.Name)), folder),
    ["startup"] = () => StartupScenario.Run(folder, decant, Option("--hello") ?? "artifacts/hello/hello"),
};
Directory.CreateDirectory(folder);
Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}");
foreach ((string name, Func<IEnumerable<string>> run) in scenarios)
{
    if (chosen.Length > 0 && !chosen.Contains(name))
        continue;
    foreach (string line in run())
        Console.WriteLine(name is "networks" or "threads" or "optimize" or "tflite-quantized" ? line : $"{name}: {line}");
}
