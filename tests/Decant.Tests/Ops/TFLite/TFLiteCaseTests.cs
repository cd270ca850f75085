using Decant.TestKit;
using Xunit.Abstractions;

namespace Decant.Tests.Ops.TFLite;

/// <summary>Every model that was recorded from TensorFlow Lite's own kernel tests, all steps.</summary>
public sealed class TFLiteCaseTests(ITestOutputHelper output)
{
    private const string Folder = "opcases/tflite";
    private const int MostShown = 30;

    public static TheoryData<string> Tests => [.. SharedData.Files(Folder, "cases.jsonl.gz").Select(f => Path.GetFileName(Path.GetDirectoryName(f)!))];

    [SharedTheory]
    [MemberData(nameof(Tests))]
    public void The_recorded_cases_give_the_recorded_results(string test)
    {
        int passed = 0;
        List<string> faults = [];
        foreach (TFLiteCase @case in TFLiteCase.Read(SharedData.Path($"{Folder}/{test}")))
        {
            if (@case.Difference() is { } difference)
                faults.Add($"{test}/{@case.Id} ({@case.Op}): {difference}");
            else
                passed++;
        }

        output.WriteLine($"{test}: {passed} passed, {faults.Count} failed");
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(MostShown)));
        Assert.NotEqual(0, passed);
    }
}
