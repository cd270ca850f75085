using System.Text.Json;
using Decant.Compression;
using Decant.Passes.Compress;

namespace Decant.Cli.Verbs;

/// <summary>Settings side by side, as JSON: an array with an object for each.</summary>
internal static class CompressJson
{
    public static void Write(IReadOnlyList<(CompressionRow Row, CompressionResult? Result)> rows, BudgetResult? budget, TextWriter output)
    {
        JsonText.Write(output, json =>
        {
            json.WriteStartArray();
            foreach ((CompressionRow row, CompressionResult? result) in rows)
                Write(json, row, result, row.Setting == rows[^1].Row.Setting ? budget : null);
            json.WriteEndArray();
        });
    }

    private static void Write(Utf8JsonWriter json, CompressionRow row, CompressionResult? result, BudgetResult? budget)
    {
        json.WriteStartObject();
        json.WriteString("setting", row.Setting);
        json.WriteNumber("edits", row.Edits);
        json.WriteNumber("file_bytes", row.FileBytes);
        json.WriteStartObject("packed_bytes");
        foreach ((string archive, long bytes) in row.PackedBytes)
            json.WriteNumber(archive, bytes);
        json.WriteEndObject();
        json.WriteNumber("restored_float32_bytes", row.RestoredBytes);
        json.WriteNumber("gathered_float32_bytes", row.GatheredBytes);
        if (row.Cost is { } cost)
        {
            json.WriteNumber("first_run_ms", cost.FirstRun.TotalMilliseconds);
            json.WriteNumber("steady_ms", cost.Steady.Median.TotalMilliseconds);
            json.WriteNumber("steady_p90_ms", cost.Steady.P90.TotalMilliseconds);
            json.WriteNumber("resident_bytes", cost.ResidentBytes);
        }

        if (row.Error is { } error)
        {
            Number(json, "max_abs_error", error.MaxAbsolute);
            Number(json, "max_rel_error", error.MaxRelative);
            Number(json, "cosine", error.Cosine);
        }

        if (result is not null)
            Edits(json, result);
        if (budget is not null)
            Chosen(json, budget);
        json.WriteEndObject();
    }

    private static void Edits(Utf8JsonWriter json, CompressionResult result)
    {
        json.WriteStartArray("changed");
        foreach (string edit in result.Report.Edits)
            json.WriteStringValue(edit);
        json.WriteEndArray();
        json.WriteStartArray("declined");
        foreach (Passes.Decline decline in result.Report.Declines)
        {
            json.WriteStartObject();
            json.WriteString("node", decline.Node);
            json.WriteString("reason", decline.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("embeddings");
        foreach (EmbeddingReport embedding in result.Embeddings)
        {
            json.WriteStartObject();
            json.WriteString("node", embedding.Weights);
            json.WriteNumber("rows", embedding.Rows);
            json.WriteNumber("kept", embedding.Kept);
            json.WriteNumber("stored", embedding.Stored);
            json.WriteNumber("missing_words", embedding.Missing.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Chosen(Utf8JsonWriter json, BudgetResult budget)
    {
        json.WriteStartObject("chosen");
        foreach ((string weight, CompressionSetting setting) in budget.Settings)
            json.WriteString(weight, setting.ToString());
        foreach (string weight in budget.Unchanged)
            json.WriteNull(weight);
        json.WriteEndObject();
        json.WriteNumber("models_run", budget.Runs);
    }

    /// <summary>JSON has no NaN and no infinity.</summary>
    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}
