using Decant.TestKit;
using Xunit.Abstractions;

namespace Decant.Tests.Ops;

/// <summary>Every recorded case of every op. Those particular to TensorFlow.js are decided one by one in <c>opcase-decisions.tsv</c>.</summary>
public sealed class OpCaseTests(ITestOutputHelper output)
{
    private const string Folder = "opcases/tfjs";
    private const string ReferenceFolder = "opcases/tfjs-reference-only";
    private const string Suffix = ".jsonl.gz";

    public static TheoryData<string> RecordedOps => [.. SharedData.Files(Folder, "*" + Suffix).Select(f => Path.GetFileName(f)[..^Suffix.Length])];

    [SharedTheory]
    [MemberData(nameof(RecordedOps))]
    public void The_recorded_cases_of_an_op_give_the_recorded_results(string op)
    {
        OpCaseSummary summary = OpCases.Run(SharedData.Path($"{Folder}/{op}{Suffix}"));
        output.WriteLine(summary.ToString());
        Assert.True(summary.Failed.Count == 0, summary.ToString());
    }

    public static TheoryData<string> ReferenceOps => [.. SharedData.Files(ReferenceFolder, "*" + Suffix).Select(f => Path.GetFileName(f)[..^Suffix.Length])];

    /// <summary>Cases that TensorFlow.js rejects; the results are an independent implementation's.</summary>
    [SharedTheory]
    [MemberData(nameof(ReferenceOps))]
    public void The_cases_that_only_TensorFlow_takes_give_the_results_of_the_reference(string op)
    {
        OpCaseSummary summary = OpCases.Run(SharedData.Path($"{ReferenceFolder}/{op}{Suffix}"));
        Assert.True(summary.Failed.Count == 0 && summary.WithoutKernel.Count == 0, summary.ToString());
    }

    [SharedFact]
    public void No_recorded_case_is_left_out()
    {
        HashSet<string> particular = [], known = [];
        foreach (string file in SharedData.Files(Folder, "*" + Suffix))
        {
            foreach (OpCase @case in OpCases.Read(file))
            {
                using Model model = @case.Build().Model;
                Assert.Empty(OpCases.WithoutKernel(model));
                Assert.True(known.Add(@case.Id), @case.Id);
                if (@case.IsParticular || (@case.IsSingleNode && !OpCases.IsDeclared(model.Graph.Nodes[^1])))
                    particular.Add(@case.Id);
            }
        }

        // Two cases are not marked, but differ as their marked twins do.
        particular.UnionWith(["NonMaxSuppressionV4-8668e9eccb", "NonMaxSuppressionV4-b000b1f8ef"]);
        Assert.Equal(particular.Order(StringComparer.Ordinal), OpCaseDecision.All.Keys.Order(StringComparer.Ordinal));
        Assert.All(OpCaseDecision.All.Values, d => Assert.True(OpCaseDecision.Verdicts.Contains(d.Verdict) && d.Reason.Length > 0, d.Id));
    }
}
