using System.Text;

namespace Decant.Passes.Transforms;

/// <summary>
/// The Graph Transform Tool's language: names with parameters, <c>strip_unused_nodes(type=float, shape="1,299,299,3")
/// fold_constants(ignore_errors=true) fold_batch_norms</c>.
/// </summary>
/// <remarks>
/// list := { name [ "(" { [","] name "=" value } ")" ] }, value := '"' text '"' | bare characters. White space may stand between all
/// of these. A name may be given several values. After a value a stray quote is skipped, as in the original.
/// </remarks>
public sealed class TransformList
{
    /// <summary>No list that a person or a script writes is longer.</summary>
    public const int MaxLength = 1 << 20;

    private const string IgnoreErrors = "ignore_errors";
    private const int LongestRest = 40;

    private readonly string _text;
    private int _at;

    private TransformList(string text) => _text = text;

    /// <summary>Makes the passes that a list names, in its order.</summary>
    /// <exception cref="ModelException">The list is not well formed, or names what does not exist; the location tells the offset in the list.</exception>
    public static IReadOnlyList<Pass> Parse(string text)
    {
        if (text.Length > MaxLength)
            throw PassErrors.BadTransforms.At(null, $"a list of transforms has at most {MaxLength} characters, and this has {text.Length}");
        return new TransformList(text).List();
    }

    private List<Pass> List()
    {
        var passes = new List<Pass>();
        for (SkipSpaces(); _at < _text.Length; SkipSpaces())
        {
            int start = _at;
            string name = Many(IsName);
            if (name.Length == 0)
                throw Fail($"Looking for transform name, but found {Rest()}", _text[_at] switch
                {
                    '\'' or '"' => "remove the quotes around the list: cmd.exe hands on ' as it is",
                    ',' => "spaces stand between transforms, and no commas",
                    _ => "names are of letters, digits and '_'",
                });
            if (_at < _text.Length && _text[_at] == '-')
                name += Many(c => IsName(c) || c == '-');
            List<GivenParameter> given = Skip('(') ? Parameters() : [];
            passes.Add(Make(name, start, given));
        }

        return passes;
    }

    private List<GivenParameter> Parameters()
    {
        var given = new List<GivenParameter>();
        for (SkipSpaces(); !Skip(')'); SkipSpaces())
        {
            if (Skip(','))
                SkipSpaces();
            int start = _at;
            string name = Many(IsName);
            if (name.Length == 0)
                throw Fail($"Looking for parameter name, but found {Rest()}", _at == _text.Length ? "a ')' is missing" : null);
            SkipSpaces();
            if (!Skip('='))
                throw Fail($"Looking for =, but found {Rest()}", given.Count > 0 ? "a value with commas or spaces needs quotes: shape=\"1,299,299,3\"" : "parameters are given as NAME=VALUE, such as type=float");
            SkipSpaces();
            given.Add(new GivenParameter(name, Value(), start));
        }

        return given;
    }

    private string Value()
    {
        string value;
        if (_at < _text.Length && _text[_at] is '"' or '\'')
        {
            value = Quoted(_text[_at++]);
        }
        else
        {
            value = Many(IsBare);
            if (value.Length == 0)
                throw Fail($"Looking for parameter name, but found {Rest()}", "a value is of letters, digits and . _ / - or stands in quotes");
            Skip('"');
        }

        Skip('\'');
        return value;
    }

    private string Quoted(char quote)
    {
        int start = _at;
        var value = new StringBuilder();
        for (; _at < _text.Length && _text[_at] != quote; _at++)
        {
            // A backslash makes the next character one of the value; both are kept, as in the original.
            if (_text[_at] == '\\' && _at + 1 < _text.Length)
                value.Append(_text[_at++]);
            value.Append(_text[_at]);
        }

        if (!Skip(quote))
            throw PassErrors.BadTransforms.At(new Location(Offset: start - 1), $"a quoted value has no end: {Shorten(_text[(start - 1)..])}", $"add the {quote} that ends it");
        return value.ToString();
    }

    private static Pass Make(string name, int start, List<GivenParameter> given)
    {
        PassEntry entry = PassTable.Find(name) ?? throw PassErrors.UnknownTransform.At(new Location(Offset: start), $"Transform '{name}' not recognized.", Like(name));
        foreach (GivenParameter parameter in given.Where(p => p.Name != IgnoreErrors && entry.Parameters.All(k => k.Name != p.Name)))
        {
            throw PassErrors.BadParameter.At(
                new Location(Offset: parameter.Offset), $"the transform '{entry.Name}' has no parameter '{parameter.Name}'",
                Spelling.Nearest(parameter.Name, entry.Parameters.Select(p => p.Name).Append(IgnoreErrors)) is { } nearest ? $"did you mean '{nearest}'?"
                    : entry.Parameters.Count == 0 ? "it has none but ignore_errors" : $"it has {string.Join(", ", entry.Parameters.Select(p => p.Name))}");
        }

        bool ignores = false;
        foreach (GivenParameter parameter in given.Where(p => p.Name == IgnoreErrors))
        {
            ignores = parameter.Value.ToLowerInvariant() switch
            {
                "true" => true,
                "false" => false,
                _ => throw PassErrors.BadParameter.At(new Location(Offset: parameter.Offset), $"ignore_errors should be true or false, found {parameter.Value}"),
            };
        }

        try
        {
            Pass pass = entry.Make(new PassParameters(given));
            pass.IgnoresErrors = ignores;
            return pass;
        }
        catch (ModelException e) when (e.Diagnostics.All(d => d.Location is null))
        {
            throw new ModelException([.. e.Diagnostics.Select(d => d with { Location = new Location(Offset: start) })]);
        }
    }

    /// <summary>What somebody may have meant: the nearest name, or those that share a word with what was typed.</summary>
    private static string Like(string name)
    {
        string typed = name.ToLowerInvariant().Replace('-', '_');
        if (Spelling.Nearest(typed, PassTable.All.Select(p => p.Name)) is { } near)
            return $"did you mean '{near}'?";
        string[] words = typed.Split('_');
        string[] alike = [.. PassTable.All.Select(p => p.Name).Where(p => p.Split('_').Intersect(words).Any())];
        return alike.Length > 0 ? $"there are {string.Join(", ", alike)}" : "decant transform --help lists the transforms";
    }

    private string Many(Predicate<char> isPart)
    {
        int start = _at;
        while (_at < _text.Length && isPart(_text[_at]))
            _at++;
        return _text[start.._at];
    }

    private static bool IsName(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private static bool IsBare(char c) => IsName(c) || c is '.' or '/' or '-' or '+' or ':' or '*' or '^' or '@';

    private void SkipSpaces()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
    }

    private bool Skip(char c)
    {
        if (_at == _text.Length || _text[_at] != c)
            return false;
        _at++;
        return true;
    }

    private string Rest() => _at == _text.Length ? "the end" : Shorten(_text[_at..]);

    private static string Shorten(string text) => text.Length <= LongestRest ? text : string.Concat(text.AsSpan(0, LongestRest), "...");

    private ModelException Fail(string message, string? hint) => PassErrors.BadTransforms.At(new Location(Offset: _at), message, hint);
}
