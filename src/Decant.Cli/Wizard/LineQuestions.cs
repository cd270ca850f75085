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

    /// <summary>Lets choose one of several; the first is the default.</summary>
    /// <returns>The value that was chosen.</returns>
    public string Choice(string question, IReadOnlyList<(string Value, string Label)> choices)
    {
        output.WriteLine($"{question}:");
        foreach ((int i, (string value, string label)) in choices.Index())
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {i + 1}  {value,-18} {label}"));
        string Chosen(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= choices.Count ? choices[number - 1].Value : text;
        return Chosen(Text("Number or name", "1", text => choices.Any(c => c.Value == Chosen(text)) ? null : string.Create(CultureInfo.InvariantCulture, $"'{text}' is none of these: type 1 to {choices.Count}, or a name")));
    }

    /// <summary>Asks for yes or no.</summary>
    public bool Confirm(string question, bool fallback) =>
        Text($"{question} (y/n)", fallback ? "y" : "n", text => text is "y" or "n" or "yes" or "no" ? null : $"'{text}' is neither y nor n")[0] == 'y';

    private string Line(string question)
    {
        string line = answers.ReadLine()?.Trim() ?? throw CliErrors.Usage.At(null, $"the input ended at the question '{question}'", "answer it in the input, or give the converter its flags: decant tensorflowjs_converter --help");
        // What is typed into a terminal is seen anyway; what is piped is shown so that the record makes sense.
        if (Console.IsInputRedirected)
            output.WriteLine(line);
        return line;
    }
}
