namespace Decant.Cli.Wizard;

/// <summary>Asks a person, or the script that answers for one.</summary>
internal interface IQuestions
{
    /// <summary>Asks for a text until <paramref name="fault"/> finds none; nothing typed is the default.</summary>
    string Text(string question, string? fallback, Func<string, string?> fault);

    /// <summary>Lets choose one of several; the first is the default.</summary>
    /// <returns>The value that was chosen.</returns>
    string Choice(string question, IReadOnlyList<(string Value, string Label)> choices);

    /// <summary>Asks for yes or no.</summary>
    bool Confirm(string question, bool fallback);
}
