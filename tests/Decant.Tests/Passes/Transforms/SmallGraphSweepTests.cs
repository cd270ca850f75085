using Decant.TestKit;

namespace Decant.Tests.Passes.Transforms;

/// <summary>
/// As <see cref="TransformSweepTests"/>, for the golden graphs; a class of its own, so that the two run side by side. Each graph has every other
/// list of transforms, and its neighbour the others; with <c>DECANT_SWEEP=all</c> each has all of them.
/// </summary>
public sealed class SmallGraphSweepTests
{
    private static readonly Dictionary<string, int> Places = GoldenCases.Deterministic.Select((name, i) => (name, i)).ToDictionary();

    public static TheoryData<string> Goldens => [.. GoldenCases.Deterministic];

    [SharedTheory]
    [MemberData(nameof(Goldens))]
    public void A_transform_leaves_the_outputs_of_small_graphs_as_they_are(string name)
    {
        (Model model, Dictionary<string, Tensor> inputs, Dictionary<string, Tensor> outputs) = GoldenCases.Load(name);
        using Model opened = model;
        List<string> faults = TransformSweep.Run(model, inputs, [.. outputs.Keys], TransformSweep.Rows.Where((_, i) => TransformSweep.IsWhole || (i + Places[name]) % 2 == 0), HasNoRange(name));
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>Models with tensors that have no 8-bit form: basic-pitch takes logarithms of 0, mtcnn finds no boxes, and others reduce nothing.</summary>
    internal static bool HasNoRange(string path) => path.Contains("basic-pitch", StringComparison.Ordinal) || path.Contains("mtcnn", StringComparison.Ordinal) || path.StartsWith("emptyArrayTests/", StringComparison.Ordinal);
}
