using System.Text.Json;
using Decant.Quantizing;

namespace Decant.Cli.Verbs;

/// <summary>What became of operators whose activations were to be integers, as JSON: an array with an object for each signature.</summary>
internal static class QuantizeJson
{
    public static void Write(IReadOnlyDictionary<string, QuantizeReport> reports, TextWriter output)
    {
        JsonText.Write(output, json =>
        {
            json.WriteStartArray();
            foreach ((string signature, QuantizeReport report) in reports)
                Write(json, signature, report);
            json.WriteEndArray();
        });
    }

    private static void Write(Utf8JsonWriter json, string signature, QuantizeReport report)
    {
        json.WriteStartObject();
        json.WriteString("signature", signature);
        json.WriteNumber("integer_operators", report.Integers);
        Write(json, "float_operators", report.Floats);
        Write(json, "float_body_operators", report.Bodies);
        Write(json, "hybrid_body_operators", report.HybridBodies);
        if (report.Search is { } search)
        {
            json.WriteStartObject("search");
            json.WriteNumber("float_accuracy", search.FloatAccuracy);
            json.WriteNumber("integer_accuracy", search.IntegerAccuracy);
            json.WriteNumber("accuracy", search.Accuracy);
            json.WriteNumber("trials", search.Trials);
            json.WriteStrings("restored", search.Restored);
            json.WriteEndObject();
        }

        json.WriteStartArray("layers");
        foreach (LayerError layer in report.Layers)
        {
            json.WriteStartObject();
            json.WriteString("layer", layer.Layer);
            json.WriteString("operator", layer.Operator);
            json.WriteNumber("scale", layer.Scale);
            json.WriteNumber("own_noise", layer.OwnNoise);
            json.WriteNumber("total_noise", layer.TotalNoise);
            json.WriteNumber("max_abs_error", layer.MaxAbsolute);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<(string Layer, string Operator)> operators)
    {
        json.WriteStartArray(name);
        foreach ((string layer, string kind) in operators)
        {
            json.WriteStartObject();
            json.WriteString("layer", layer);
            json.WriteString("operator", kind);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
