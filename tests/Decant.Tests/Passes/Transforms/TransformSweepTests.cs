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
        Assert.Empty(TransformSweep.Run(frozen, feeds, outputs));
    }
}
