using System.Globalization;

namespace Decant.Cli.Wizard;

/// <summary>Questions on lines of their own, answered by lines: for pipes and for those who read the screen aloud.</summary>
internal sealed class LineQuestions(TextReader answers, TextWriter output)
{
    /// <summary>Asks for a text until <paramref name="fault"/> finds none; nothing typed is the default.</summary>
    public string Text(string question, string? fallback, Func<string, string?> fault)
    {
        while (true)
        {
            output.Write(fallback is null ? $"{question}: " : $"{question} [{fallback}]: ");
            string answer = Line(question) is { Length: > 0 } line ? line : fallback ?? "";
            if (fault(answer) is not { } reason)
                return answer;
            output.WriteLine($"  {reason}");
        }
    }

    /// <summary>Asks for a path, which may be in quotes and begin with ~, as it would for a shell.</summary>
    public string Path(string question, Func<string, string?> fault)
    {
        string taken = "";
        Text(question, null, text => fault(taken = Unquoted(text)));
        return taken;
    }

    /// <summary>Lets choose one of several, by its number or name; the first is the default.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="choices">What there is to choose, and in words.</param>
    /// <param name="fault">Why a name cannot be chosen, or null; also of one that is not offered.</param>
    /// <returns>The value that was chosen.</returns>
    public string Choice(string question, IReadOnlyList<(string Value, string Label)> choices, Func<string, string?>? fault = null)
    {
        output.WriteLine($"{question}:");
        foreach ((int i, (string value, string label)) in choices.Index())
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {i + 1}  {value,-18} {label}"));
        string Chosen(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= choices.Count ? choices[number - 1].Value
            : choices.Select(c => c.Value).FirstOrDefault(v => v.Equals(text, StringComparison.OrdinalIgnoreCase)) ?? text;
        string range = choices.Count == 1 ? "1" : string.Create(CultureInfo.InvariantCulture, $"1 to {choices.Count}");
        return Chosen(Text("Number or name", "1", text => (choices.Any(c => c.Value == Chosen(text)), fault?.Invoke(Chosen(text))) switch
        {
            (true, var why) => why,
            (_, { } why) => $"{why}: type {range}, or a name",
            _ => $"'{text}' is none of these: type {range}, or a name",
        }));
    }

    /// <summary>Asks for yes or no.</summary>
    public bool Confirm(string question, bool fallback) =>
        Text($"{question} (y/n)", fallback ? "y" : "n", text => text.ToUpperInvariant() is "Y" or "N" or "YES" or "NO" ? null : $"'{text}' is neither y nor n")[0] is 'y' or 'Y';

    private static string Unquoted(string text)
    {
        if (text is [('"' or '\'') and var first, .. var inner, var last] && first == last)
            text = inner;
        return text == "~" || text.StartsWith("~/", StringComparison.Ordinal) ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + text[1..] : text;
    }

    private string Line(string question)
    {
        string line = answers.ReadLine()?.Trim() ?? throw CliErrors.Usage.At(null, $"the input ended at the question '{question}'", "answer it in the input, or give the converter its flags: decant tensorflowjs_converter --help");
        // What is typed into a terminal is seen anyway; what is piped is shown so that the record makes sense.
        if (Console.IsInputRedirected)
            output.WriteLine(line);
        return line;
    }
}
