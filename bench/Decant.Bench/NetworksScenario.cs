using System.Globalization;
using System.Text.Json.Nodes;

namespace Decant.Bench;

/// <summary>
/// Whole networks, each in a process of its own with one thread and with two: the steady state, the first run, memory, and the ops
/// that take most of the time.
/// </summary>
internal static class NetworksScenario
{
    private const int TopOps = 6;
    private const int LongestOps = 100;

    public static IEnumerable<string> Run(IEnumerable<Network> networks, string decant, string folder)
    {
        List<string> rows = [], profiles = [];
        foreach (Network network in networks)
        {
            string[] arguments = [.. network.Arguments(folder)];
            JsonNode one = Measure(decant, network, arguments, 1), two = Measure(decant, network, arguments, 2);
            rows.Add(Row(network, one, two));
            profiles.AddRange(Profile(network, one, two));
        }

        yield return "| network | 1 thread, ms (p90) | 2 threads, ms (p90) | ratio | GFLOP/s | of peak | first run, ms | arena, MB | process, MB | allocated a run |";
        yield return "|---|---|---|---|---|---|---|---|---|---|";
        foreach (string line in (IEnumerable<string>)[.. rows, "", .. profiles])
            yield return line;
    }

    private static JsonNode Measure(string decant, Network network, string[] arguments, int threads) =>
        JsonNode.Parse(Timing.Output(decant, ["bench", network.Model, .. arguments, "--threads", $"{threads}", "--json", "--quiet"]))![0]!;

    private static string Row(Network network, JsonNode one, JsonNode two)
    {
        double flops = one["ops"]!.AsArray().Sum(op => Number(op!, "flops"));
        double rate = flops / Median(one) / 1e6, peak = Number(one, "peak_gflops");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {network.Name} | {Median(one):0.000} ({P90(one):0.000}) | {Median(two):0.000} ({P90(two):0.000}) | {Median(one) / Median(two):0.00} | {rate:0.0} | {rate / peak:P0} | {Number(one, "first_run_ms"):0} | {Number(one, "intermediate_bytes") / 1e6:0.0} | {Number(one, "peak_resident_bytes") / 1e6:0} | {Number(one, "allocated_bytes_per_run"):0} |");
    }

    private static IEnumerable<string> Profile(Network network, JsonNode one, JsonNode two)
    {
        Dictionary<string, double> withTwo = two["ops"]!.AsArray().ToDictionary(op => (string)op!["op"]!, op => Number(op!, "ms"));
        double all = one["ops"]!.AsArray().Sum(op => Number(op!, "ms"));
        yield return string.Create(CultureInfo.InvariantCulture, $"### {network.Name}: {one["ops"]!.AsArray().Sum(op => Number(op!, "count")):0} steps, {all:0.000} ms in them with 1 thread, {withTwo.Values.Sum():0.000} ms with 2");
        yield return "";
        yield return "| op | steps | 1 thread, ms | share | GFLOP/s | 2 threads, ms | ratio |";
        yield return "|---|---|---|---|---|---|---|";
        foreach (JsonNode? op in one["ops"]!.AsArray().Take(TopOps))
        {
            string name = (string)op!["op"]!;
            double ms = Number(op, "ms"), rate = Number(op, "gflops"), other = withTwo.GetValueOrDefault(name, double.NaN);
            string shown = name.Length > LongestOps ? name[..LongestOps] + "..." : name;
            yield return string.Create(
                CultureInfo.InvariantCulture, $"| {shown} | {Number(op, "count"):0.#} | {ms:0.000} | {ms / all:P0} | {(rate > 0 ? $"{rate:0.0}" : "")} | {other:0.000} | {ms / other:0.00} |");
        }

        yield return "";
    }

    private static double Median(JsonNode report) => Number(report["steady_ms"]!, "median");

    private static double P90(JsonNode report) => Number(report["steady_ms"]!, "p90");

    private static double Number(JsonNode node, string name) => (double)node[name]!;
}
