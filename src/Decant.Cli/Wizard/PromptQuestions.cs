using Spectre.Console;

namespace Decant.Cli.Wizard;

/// <summary>Questions on a terminal: lists to choose from by the arrow keys, texts to type.</summary>
internal sealed class PromptQuestions(IAnsiConsole console, IQuestions lines) : IQuestions
{
    /// <inheritdoc />
    public string Text(string question, string? fallback, Func<string, string?> fault) => lines.Text(question, fallback, fault);

    /// <inheritdoc />
    public string Choice(string question, IReadOnlyList<(string Value, string Label)> choices)
    {
        var prompt = new SelectionPrompt<string> { Title = Markup.Escape(question), Converter = value => Markup.Escape(choices.First(c => c.Value == value).Label) };
        string chosen = console.Prompt(prompt.AddChoices(choices.Select(c => c.Value)));
        console.MarkupLineInterpolated($"{question}: [bold]{choices.First(c => c.Value == chosen).Label}[/]");
        return chosen;
    }

    /// <inheritdoc />
    public bool Confirm(string question, bool fallback) => lines.Confirm(question, fallback);
}
