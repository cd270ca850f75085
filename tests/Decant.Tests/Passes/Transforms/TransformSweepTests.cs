using Decant.Passes.Freeze;
using Decant.TestKit;
using Decant.Tests.Models;

namespace Decant.Tests.Passes.Transforms;

/// <summary>Other people's models: every transform, alone and in the guide's pipelines, leaves the outputs within its tolerance.</summary>
public sealed class TransformSweepTests
{
    private static readonly Dictionary<string, ModelCase> Cases = GraphCases.All.Concat(SavedModelCases.All).Where(c => c.Initializers.Length == 0).Select((c, i) => ($"{i} {c.Name}", c)).ToDictionary();

    public static TheoryData<string> Names => [.. Cases.Keys];

    [SharedTheory]
    [MemberData(nameof(Names))]
    public void A_transform_leaves_outputs_as_they_are(string name)
    {
        ModelCase it = Cases[name];
        using Model model = it.Load();
        Dictionary<string, Tensor> feeds = it.Feeds(model);
        string[] inputs = [.. feeds.Keys];
        string[] outputs = it.Fetches(model);
        using Model frozen = model.Freeze(new FreezeOptions { Signature = it.Signature, Inputs = inputs, Outputs = outputs });
        List<string> faults = TransformSweep.Run(frozen, feeds, outputs, HasNoRange(it.Path));
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    public static TheoryData<string> Goldens => [.. GoldenCases.Deterministic];

    [SharedTheory]
    [MemberData(nameof(Goldens))]
    public void A_transform_leaves_the_outputs_of_small_graphs_as_they_are(string name)
    {
        (Model model, Dictionary<string, Tensor> inputs, Dictionary<string, Tensor> outputs) = GoldenCases.Load(name);
        using Model opened = model;
        List<string> faults = TransformSweep.Run(model, inputs, [.. outputs.Keys], HasNoRange(name));
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>Models with tensors that have no 8-bit form: basic-pitch takes logarithms of 0, mtcnn finds no boxes, and others reduce nothing.</summary>
    private static bool HasNoRange(string path) => path.Contains("basic-pitch", StringComparison.Ordinal) || path.Contains("mtcnn", StringComparison.Ordinal) || path.StartsWith("emptyArrayTests/", StringComparison.Ordinal);
}
