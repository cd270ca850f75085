namespace Decant.Cli;

/// <summary>Where output goes: results to <see cref="Out"/>, everything else to <see cref="Error"/>.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error, TextReader? input = null)
{
    /// <summary>The result of the command.</summary>
    public TextWriter Out => output;

    /// <summary>Messages, warnings, progress.</summary>
    public TextWriter Error => error;

    /// <summary>Answers to questions.</summary>
    public TextReader In => input ?? Console.In;

    /// <summary>Only errors are said.</summary>
    public bool Quiet { get; set; }

    /// <summary>More is said: where a bug happened, what was chosen.</summary>
    public bool Verbose { get; set; }

    /// <summary>Whether a person watches the messages, so that progress may be drawn.</summary>
    public bool IsInteractive => !Quiet && ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;

    private bool UsesColor => IsInteractive && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>A line beside the result.</summary>
    public void Say(string message)
    {
        if (!Quiet)
            error.WriteLine(message);
    }

    /// <summary>A warning that the user can act on.</summary>
    public void Warn(string message)
    {
        if (!Quiet)
            error.WriteLine($"{Colored("warning", 33)}: {message}");
    }

    /// <summary>Why the command failed.</summary>
    public void Fail(string message) => error.WriteLine($"{Colored("error", 31)}: {message}");

    private string Colored(string text, int color) => UsesColor ? $"\e[{color};1m{text}\e[0m" : text;
}
