using Spectre.Console;

namespace Decant.Cli;

/// <summary>Writes a model, with a progress bar on a terminal when there is much to write.</summary>
internal static class Saving
{
    /// <summary>Below this a bar would only flicker.</summary>
    private const long BarFrom = 64L << 20;

    public static void Save(Model model, string path, string format, Terminal terminal) => Save(model, path, terminal, () =>
    {
        model.Save(path, format);
        return true;
    });

    /// <summary>Runs work that writes a model, and gives what that gives.</summary>
    public static bool Save(Model model, string path, Terminal terminal, Func<bool> work)
    {
        bool saved = false;
        WithProgress(terminal, $"writing {Path.GetFileName(path)}", model.ConstantBytes + model.TensorFlow.Files.Sum(f => f.Bytes.Length), () => saved = work());
        return saved;
    }

    /// <summary>Runs work that writes about <paramref name="bytes"/>, with a bar when a person watches and it takes long.</summary>
    public static void WithProgress(Terminal terminal, string what, long bytes, Action work)
    {
        if (!terminal.IsInteractive || bytes < BarFrom)
        {
            work();
            return;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });
        console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new SpinnerColumn(), new ElapsedTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask($"{what} ({Sizes.Bytes(bytes)})").IsIndeterminate();
                work();
                task.StopTask();
            });
    }
}
