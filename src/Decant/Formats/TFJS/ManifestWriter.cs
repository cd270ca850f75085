using System.Text.Json;

namespace Decant.Formats.TFJS;

/// <summary>Writes the weights manifest.</summary>
internal static class ManifestWriter
{
    public static void Write(IEnumerable<WeightGroup> groups, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (WeightGroup group in groups)
        {
            json.WriteStartObject();
            json.WriteStartArray("paths");
            foreach (string shard in group.Paths)
                json.WriteStringValue(shard);
            json.WriteEndArray();
            json.WriteStartArray("weights");
            foreach (WeightEntry weight in group.Weights)
                WriteWeight(weight, json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

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
        if (weight.Group is { } group)
            json.WriteString("group", group);
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
