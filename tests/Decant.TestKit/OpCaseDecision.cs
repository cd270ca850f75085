using System.Text.Json;

namespace Decant.TestKit;

/// <summary>What is required of a recorded case that is particular to TensorFlow.js: a row of <c>opcase-decisions.tsv</c>, which states the verdicts.</summary>
public sealed record OpCaseDecision(string Id, string Verdict, string Detail, string Reason)
{
    /// <summary>The verdicts that there are.</summary>
    public static IReadOnlyList<string> Verdicts { get; } = ["recorded", "layout", "unordered", "values", "fetch", "fault"];

    /// <summary>Every decision, by the id of its case.</summary>
    public static IReadOnlyDictionary<string, OpCaseDecision> All { get; } = File
        .ReadLines(Path.Combine(SharedData.Repository, "tests/Decant.Tests/Ops/opcase-decisions.tsv"))
        .Where(line => !line.StartsWith('#'))
        .Select(line => line.Split('\t'))
        .ToDictionary(row => row[0], row => new OpCaseDecision(row[0], row[1], row[2], row[3]));

    /// <summary>TensorFlow's results where they are not the recorded ones.</summary>
    public IReadOnlyList<Tensor>? Values => Verdict == "values" ? [.. JsonDocument.Parse(Detail).RootElement.EnumerateArray().Select(JsonTensor.Read)] : null;
}
