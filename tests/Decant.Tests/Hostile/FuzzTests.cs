using System.Diagnostics;
using System.Globalization;
using Decant.TestKit;
using Decant.Tests.Formats;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace Decant.Tests.Hostile;

/// <summary>Damaged files of every format give a model or a located error, in bounded time and memory.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const string SecondsVariable = "DECANT_FUZZ_SECONDS";
    private const string EveryFileVariable = "DECANT_FUZZ_EVERY_FILE";
    private const string OnlyVariable = "DECANT_FUZZ_ONLY";
    private const int Seed = 20_260_101;

    // All of a kind are alike to the readers, so of kinds with many files every n-th is enough for the run that is always made.
    private const int GraphStep = 12, NpyStep = 60;
    private const int CasesPerFile = 40;

    [SharedFact]
    public void Damaged_files_are_read_or_refused()
    {
        var attempt = new Attempt();
        SmallFile[] files = [.. SmallFile.Shared.GroupBy(f => f.Kind switch
        {
            SmallFileKind.Npy => NpyStep,
            SmallFileKind.Model when f.Folder is null => GraphStep,
            _ => 1,
        }).SelectMany(g => g.Where((f, i) => i % g.Key == 0))];
        Assert.NotEmpty(files);
        foreach (SmallFile file in files)
            Damage(file, attempt, Seed, CasesPerFile);
        output.WriteLine($"{files.Length} files of {SmallFile.Shared.Count}: {attempt}");
        attempt.AssertNoFaults();
    }

    /// <summary>The smallest file of each kind; all small files with <c>DECANT_FUZZ_EVERY_FILE=1</c>, which takes a quarter of an hour.</summary>
    [SharedFact]
    public void A_file_of_each_kind_cut_at_any_byte_is_read_or_refused()
    {
        var attempt = new Attempt();
        bool all = Environment.GetEnvironmentVariable(EveryFileVariable) == "1";
        foreach (SmallFile file in all ? SmallFile.Shared : SmallFile.Shared.GroupBy(f => (f.Kind, Path.GetExtension(f.Path), f.Opened.Length == 0)).Select(g => g.MinBy(f => new FileInfo(f.Path).Length)!))
        {
            using var folder = new TemporaryFolder();
            byte[] bytes = File.ReadAllBytes(file.Path);
            (string target, string opened) = file.CopyTo(folder.Root);
            // Of larger files every n-th byte.
            int step = Math.Max(1, bytes.Length / (all ? 2048 : 400));
            for (int length = 0; length < bytes.Length; length += step)
            {
                File.WriteAllBytes(target, bytes[..length]);
                attempt.Run($"{file.Name} cut to {length} bytes", () => file.Read(opened, folder["again"]));
            }
        }

        output.WriteLine(attempt.ToString());
        attempt.AssertNoFaults();
    }

    [SharedFact]
    public void Files_that_FsCheck_damages_are_read_or_refused()
    {
        var attempt = new Attempt();
        SmallFile[] files = [.. SmallFile.Shared.Where((f, i) => i % 7 == 0)];
        Gen<(int, int, int)> cases = from file in Gen.Choose(0, files.Length - 1)
                                     from mutation in Gen.Choose(0, Mutation.All.Length - 1)
                                     from seed in Gen.Choose(0, int.MaxValue - 1)
                                     select (file, mutation, seed);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            using var folder = new TemporaryFolder();
            (int file, int mutation, int seed) = c;
            (string target, string opened) = files[file].CopyTo(folder.Root);
            File.WriteAllBytes(target, Mutation.All[mutation].Apply(File.ReadAllBytes(files[file].Path), new Random(seed)));
            attempt.Run($"{files[file].Name}, {Mutation.All[mutation].Name}, seed {seed}", () => files[file].Read(opened, folder["again"]));
            attempt.AssertNoFaults();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(Seed, 1));
        output.WriteLine(attempt.ToString());
    }

    /// <summary>Rounds of ten cases when no time is asked for.</summary>
    private const int Rounds = 500;

    /// <summary>
    /// All small files, or those whose path contains what <c>DECANT_FUZZ_ONLY</c> says, for as long as <c>DECANT_FUZZ_SECONDS</c> says;
    /// a fixed number of rounds without it.
    /// </summary>
    [SharedFact]
    public void All_files_are_damaged_for_as_long_as_is_asked_for()
    {
        double seconds = double.TryParse(Environment.GetEnvironmentVariable(SecondsVariable), CultureInfo.InvariantCulture, out double asked) ? asked : 0;
        var attempt = new Attempt();
        var clock = Stopwatch.StartNew();
        int seed = asked > 0 ? Environment.TickCount : Seed;
        var random = new Random(seed);
        string only = Environment.GetEnvironmentVariable(OnlyVariable) ?? "";
        SmallFile[] files = [.. SmallFile.Shared.Where(f => f.Name.Contains(only, StringComparison.Ordinal))];
        for (int round = 0; seconds > 0 ? clock.Elapsed.TotalSeconds < seconds : round < Rounds; round++)
            Damage(files[random.Next(files.Length)], attempt, random.Next(), 10);
        output.WriteLine($"{seconds} s with seed {seed}: {attempt}");
        attempt.AssertNoFaults();
    }

    private static void Damage(SmallFile file, Attempt attempt, int seed, int cases)
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = File.ReadAllBytes(file.Path);
        (string target, string opened) = file.CopyTo(folder.Root);
        for (int i = 0; i < cases; i++)
        {
            (string name, Func<byte[], Random, byte[]> apply) = Mutation.All[i % Mutation.All.Length];
            File.WriteAllBytes(target, apply(bytes, new Random(seed + i)));
            attempt.Run($"{file.Name}, {name}, seed {seed + i}", () => file.Read(opened, folder["again"]));
        }
    }
}
