using System.Text.Json;

namespace Decant.Formats.Keras;

/// <summary>The texts in JSON, which the parser decodes when they are asked for, and only then says that it cannot.</summary>
internal static class JsonTexts
{
    /// <summary>Demands that every text can be decoded.</summary>
    /// <exception cref="JsonException">The bytes are not UTF-8, a text has half of a pair of escapes, or they are no JSON.</exception>
    public static void Check(BufferSlice json)
    {
        ReadOnlySpan<byte> bytes = json.Span;
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
            throw new JsonException("it is not UTF-8");
        // Halves of pairs are escapes from d800 to dfff.
        if (bytes.IndexOf("\\ud"u8) < 0 && bytes.IndexOf("\\uD"u8) < 0)
            return;
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = Wire.Json.JsonTokens.MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped)
                continue;
            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException)
            {
                throw new JsonException($"a text at byte {reader.TokenStartIndex} has half of a pair of escapes");
            }
        }
    }

    /// <summary>Whether bytes are a JSON object whose texts can all be decoded.</summary>
    public static bool IsObject(BufferSlice json)
    {
        try
        {
            Check(json);
            using JsonDocument document = JsonDocument.Parse(json.ToArray(), new JsonDocumentOptions { MaxDepth = Wire.Json.JsonTokens.MaxDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
