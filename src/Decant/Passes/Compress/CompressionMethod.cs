using System.Globalization;

namespace Decant.Passes.Compress;

/// <summary>One way to make weights smaller.</summary>
public sealed record CompressionMethod
{
    /// <summary>All methods, in the order in which they are applied.</summary>
    public static IReadOnlyList<CompressionMethod> All { get; } =
    [
        new("low-rank", "SHARE|RANK", "the product of two thin matrices in the place of a MatMul's weights: the least rank that keeps SHARE (below 1) of the squared norm, or RANK", (v, s) => new LowRankPass(v, s))
        {
            Default = 0.9, IsAllowed = v => v > 0 && (v < 1 || v == Math.Floor(v)), Allowed = "a share between 0 and 1, or a whole rank",
        },
        new("prune", "SHARE", "0 for this share of each tensor's weights, those of least magnitude", (v, s) => new SparsePass(v, false, s)) { Default = 0.5, IsAllowed = IsShare, Allowed = Share },
        new("prune-together", "SHARE", "0 for this share of all weights together", (v, s) => new SparsePass(v, true, s)) { Default = 0.5, IsAllowed = IsShare, Allowed = Share },
        new("steps", "COUNT", "values rounded to COUNT steps (round_weights)", (v, s) => new StepsPass((int)v, s))
        {
            Default = 256, IsAllowed = v => v is >= 1 and <= 1 << 24 && v == Math.Floor(v), Allowed = "a whole number from 1",
        },
        new("clusters", "COUNT", "one byte per weight that tells which of COUNT values it is (k-means)", (v, s) => new ClustersPass((int)v, s))
        {
            Default = ClustersPass.MostClusters, IsAllowed = v => v is >= 2 and <= ClustersPass.MostClusters && v == Math.Floor(v), Allowed = "a whole number from 2 to 256", Stores = true,
        },
        new("int8", "", "8 bits with one range per tensor (quantize_weights)", (_, s) => new Int8Pass(s)) { Stores = true },
        new("int8-per-channel", "", "8 bits with a range per output channel", (_, s) => new Int8ChannelPass(s)) { Stores = true },
        new("float16", "", "float16", (_, s) => new Float16Pass(s)) { Stores = true },
        new("bfloat16", "", "bfloat16", (_, s) => new BFloat16Pass(s)) { Stores = true },
    ];

    private const string Share = "a share from 0 to below 1";

    private CompressionMethod(string name, string value, string summary, Func<double, WeightSelection, Pass> make) =>
        (Name, ValueName, Summary, Make) = (name, value, summary, make);

    /// <summary>The name in a setting.</summary>
    public string Name { get; }

    /// <summary>What the value is called; empty for a method without one.</summary>
    public string ValueName { get; }

    /// <summary>One line that completes "Weights become ...".</summary>
    public string Summary { get; }

    /// <summary>The value when none is given.</summary>
    public double Default { get; private init; }

    /// <summary>Whether it gives the weights another element type: a setting has at most one such method.</summary>
    public bool Stores { get; private init; }

    internal Func<double, WeightSelection, Pass> Make { get; }

    private Func<double, bool> IsAllowed { get; init; } = _ => false;

    private string Allowed { get; init; } = "no value";

    /// <summary>Reads <c>NAME</c> or <c>NAME=VALUE</c>.</summary>
    internal static (CompressionMethod Method, double Value) Parse(string text)
    {
        string[] parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
        CompressionMethod method = All.FirstOrDefault(m => m.Name == parts[0]) ?? throw CompressErrors.BadSetting.At(
            null, $"there is no method '{parts[0]}' to make weights smaller",
            text.Contains(',') ? "methods that follow each other are joined by +; to compare settings, give --with for each"
            : Spelling.Hint(parts[0], All.Select(m => m.Name)) ?? $"the methods are {string.Join(", ", All.Select(m => m.Name))}");
        if (parts.Length == 1)
            return (method, method.Default);
        return double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && method.IsAllowed(value) ? (method, value)
            : throw CompressErrors.BadSetting.At(null, $"'{text}' has the value '{parts[1]}', expected {method.Allowed}", AsShare(method, parts[1]));
    }

    /// <summary>What was meant by percents.</summary>
    private static string? AsShare(CompressionMethod method, string value) =>
        method.Allowed == Share && double.TryParse(value.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out double percents) && percents is > 1 and < 100
            ? string.Create(CultureInfo.InvariantCulture, $"{percents} percent is {method.Name}={percents / 100}") : null;

    private static bool IsShare(double value) => value is >= 0 and < 1;
}
