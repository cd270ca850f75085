using System.Globalization;
using System.Text.Json;
using Decant.Compression;

namespace Decant.Bench;

/// <summary>
/// The text CNN of 1 GB on its way to a tenth of it and less. In parts, as each takes a while: <c>shrink-files</c> makes all files and packs
/// them, <c>shrink-times</c> holds the commands against cp, <c>shrink-runs</c> runs what they wrote.
/// </summary>
internal static class ShrinkScenario
{
    /// <summary>Writes all files and tells their sizes, as they are and packed.</summary>
    public static IEnumerable<string> Files(string folder, string decant)
    {
        string source = TextCnnModel.Write(folder);
        yield return Sizes("checkpoint as trained", Directory.GetFiles(Path.GetDirectoryName(source)!, Path.GetFileName(source) + ".*"));
        foreach (ShrinkStep step in ShrinkStep.All(folder))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(step.Output)!);
            Timing.Run(decant, step.Arguments);
            yield return Sizes(step.Name, step.Files);
        }
    }

    /// <summary>The time of each command beside a copy of what it reads, and the most memory that it takes.</summary>
    public static IEnumerable<string> Times(string folder, string decant, string? only)
    {
        string copy = Path.Combine(folder, "copy");
        foreach (ShrinkStep step in ShrinkStep.All(folder).Where(s => only is null || s.Name.Contains(only, StringComparison.Ordinal)))
        {
            string read = step.Arguments[0] == "compress" ? step.Arguments[1] : $"{TextCnnModel.Write(folder)}.data-00000-of-00001";
            double[] seconds = Timing.OfFiles(3, () => Timing.Run("cp", read, copy), () => Timing.Run(decant, step.Arguments));
            double peak = Timing.PeakMegabytes(decant, step.Arguments);
            yield return string.Create(CultureInfo.InvariantCulture, $"{step.Name}: {seconds[1] * 1000:0} ms, cp of what it reads {seconds[0] * 1000:0} ms, ratio {seconds[1] / seconds[0]:0.00}, peak {peak:0} MB");
            File.Delete(copy);
        }
    }

    /// <summary>First run and steady state in the published tool; memory of one session, ten sessions of one model, and ten models, each in a process of its own.</summary>
    public static IEnumerable<string> Runs(string folder, string decant, string? only)
    {
        foreach (ShrinkStep step in ShrinkStep.All(folder).Where(s => s.Output.EndsWith(".pb", StringComparison.Ordinal) && (only is null || s.Name.Contains(only, StringComparison.Ordinal))))
        {
            using var json = JsonDocument.Parse(Timing.Output(decant, "bench", step.Output, "--output", "output/scores", "--threads", "1", "--no-profile", "--json"));
            JsonElement report = json.RootElement[0];
            string[] memory = [.. ((string[])["1 1", "1 10", "10 1"]).Select(counts => Timing.Output(Environment.ProcessPath!, [.. Itself, "shrink-hold", step.Output, .. counts.Split(' ')]))];
            yield return string.Create(CultureInfo.InvariantCulture, $"{step.Name}: first run {report.GetProperty("first_run_ms").GetDouble():0.0} ms, steady {report.GetProperty("steady_ms").GetProperty("median").GetDouble():0.00} ms; one session {memory[0]}; ten sessions of one model {memory[1]}; ten models {memory[2]}");
        }
    }

    /// <summary>In a process of its own: runs sessions of models of one file on sentences of random words, and tells what memory they take together.</summary>
    public static string Hold(string path, int models, int sessions)
    {
        const int Sentences = 50;
        int rows = path.EndsWith("words.pb", StringComparison.Ordinal) ? ShrinkStep.WordsKept : TextCnnModel.Vocabulary;
        var random = new Random(1);
        List<Model> opened = [];
        List<Session> running = [];
        (double ownBefore, double mappedBefore) = (Resident("Pss_Anon"), Resident("Pss_File"));
        for (int i = 0; i < models; i++)
        {
            opened.Add(Model.Load(path));
            for (int j = 0; j < sessions; j++)
            {
                running.Add(new Session(opened[^1], new SessionOptions { Threads = 1 }));
                for (int k = 0; k < Sentences; k++)
                    running[^1].Run(new Dictionary<string, Tensor> { ["input_x"] = Tensor.Wrap([.. Enumerable.Range(0, TextCnnModel.Words).Select(_ => random.Next(rows))], new Shape(1, TextCnnModel.Words)) });
            }
        }

        string line = string.Create(CultureInfo.InvariantCulture, $"{Resident("Pss_Anon") - ownBefore:0} MB + {Resident("Pss_File") - mappedBefore:0} MB mapped");
        running.ForEach(s => s.Dispose());
        opened.ForEach(m => m.Dispose());
        return line;
    }

    /// <summary>What names this program to the process that runs it: nothing, if it is one itself.</summary>
    private static string[] Itself => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];

    private static string Sizes(string name, string[] files)
    {
        Archive[] archives = [.. Archive.Default, new("zstd -3", path => long.Parse(Timing.Output("sh", "-c", $"zstd -3 -q -c '{path}' | wc -c"), CultureInfo.InvariantCulture))];
        IEnumerable<string> packed = archives.Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Name} {Megabytes(files.Sum(a.PackedBytes))}"));
        return $"{name}: {Megabytes(files.Sum(f => new FileInfo(f).Length))} MiB; {string.Join(", ", packed)}{(files.Length > 1 ? $" ({string.Join(", ", files.Order().Select(f => $"{Path.GetExtension(f)} {Megabytes(new FileInfo(f).Length)}"))})" : "")}";
    }

    private static string Megabytes(long bytes) => (bytes / (double)(1 << 20)).ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>A line of Linux's account of this process without garbage, in MB. Pages that several maps share count once.</summary>
    private static double Resident(string what)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return long.Parse(File.ReadLines("/proc/self/smaps_rollup").First(l => l.StartsWith(what, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
    }
}
