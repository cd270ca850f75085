using Decant.TestKit;
using Xunit.Abstractions;

namespace Decant.Tests.Runtime;

/// <summary>Every deterministic frozen graph of the golden set gives what the real TensorFlow gave.</summary>
public sealed class GoldenCaseTests(ITestOutputHelper output)
{
    public static TheoryData<string> Groups => [.. GoldenCases.Deterministic.Select(name => name.Split('/')[0]).Distinct()];

    [SharedFact]
    public void There_are_917_deterministic_graphs() => Assert.Equal(917, GoldenCases.Deterministic.Count);

    [SharedTheory]
    [MemberData(nameof(Groups))]
    public void The_graphs_of_a_group_give_the_outputs_of_TensorFlow(string group)
    {
        var failures = new List<string>();
        foreach (string name in GoldenCases.Deterministic.Where(n => n.Split('/')[0] == group))
        {
            foreach (bool fusion in new[] { false, true })
            {
                try
                {
                    if (GoldenCases.Run(name, fusion) is { } difference)
                        failures.Add($"{name}, fusion {fusion}: {difference}");
                }
                catch (ModelException e)
                {
                    failures.Add($"{name}, fusion {fusion}: {e.Message}");
                }
            }
        }

        output.WriteLine(string.Join('\n', failures));
        Assert.Empty(failures);
    }
}
