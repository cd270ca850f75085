using System.Text.Json;

namespace Decant.Formats.TFJS;

/// <summary>Writes the weights manifest: one group.</summary>
internal static class ManifestWriter
{
    public static void Write(IEnumerable<WeightEntry> weights, IEnumerable<string> shards, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        json.WriteStartObject();
        json.WriteStartArray("paths");
        foreach (string shard in shards)
            json.WriteStringValue(shard);
        json.WriteEndArray();
        json.WriteStartArray("weights");
        foreach (WeightEntry weight in weights)
            WriteWeight(weight, json);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteWeight(WeightEntry weight, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", weight.Name);
        json.WriteStartArray("shape");
        foreach (long dim in weight.Shape.Dims)
            json.WriteNumberValue(dim);
        json.WriteEndArray();
        json.WriteString("dtype", WeightEntry.NameOf(weight.DType));
        if (weight.Quantization is { } quantization)
        {
            json.WriteStartObject("quantization");
            json.WriteString("dtype", WeightEntry.NameOf(quantization.DType));
            if (quantization.DType != DType.Float16)
            {
                json.WriteNumber("min", quantization.Min);
                json.WriteNumber("scale", quantization.Scale);
            }

            json.WriteString("original_dtype", WeightEntry.NameOf(weight.DType));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
