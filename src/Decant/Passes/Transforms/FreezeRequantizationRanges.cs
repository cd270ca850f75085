using System.Globalization;
using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// RequantizationRange(x) = (min, max): ranges that runs on real data logged become constants, so that they need not be computed. Of
/// the logged values the outermost percents are left out.
/// </summary>
/// <remarks>Lines count that hold <c>;node__print__;__requant_min_max:[min][max]</c>, as insert_logging makes them.</remarks>
internal sealed class FreezeRequantizationRanges : Pass
{
    private const string Print = "__print__";
    private const string Prefix = "__requant_min_max:";

    private readonly string _file;
    private readonly float _minPercentile;
    private readonly float _maxPercentile;

    private FreezeRequantizationRanges(PassParameters parameters)
        : base("freeze_requantization_ranges")
    {
        _file = parameters.Text("min_max_log_file", "");
        if (_file.Length == 0)
            throw parameters.Fail("min_max_log_file", "You must pass a file name to min_max_log_file");
        _minPercentile = Percentile("min_percentile");
        _maxPercentile = Percentile("max_percentile");

        float Percentile(string name) => parameters.Float(name, 5) is >= 0 and <= 100 and var percent ? percent
            : throw parameters.Fail(name, $"{name} is a number from 0 to 100, and not {parameters.Text(name, "")}");
    }

    public static PassEntry Entry { get; } = new("freeze_requantization_ranges", "Makes ranges that were logged in runs constants", p => new FreezeRequantizationRanges(p))
    {
        Parameters =
        [
            new("min_max_log_file", "the log of the runs"), new("min_percentile", "percents of the smallest minimums that do not count", "5"),
            new("max_percentile", "percents of the largest maximums that do not count", "5"),
        ],
        Example = "freeze_requantization_ranges(min_max_log_file=\"/tmp/logged_ranges.txt\")",
    };

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        Dictionary<string, (List<float> Mins, List<float> Maxs)> logged = Read();
        if (logged.Count == 0)
            throw PassErrors.CannotTransform.At(new Location(_file), "No min/max range logs were found in the log file", "log them: insert_logging(op=RequantizationRange, show_name=true, message=\"__requant_min_max:\")");
        foreach ((string name, (List<float> mins, List<float> maxs)) in logged)
        {
            if (!context.Graph.TryGet(name, out Node? node))
                context.Note($"Nodes were found in the log file that aren't present in the graph: '{name}'{(Spelling.Nearest(name, context.Graph.Nodes.Select(n => n.Name)) is { } near ? $"; did you mean '{near}'?" : "")}");
            else if (node.Op != "RequantizationRange")
                context.Decline(node, $"Node is expected to be a RequantizationRange op: {name}, but is: {node.Op}");
            else
                yield return Freeze(node, mins, maxs);
        }
    }

    private Patch Freeze(Node node, List<float> mins, List<float> maxs)
    {
        mins.Sort();
        maxs.Sort();
        int min = (int)Math.Clamp(MathF.Round(mins.Count * (_minPercentile / 100f), MidpointRounding.AwayFromZero), 0, mins.Count - 1);
        int max = (int)Math.Clamp(MathF.Round(maxs.Count * (1f - (_maxPercentile / 100f)), MidpointRounding.AwayFromZero), 0, maxs.Count - 1);
        var patch = new Patch($"{Name}: {node.Name}");
        Node lowest = patch.AddConst($"{node.Name}/frozen_min", Tensor.Scalar(mins[min]));
        Node highest = patch.AddConst($"{node.Name}/frozen_max", Tensor.Scalar(maxs[max]));
        return patch.Replace(node, lowest).Replace(new Value(node, 1), highest).Remove(node);
    }

    private Dictionary<string, (List<float> Mins, List<float> Maxs)> Read()
    {
        var logged = new Dictionary<string, (List<float> Mins, List<float> Maxs)>(StringComparer.Ordinal);
        try
        {
            foreach (string line in File.ReadLines(_file))
            {
                if (!line.Contains($"{Print};{Prefix}", StringComparison.Ordinal) || Range(line) is not { } range)
                    continue;
                if (!logged.TryGetValue(range.Node, out (List<float> Mins, List<float> Maxs) values))
                    logged[range.Node] = values = ([], []);
                values.Mins.Add(range.Min);
                values.Maxs.Add(range.Max);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PassErrors.CannotTransform.At(new Location(_file), $"the log cannot be read: {e.Message}");
        }

        return logged;
    }

    /// <summary><c>...;conv/eightbit/requant_range__print__;__requant_min_max:[-20.8][22.2]</c></summary>
    private static (string Node, float Min, float Max)? Range(string line)
    {
        string[] parts = line.Split(';');
        int at = Array.FindLastIndex(parts, p => p.StartsWith(Prefix, StringComparison.Ordinal));
        if (at < 1 || !parts[at - 1].EndsWith(Print, StringComparison.Ordinal) || parts[at].Split('[') is not [Prefix, string min, string max])
            return null;
        return Number(min) is { } lowest && Number(max) is { } highest ? (parts[at - 1][..^Print.Length], lowest, highest) : null;
    }

    private static float? Number(string text) =>
        text.Split(']') is [string number, _] && float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value) ? value : null;
}
