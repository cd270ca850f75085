using System.Globalization;
using System.Text;

namespace Decant.Wire.Yaml;

/// <summary>Flow collections, and scalars over several lines.</summary>
internal sealed partial class YamlReader
{
    /// <summary>Reads <c>[a, b]</c> or <c>{a: b}</c>, which may go over lines.</summary>
    private YamlNode Flow()
    {
        bool isList = Current == '[';
        char end = isList ? ']' : '}';
        _at++;
        var items = new List<YamlNode>();
        var fields = new List<(string, YamlNode)>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (SkipToContent(); Current != end; SkipToContent())
        {
            if (isList)
            {
                items.Add(FlowValue());
            }
            else
            {
                string key = Current is '"' or '\'' ? Quoted() : PlainInFlow();
                if (!taken.Add(key))
                    throw Fail($"the key '{Shorten(key)}' is there twice");
                SkipToContent();
                bool hasValue = Current == ':';
                if (hasValue)
                    _at++;
                fields.Add((key, hasValue ? FlowValue() : new YamlScalar("", true)));
            }

            SkipToContent();
            if (Current == ',')
                _at++;
            else if (Current != end)
                throw Fail($"a comma or {end} is expected");
        }

        _at++;
        return isList ? new YamlSequence(items) : new YamlMapping(fields);
    }

    private YamlNode FlowValue()
    {
        if (++_depth > MaxDepth)
            throw Fail($"values are nested deeper than {MaxDepth}");
        SkipToContent();
        (string? tag, string? anchor) = Properties();
        SkipToContent();
        YamlNode node = Current switch
        {
            '*' => Alias(),
            '[' or '{' => Flow(),
            '"' or '\'' => new YamlScalar(Quoted(), false),
            _ => new YamlScalar(PlainInFlow(), true),
        };
        _depth--;
        return Named(anchor, Tagged(tag, node));
    }

    private string PlainInFlow()
    {
        var text = new StringBuilder();
        int start = _at;
        while (!IsEnd && Current is not (',' or '[' or ']' or '{' or '}') && !IsComment && !(Current == ':' && (_at + 1 >= _text.Length || char.IsWhiteSpace(_text[_at + 1]) || _text[_at + 1] is ',' or ']' or '}')))
            _at++;
        if (IsEnd)
            throw Fail("a list or table does not end");
        foreach (string line in _text[start.._at].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            text.Append(text.Length > 0 ? " " : "").Append(line);
        return text.ToString();
    }

    /// <summary>Reads a scalar without quotes; lines below that are indented at least so far belong to it.</summary>
    private string Plain(int least)
    {
        var text = new StringBuilder(PlainLine());
        while (true)
        {
            int end = _at;
            SkipSpaces();
            if (!IsLineEnd)
                break;
            int breaks = 0;
            for (; Current is ' ' or '\t' or '\n' or '\r'; _at++)
                breaks += Current == '\n' ? 1 : 0;
            if (IsEnd || Indent < least || IsComment || IsMarker("---") || IsMarker("..."))
            {
                _at = end;
                break;
            }

            Folded(text, breaks);
            text.Append(PlainLine());
        }

        return text.ToString();
    }

    private string PlainLine()
    {
        int start = _at;
        while (!IsLineEnd && !IsComment)
        {
            if (IsColon)
                throw Fail("a colon stands where a value is expected");
            _at++;
        }

        return _text[start.._at].TrimEnd();
    }

    /// <summary>Reads a scalar in quotes, which may go over lines.</summary>
    private string Quoted()
    {
        char quote = Current;
        _at++;
        var text = new StringBuilder();
        while (!IsEnd)
        {
            char c = Current;
            _at++;
            if (c == quote && quote == '\'' && Current == quote)
            {
                text.Append(quote);
                _at++;
            }
            else if (c == quote)
            {
                return text.ToString();
            }
            else if (c == '\\' && quote == '"')
            {
                Escaped(text);
            }
            else if (c is '\n' or '\r')
            {
                int breaks = c == '\n' ? 1 : 0;
                for (; Current is ' ' or '\t' or '\n' or '\r'; _at++)
                    breaks += Current == '\n' ? 1 : 0;
                Folded(text, breaks);
            }
            else
            {
                text.Append(c);
            }
        }

        throw Fail("a text in quotes does not end");
    }

    // One end of a line is a space, more are the ends of one line less.
    private static void Folded(StringBuilder text, int breaks)
    {
        while (text.Length > 0 && text[^1] is ' ' or '\t')
            text.Length--;
        text.Append(breaks > 1 ? new string('\n', breaks - 1) : " ");
    }

    private void Escaped(StringBuilder text)
    {
        char c = Current;
        _at++;
        if (c is '\n' or '\r')
        {
            // The line goes on below.
            while (Current is ' ' or '\t' or '\n')
                _at++;
            return;
        }

        int digits = c switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            if (_at + digits > _text.Length || !uint.TryParse(_text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint code) || code > 0x10FFFF)
                throw Fail("an escape in quotes is no character");
            _at += digits;
            text.Append(code is >= 0xD800 and <= 0xDFFF ? ((char)code).ToString() : char.ConvertFromUtf32((int)code));
            return;
        }

        text.Append(c switch
        {
            '0' => '\0',
            'a' => '\a',
            'b' => '\b',
            't' or '\t' => '\t',
            'n' => '\n',
            'v' => '\v',
            'f' => '\f',
            'r' => '\r',
            'e' => '\u001b',
            'N' => '\u0085',
            '_' => '\u00a0',
            'L' => '\u2028',
            'P' => '\u2029',
            ' ' or '"' or '/' or '\\' => c,
            _ => throw Fail($"the escape \\{c} in quotes is not known"),
        });
    }

    /// <summary>Reads the lines behind <c>|</c>, which keeps their ends, or <c>&gt;</c>, which makes spaces of them.</summary>
    private YamlScalar BlockScalar(int least)
    {
        bool folds = Current == '>';
        int header = _at;
        SkipLine();
        bool strips = _text.AsSpan(header, _at - header).Contains('-');
        var lines = new List<string>();
        int column = -1;
        while (_at < _text.Length)
        {
            int start = _at + 1, end = start >= _text.Length ? -1 : _text.IndexOf('\n', start);
            string line = start >= _text.Length ? "" : _text[start..(end < 0 ? _text.Length : end)].TrimEnd('\r');
            int indent = line.Length - line.TrimStart(' ').Length;
            bool isBlank = indent == line.Length;
            if (!isBlank && indent < (column < 0 ? Math.Max(1, least) : column))
                break;
            column = isBlank || column >= 0 ? column : indent;
            lines.Add(isBlank ? "" : line[column..]);
            _at = end < 0 ? _text.Length : end;
        }

        string text = string.Join(folds ? ' ' : '\n', lines).TrimEnd();
        return new YamlScalar(strips || text.Length == 0 ? text : text + "\n", false);
    }
}
