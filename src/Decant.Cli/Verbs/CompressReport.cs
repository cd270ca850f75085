using System.Globalization;
using Decant.Compression;
using Decant.IR;
using Decant.Passes;
using Decant.Passes.Compress;

namespace Decant.Cli.Verbs;

/// <summary>Collects what settings come to while it tells of each, and prints them side by side.</summary>
internal sealed class CompressReport(CompressionMeasurement measurement, long leastElements, Terminal terminal)
{
    private readonly List<(CompressionRow Row, CompressionResult? Result)> _rows = [(measurement.Original, null)];
    private readonly List<string> _withoutEffect = [];
    private string _reason = "";

    /// <summary>Measures a result, which is written to a path if one is given.</summary>
    public void Add(CompressionResult result, string setting, string? path)
    {
        foreach (Decline decline in terminal.Verbose || path is not null ? result.Report.Declines : [])
            terminal.Say($"left {decline.Node}: it {decline.Reason}");
        if (path is not null)
            Saving.Save(result.Model, path, "graphdef", terminal);
        CompressionRow row = path is null ? measurement.Measure(result, setting) : measurement.Measure(result, setting, path);
        if (result.Report.Edits.Count == 0 && result.Embeddings.All(e => e.Stored == e.Rows))
            HasNoEffect(setting, result);
        foreach (EmbeddingReport embedding in result.Embeddings)
            terminal.Say(string.Create(CultureInfo.InvariantCulture, $"{embedding.Weights}: {embedding.Kept} of {embedding.Rows} rows kept, {embedding.Stored} stored{(embedding.Missing.Count > 0 ? $"; {embedding.Missing.Count} words to keep are not in the vocabulary ({string.Join(", ", embedding.Missing.Take(3).Select(EmbeddingOptionSet.Shown))}{(embedding.Missing.Count > 3 ? ", ..." : "")})" : "")}"));
        _rows.Add((row, result));
        if (path is not null)
            terminal.Say($"{path}: {Sizes.Bytes(row.FileBytes)} (of {Sizes.Bytes(measurement.Original.FileBytes)} frozen), {row.Edits} weights changed");
    }

    private void HasNoEffect(string setting, CompressionResult result)
    {
        _withoutEffect.Add(setting);
        long largest = result.Model.Graph.Nodes.Max(n => n.Op == "Const" && n.Attributes["value"] is TensorAttr { DType: DType.Float32 } weights && weights.Shape.TryElementCount(out long count) ? count : 0);
        if (largest < leastElements)
            _reason = string.Create(CultureInfo.InvariantCulture, $": the largest constant has {largest} elements, and those of fewer than {leastElements} are left (--min-elements)");
        else if (result.Report.Declines.Count > 0)
            _reason = $" ({result.Report.Declines.Count} declined; --verbose tells why)";
    }

    /// <summary>Prints the table and what a search chose.</summary>
    public void Write(bool asJson, BudgetResult? chosen)
    {
        if (asJson)
        {
            CompressJson.Write(_rows, chosen, terminal.Out);
            return;
        }

        CompressText.Write([.. _rows.Select(r => r.Row)], terminal.Out);
        if (_withoutEffect.Count > 0)
            terminal.Say($"no weights were changed by {string.Join(", ", _withoutEffect)}{_reason}");
        if (chosen is null)
            return;
        foreach ((string weight, CompressionSetting setting) in chosen.Settings)
            terminal.Out.WriteLine($"{weight}: {setting}");
        foreach (string weight in chosen.Unchanged)
            terminal.Out.WriteLine($"{weight}: unchanged");
    }
}
