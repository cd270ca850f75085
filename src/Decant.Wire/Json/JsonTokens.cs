using System.Text;
using System.Text.Json;

namespace Decant.Wire.Json;

/// <summary>The tokens of a JSON text. Faults are <see cref="WireErrors.BadJson"/> and have the file and the offset in it.</summary>
public ref struct JsonTokens
{
    /// <summary>The deepest nesting that is read.</summary>
    public const int MaxDepth = 256;

    /// <summary>What to do about a text that is malformed.</summary>
    public const string Hint = "the file is damaged, or was changed by hand: fetch it, or write it again";

    private const int ShownLength = 40;

    private readonly BufferSlice _json;
    private Utf8JsonReader _reader;

    /// <summary>The tokens of a text of less than 2 GiB.</summary>
    /// <exception cref="ModelException">It is longer, or it is not UTF-8.</exception>
    public JsonTokens(BufferSlice json)
    {
        _json = json;
        if (json.Length > Array.MaxLength)
            throw WireErrors.BadJson.At(new Location(json.Name, json.Offset), $"a JSON text of {json.Length} bytes is longer than the {Array.MaxLength} that are read");
        ReadOnlySpan<byte> text = json.Span;
        if (!System.Text.Unicode.Utf8.IsValid(text))
            throw WireErrors.BadJson.At(new Location(json.Name, json.Offset), "the JSON text is not UTF-8", Hint);
        _reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>The kind of the token that was read last.</summary>
    public readonly JsonTokenType Type => _reader.TokenType;

    /// <summary>How many objects and lists the token stands in.</summary>
    public readonly int Depth => _reader.CurrentDepth;

    /// <summary>The token as it stands in the text, cut short, for messages.</summary>
    public readonly string Shown
    {
        get
        {
            if (Type is JsonTokenType.StartObject or JsonTokenType.StartArray)
                return Type == JsonTokenType.StartObject ? "an object" : "a list";
            string text = Encoding.UTF8.GetString(_reader.ValueSpan);
            return $"'{(text.Length > ShownLength ? $"{text[..ShownLength]}..." : text)}'";
        }
    }

    /// <summary>Reads the next token.</summary>
    /// <exception cref="ModelException">There is none, or the text is malformed.</exception>
    public void Next()
    {
        if (!Read())
            throw Fail("the JSON text ends too early");
    }

    /// <summary>Demands that nothing follows.</summary>
    /// <exception cref="ModelException">Something does.</exception>
    public void End()
    {
        if (Read())
            throw Fail($"expected the end of the JSON text, found {Shown}");
    }

    /// <summary>Demands a kind of token.</summary>
    /// <exception cref="ModelException">It is another.</exception>
    public readonly void Expect(JsonTokenType type, string what)
    {
        if (Type != type)
            throw Fail($"expected {what}, found {Shown}");
    }

    /// <summary>Goes to the end of the object or list that begins here; stays at any other token.</summary>
    public void Skip()
    {
        if (Type is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return;
        for (int depth = Depth; Type is not (JsonTokenType.EndObject or JsonTokenType.EndArray) || Depth != depth;)
            Next();
    }

    /// <summary>The text of the value that begins here; the reader goes to its end.</summary>
    public BufferSlice Raw()
    {
        long start = _reader.TokenStartIndex;
        Skip();
        return _json.Slice(start, _reader.BytesConsumed - start);
    }

    /// <summary>A string, property name or number.</summary>
    public readonly string Text() => Type == JsonTokenType.Number ? Encoding.UTF8.GetString(_reader.ValueSpan) : Encoding.UTF8.GetString(Bytes());

    /// <summary>A string or property name in UTF-8.</summary>
    public readonly ReadOnlySpan<byte> Bytes()
    {
        if (!_reader.ValueIsEscaped)
            return _reader.ValueSpan;
        byte[] unescaped = new byte[_reader.ValueSpan.Length];
        try
        {
            return unescaped.AsSpan(0, _reader.CopyString(unescaped));
        }
        catch (InvalidOperationException)
        {
            throw Fail("a string has half of a surrogate pair, which is no text");
        }
    }

    /// <summary>A fault at the token.</summary>
    public readonly ModelException Fail(string message) => WireErrors.BadJson.At(new Location(_json.Name, _json.Offset + _reader.TokenStartIndex), message, Hint);

    private bool Read()
    {
        try
        {
            return _reader.Read();
        }
        catch (JsonException e)
        {
            throw WireErrors.BadJson.At(new Location(_json.Name, _json.Offset + _reader.BytesConsumed), $"the text is not JSON: {Sentence(e)}", Hint);
        }
    }

    // Without the position, which counts lines of what is often one line.
    private static string Sentence(JsonException e)
    {
        int position = e.Message.IndexOf(" LineNumber", StringComparison.Ordinal);
        return (position < 0 ? e.Message : e.Message[..position]).TrimEnd('.');
    }
}
