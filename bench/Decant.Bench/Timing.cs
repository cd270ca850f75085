using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;

namespace Decant.Bench;

/// <summary>Takes times in turn, so that what the machine does besides hits all candidates alike.</summary>
internal static class Timing
{
    /// <summary>The median seconds of each action over rounds in which all are run one after another; a first round is not counted.</summary>
    public static double[] Interleaved(int rounds, params Action[] actions) => Interleaved(rounds, () => { }, actions);

    /// <summary>
    /// The same for programs that write files of 1 GB. Before each, memory is touched and let go: the host of a virtual machine takes back what is free,
    /// and gives it again page by page, which took up to four seconds for a file, by chance that of one candidate or of the other.
    /// </summary>
    public static double[] OfFiles(int rounds, params Action[] actions) => Interleaved(rounds, Touch, actions);

    private static void Touch()
    {
        const long Bytes = 3L << 30;
        using var memory = MemoryMappedFile.CreateNew(null, Bytes);
        using MemoryMappedViewAccessor view = memory.CreateViewAccessor();
        for (long at = 0; at < Bytes; at += Environment.SystemPageSize)
            view.Write(at, (byte)1);
    }

    private static double[] Interleaved(int rounds, Action before, Action[] actions)
    {
        var seconds = new double[actions.Length][];
        for (int i = 0; i < actions.Length; i++)
            seconds[i] = new double[rounds];
        for (int round = -1; round < rounds; round++)
        {
            for (int i = 0; i < actions.Length; i++)
            {
                before();
                long start = Stopwatch.GetTimestamp();
                actions[i]();
                if (round >= 0)
                    seconds[i][round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }

        return [.. seconds.Select(s => s.Order().ElementAt(s.Length / 2))];
    }

    /// <summary>A line that gives two medians and their ratio against the goal.</summary>
    public static string Ratio(string what, double measured, string against, double reference, double goal) => string.Create(
        CultureInfo.InvariantCulture, $"{what} {measured * 1000:0.0} ms, {against} {reference * 1000:0.0} ms, ratio {measured / reference:0.00} (goal: at most {goal:0.0})");

    /// <summary>Runs a program under <c>/usr/bin/time</c>; the largest resident size it had, in MB.</summary>
    public static double PeakMegabytes(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/time") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])["-f", "%M", program, .. arguments])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? double.Parse(error.TrimEnd().Split('\n')[^1], CultureInfo.InvariantCulture) / 1024 : throw new InvalidOperationException($"{program}: {error}");
    }

    /// <summary>Runs a program to its end.</summary>
    public static void Run(string program, params string[] arguments) => Output(program, arguments);

    /// <summary>Runs a program to its end; what it printed, without the last line end.</summary>
    public static string Output(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.TrimEnd() : throw new InvalidOperationException($"{program}: {error}");
    }
}
