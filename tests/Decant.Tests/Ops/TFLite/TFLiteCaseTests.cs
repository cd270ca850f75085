using Decant.TestKit;
using Xunit.Abstractions;

namespace Decant.Tests.Ops.TFLite;

/// <summary>
/// Every model that was recorded from TensorFlow Lite's own kernel tests, all steps. Those that do not give the recorded results
/// yet are listed, each with the reason, in <c>tflite-cases-open.tsv</c>; the list may only shrink.
/// </summary>
public sealed class TFLiteCaseTests(ITestOutputHelper output)
{
    private const string Folder = "opcases/tflite";
    private const int MostShown = 30;

    private static readonly Dictionary<string, string> Open = File
        .ReadLines(Path.Combine(SharedData.Repository, "tests/Decant.Tests/Ops/TFLite/tflite-cases-open.tsv"))
        .Where(line => !line.StartsWith('#'))
        .Select(line => line.Split('\t'))
        .ToDictionary(row => row[1], row => row[2], StringComparer.Ordinal);

    public static TheoryData<string> Tests => [.. SharedData.Files(Folder, "cases.jsonl.gz").Select(f => Path.GetFileName(Path.GetDirectoryName(f)!))];

    [SharedTheory]
    [MemberData(nameof(Tests))]
    public void The_recorded_cases_give_the_recorded_results(string test)
    {
        int passed = 0, open = 0;
        List<string> faults = [];
        foreach (TFLiteCase @case in TFLiteCase.Read(SharedData.Path($"{Folder}/{test}")))
        {
            string key = $"{test}/{@case.Id}";
            string? difference = @case.Difference();
            if (difference is null && Open.ContainsKey(key))
                faults.Add($"{key} ({@case.Op}) passes now: take it off the list");
            else if (difference is not null && !Open.ContainsKey(key))
                faults.Add($"{key} ({@case.Op}): {difference}");
            else if (difference is null)
                passed++;
            else
                open++;
        }

        output.WriteLine($"{test}: {passed} passed, {open} open");
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(MostShown)));
    }
}
