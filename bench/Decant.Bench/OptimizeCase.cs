using System.Text.Json;
using Decant.Wire.Npy;

namespace Decant.Bench;

/// <summary>A model to optimize, with the inputs and outputs that it is cut to.</summary>
/// <param name="Name">What it is called in tables.</param>
/// <param name="Model">Its path.</param>
/// <param name="Feeds">Values of inputs; null to take random ones for those of the signature.</param>
/// <param name="Outputs">Names of outputs; empty for those of the signature.</param>
internal sealed record OptimizeCase(string Name, string Model, Func<Dictionary<string, Tensor>>? Feeds, IReadOnlyList<string> Outputs)
{
    /// <summary>The networks, and all other models of the test data that TensorFlow wrote.</summary>
    public static IEnumerable<OptimizeCase> Models(IReadOnlyList<Network> networks, string data)
    {
        HashSet<string> named = [.. networks.Select(n => Path.GetFullPath(n.Model))];
        string[] files =
        [
            .. Directory.GetFiles(Path.Combine(data, "graphdef"), "*.pb", SearchOption.AllDirectories).Where(p => !p.Contains("dl4j-golden", StringComparison.Ordinal)),
            .. Directory.GetFiles(Path.Combine(data, "savedmodel"), "saved_model.pb", SearchOption.AllDirectories).Select(p => Path.GetDirectoryName(p)!),
            .. Directory.GetFiles(Path.Combine(data, "checkpoint-v2"), "*.meta", SearchOption.AllDirectories),
        ];
        return
        [
            .. networks.Where(n => Path.Exists(n.Model)).Select(n => new OptimizeCase(n.Name, n.Model, n.Feeds, n.Outputs)),
            .. files.Where(f => !named.Contains(Path.GetFullPath(f))).Order(StringComparer.Ordinal).Select(f => new OptimizeCase(Path.GetRelativePath(data, f), f, null, [])),
        ];
    }

    /// <summary>The small graphs whose outputs TensorFlow recorded.</summary>
    public static IEnumerable<OptimizeCase> Recorded(string data)
    {
        string list = Path.Combine(data, "graphdef", "dl4j-golden-shared", "golden.json");
        using var json = JsonDocument.Parse(File.ReadAllBytes(list));
        string folder = Path.GetDirectoryName(list)!;
        return
        [
            .. json.RootElement.GetProperty("cases").EnumerateArray().Select(c =>
            {
                Dictionary<string, string> inputs = c.GetProperty("inputs").EnumerateObject().ToDictionary(i => i.Name, i => Path.Combine(folder, i.Value.GetString()!));
                return new OptimizeCase(
                    c.GetProperty("name").GetString()!, Path.Combine(folder, c.GetProperty("model").GetString()!), () => inputs.ToDictionary(i => i.Key, i => NpyReader.Read(i.Value)),
                    [.. c.GetProperty("outputs").EnumerateObject().Select(o => o.Name)]);
            }),
        ];
    }
}
