namespace Decant.Wire.Yaml;

/// <summary>
/// Reads the part of YAML that PyYAML writes of dictionaries, lists, tuples, texts and numbers: block and flow collections, quoted, plain and
/// block scalars, anchors and aliases. Objects of Python are refused, and keys are scalars of one line. Faults are <see cref="WireErrors.BadYaml"/>.
/// </summary>
internal sealed partial class YamlReader
{
    /// <summary>The deepest nesting that is read, as in JSON.</summary>
    public const int MaxDepth = Json.JsonTokens.MaxDepth;

    private const string Tuple = "!!python/tuple";

    private static readonly string[] TextTags = ["!!str", "!!python/str", "!!python/unicode", "!!binary"];
    private static readonly string[] PlainTags = ["!!null", "!!bool", "!!int", "!!float", "!!python/none", "!!python/bool", "!!python/int", "!!python/long", "!!python/float"];
    private static readonly string[] CollectionTags = ["!!map", "!!seq", "!!python/dict", "!!python/list", Tuple];

    private readonly string _text;
    private readonly string? _name;
    private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);
    private int _at;
    private int _depth;

    private YamlReader(string text, string? name) => (_text, _name) = (text, name);

    /// <summary>Reads the one value of a text.</summary>
    /// <exception cref="ModelException">The text is no YAML of this kind.</exception>
    public static YamlNode Read(string text, string? name)
    {
        var reader = new YamlReader(text, name);
        reader.SkipToContent();
        if (reader.IsMarker("---"))
        {
            reader._at += 3;
            reader.SkipToContent();
        }

        YamlNode node = reader.Block(0, Column.None);
        reader.SkipToContent();
        if (!reader.IsEnd && !reader.IsMarker("..."))
            throw reader.Fail("the text goes on behind its value");
        return node;
    }

    private bool IsEnd => _at >= _text.Length;

    private char Current => _at < _text.Length ? _text[_at] : '\0';

    private bool IsLineEnd => IsEnd || Current is '\n' or '\r';

    /// <summary>How many characters precede this one in its line.</summary>
    private int Indent => _at - (_text.LastIndexOf('\n', Math.Max(0, _at - 1), Math.Max(0, _at)) + 1);

    // What a value stands behind: nothing, so that its line begins with it, a key, or the dash of an item.
    private enum Column
    {
        None,
        Key,
        Dash,
    }

    /// <summary>Reads a value that stands at a column of at least <paramref name="least"/>, in this line or in one below.</summary>
    private YamlNode Block(int least, Column behind)
    {
        if (++_depth > MaxDepth)
            throw Fail($"values are nested deeper than {MaxDepth}");
        (string? tag, string? anchor) = Properties();
        bool startsLine = behind != Column.Key;
        if (IsLineEnd || Current == '#')
        {
            int end = _at;
            SkipToContent();
            startsLine = true;
            // Lists may stand at the column of their key.
            int lowest = behind == Column.Key && IsDash ? least - 1 : least;
            if (IsEnd || Indent < lowest || IsMarker("---") || IsMarker("..."))
            {
                _at = end;
                _depth--;
                return Named(anchor, Tagged(tag, new YamlScalar("", true)));
            }
        }

        int column = Indent;
        YamlNode node = Current switch
        {
            '*' => Alias(),
            '[' or '{' => Flow(),
            '|' or '>' => BlockScalar(least),
            _ when IsDash && startsLine => Sequence(column),
            _ when startsLine && Key() is { } key => Mapping(column, key),
            '"' or '\'' => new YamlScalar(Quoted(), false),
            _ => new YamlScalar(Plain(least), true),
        };
        _depth--;
        return Named(anchor, Tagged(tag, node));
    }

    private bool IsDash => Current == '-' && (_at + 1 >= _text.Length || _text[_at + 1] is ' ' or '\n' or '\r');

    private YamlSequence Sequence(int column)
    {
        var items = new List<YamlNode>();
        while (!IsEnd && Indent == column && IsDash)
        {
            _at++;
            SkipSpaces();
            items.Add(Block(column + 1, Column.Dash));
            NextEntry(column);
        }

        return new YamlSequence(items);
    }

    private YamlMapping Mapping(int column, string first)
    {
        var fields = new List<(string, YamlNode)>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (string? key = first; key is not null; key = !IsEnd && Indent == column && !IsDash && !IsMarker("...") && !IsMarker("---") ? Key() ?? throw Fail("a key is expected, with a colon behind it") : null)
        {
            if (!taken.Add(key))
                throw Fail($"the key '{Shorten(key)}' is there twice");
            SkipSpaces();
            fields.Add((key, Block(column + 1, Column.Key)));
            NextEntry(column);
        }

        return new YamlMapping(fields);
    }

    /// <summary>Goes on to the next line with content, which is to stand at this column or before it.</summary>
    private void NextEntry(int column)
    {
        SkipSpaces();
        // A collection has gone on to the line behind it.
        bool isThere = _text.AsSpan(_at - Indent, Indent).Trim(' ').IsEmpty;
        if (!IsLineEnd && Current != '#' && !isThere)
            throw Fail($"'{Shorten(_text[_at..].Split('\n')[0])}' stands behind a value");
        SkipToContent();
        if (!IsEnd && Indent > column)
            throw Fail("a line is indented further than the one it belongs to");
    }

    /// <summary>Reads the key of a field, with its colon; null, and nothing is read, when there is none in this line.</summary>
    private string? Key()
    {
        int start = _at;
        string key;
        if (Current is '"' or '\'')
        {
            key = Quoted();
            if (_text.AsSpan(start, _at - start).Contains('\n'))
            {
                _at = start;
                return null;
            }
        }
        else
        {
            while (!IsLineEnd && !IsColon && !IsComment)
                _at++;
            key = _text[start.._at].TrimEnd();
        }

        SkipSpaces();
        if (IsColon)
        {
            _at++;
            return key;
        }

        _at = start;
        return null;
    }

    private bool IsColon => Current == ':' && (_at + 1 >= _text.Length || _text[_at + 1] is ' ' or '\n' or '\r');

    private bool IsComment => Current == '#' && (_at == 0 || _text[_at - 1] is ' ' or '\n' or '\t');

    private bool IsMarker(string marker) => Indent == 0 && string.CompareOrdinal(_text, _at, marker, 0, marker.Length) == 0 && (_at + 3 >= _text.Length || char.IsWhiteSpace(_text[_at + 3]));

    /// <summary>Reads the tag and the anchor before a value.</summary>
    private (string? Tag, string? Anchor) Properties()
    {
        (string? tag, string? anchor) = (null, null);
        while (Current is '!' or '&')
        {
            int start = _at;
            while (!IsEnd && !char.IsWhiteSpace(Current) && Current is not (',' or '[' or ']' or '{' or '}'))
                _at++;
            string word = _text[start.._at];
            if (word[0] == '!')
                tag = word;
            else
                anchor = word[1..];
            SkipSpaces();
        }

        return (tag, anchor);
    }

    private YamlNode Alias()
    {
        int start = ++_at;
        while (!IsEnd && (char.IsLetterOrDigit(Current) || Current is '_' or '-'))
            _at++;
        string name = _text[start.._at];
        return _anchors.GetValueOrDefault(name) ?? throw Fail($"the alias '{Shorten(name)}' names nothing that precedes it");
    }

    private YamlNode Named(string? anchor, YamlNode node)
    {
        if (anchor is not null)
            _anchors[anchor] = node;
        return node;
    }

    private YamlNode Tagged(string? tag, YamlNode node)
    {
        if (tag is null or "!" || (node is not YamlScalar && CollectionTags.Contains(tag)) || (node is YamlScalar && PlainTags.Contains(tag)))
            return node is YamlScalar { IsPlain: false } text && tag is not (null or "!") ? text with { IsPlain = true } : node;
        if (node is YamlScalar scalar && TextTags.Contains(tag))
            return scalar with { IsPlain = false };
        throw Fail(tag.StartsWith("!!python/", StringComparison.Ordinal) ? $"the text holds an object of Python, {Shorten(tag)}, which is never made" : $"the tag {Shorten(tag)} does not fit its value, or is not known");
    }

    private void SkipSpaces()
    {
        while (Current is ' ' or '\t')
            _at++;
    }

    /// <summary>Skips blanks, comments and the ends of lines.</summary>
    private void SkipToContent()
    {
        while (!IsEnd && (Current is ' ' or '\t' or '\n' or '\r' || IsComment))
        {
            if (Current != '#')
                _at++;
            else
                SkipLine();
        }
    }

    private void SkipLine()
    {
        int end = _text.IndexOf('\n', _at);
        _at = end < 0 ? _text.Length : end;
    }

    private ModelException Fail(string message) => WireErrors.BadYaml.At(new Location(_name), $"{message} (line {_text.AsSpan(0, Math.Min(_at, _text.Length)).Count('\n') + 1})");

    private static string Shorten(string text) => text.Length > 40 ? text[..40] + "..." : text;
}
