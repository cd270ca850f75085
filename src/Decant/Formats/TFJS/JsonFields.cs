using System.Text.Json;
using Decant.Wire.Json;

namespace Decant.Formats.TFJS;

/// <summary>The fields of a JSON object with the text of their values, in the order of the file.</summary>
internal sealed class JsonFields
{
    private readonly BufferSlice _json;
    private readonly List<(string Name, BufferSlice Json)> _fields = [];

    private JsonFields(BufferSlice json) => _json = json;

    /// <summary>All fields.</summary>
    public IReadOnlyList<(string Name, BufferSlice Json)> All => _fields;

    /// <summary>Reads an object.</summary>
    /// <exception cref="ModelException">The text is no JSON object, or has a name twice.</exception>
    public static JsonFields Read(BufferSlice json)
    {
        var fields = new JsonFields(json);
        var tokens = new JsonTokens(json);
        tokens.Next();
        tokens.Expect(JsonTokenType.StartObject, "an object");
        for (tokens.Next(); tokens.Type != JsonTokenType.EndObject; tokens.Next())
        {
            string name = tokens.Text();
            if (fields._fields.Exists(f => f.Name == name))
                throw tokens.Fail($"the field '{name}' is there twice");
            tokens.Next();
            fields._fields.Add((name, tokens.Raw()));
        }

        tokens.End();
        return fields;
    }

    /// <summary>The text of a field's value; empty when it is not there or null.</summary>
    public BufferSlice Find(string name)
    {
        BufferSlice json = _fields.Find(f => f.Name == name).Json;
        return json.Length == 4 && json.Span.SequenceEqual("null"u8) ? default : json;
    }

    /// <summary>The text of a field's value.</summary>
    /// <exception cref="ModelException">It is not there.</exception>
    public BufferSlice Required(string name) =>
        Find(name) is { IsEmpty: false } json ? json : throw Wire.WireErrors.BadJson.At(new Location(_json.Name, _json.Offset), $"the field '{name}' is missing", JsonTokens.Hint);

    /// <summary>A string; null when the field is not there.</summary>
    /// <exception cref="ModelException">It is something else.</exception>
    public string? Text(string name)
    {
        if (Find(name) is not { IsEmpty: false } json)
            return null;
        var tokens = new JsonTokens(json);
        tokens.Next();
        tokens.Expect(JsonTokenType.String, $"a string for '{name}'");
        return tokens.Text();
    }
}
