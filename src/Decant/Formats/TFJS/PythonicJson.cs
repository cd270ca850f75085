using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Decant.Formats.TFJS;

/// <summary>Descriptions that JavaScript wrote in its own style, <c>{"className": ..., "batchInputShape": ...}</c>, in Keras's.</summary>
internal static partial class PythonicJson
{
    /// <summary>The same description with Keras's names of options; one that has them already is not copied.</summary>
    public static BufferSlice Of(BufferSlice json)
    {
        if (json.Span.IndexOf("\"className\""u8) < 0)
            return json;
        try
        {
            Keras.JsonTexts.Check(json);
            using JsonDocument document = JsonDocument.Parse(json.ToArray());
            using var bytes = new MemoryStream();
            using (var writer = new Utf8JsonWriter(bytes))
                Write(document.RootElement, null, writer);
            return new BufferSlice(bytes.ToArray(), json.Name);
        }
        catch (JsonException e)
        {
            throw Keras.KerasErrors.BadConfig.At(new Location(json.Name), $"the description of the layers is no JSON ({e.Message.TrimEnd('.')})");
        }
    }

    private static void Write(JsonElement value, string? key, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty field in value.EnumerateObject())
                {
                    writer.WritePropertyName(SnakeCase(field.Name));
                    Write(field.Value, field.Name, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                // A tensor is ["the name of a layer", call, output]; names stay.
                bool isTensor = key is "inboundNodes" or "inputLayers" or "outputLayers" && value.GetArrayLength() > 0 && value[0].ValueKind == JsonValueKind.String;
                foreach (JsonElement item in value.EnumerateArray())
                    Write(item, isTensor ? "name" : key, writer);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(key is "name" or "className" ? value.GetString() : SnakeCase(value.GetString()!));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static string SnakeCase(string name) => name.Length > 1 && name.Any(char.IsAsciiLetterUpper) ? Humps().Replace(name, "$1_$2").ToLowerInvariant() : name;

    [GeneratedRegex("([a-z0-9])([A-Z])")]
    private static partial Regex Humps();
}
