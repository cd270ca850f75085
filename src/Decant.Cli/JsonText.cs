using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Decant.Cli;

/// <summary>JSON as the verbs print and serve it.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions ForReaders = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Prints one value, with lines and indentation.</summary>
    public static void Write(TextWriter output, Action<Utf8JsonWriter> value)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, ForReaders))
            value(json);
        output.WriteLine(Encoding.UTF8.GetString(memory.GetBuffer().AsSpan(0, (int)memory.Length)));
    }

    /// <summary>An array of strings.</summary>
    public static void WriteStrings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    /// <summary>The member <c>shape</c>: an array with null for a dimension that is not known; null when the rank is not known.</summary>
    public static void WriteShape(this Utf8JsonWriter json, Shape shape)
    {
        if (!shape.HasRank)
        {
            json.WriteNull("shape");
            return;
        }

        json.WriteStartArray("shape");
        foreach (long dim in shape.Dims)
        {
            if (dim < 0)
                json.WriteNullValue();
            else
                json.WriteNumberValue(dim);
        }

        json.WriteEndArray();
    }
}
