using Decant.IR;
using Decant.Passes;
using Decant.Passes.Freeze;
using Decant.TestKit;
using Xunit.Abstractions;

namespace Decant.Tests.Passes.Freeze;

/// <summary>The SavedModels of the shared set, frozen, give what they gave before, under the same names.</summary>
public sealed class FreezeSharedModelsTests(ITestOutputHelper output)
{
    public static TheoryData<string> Models =>
        [.. SharedData.Files("data/savedmodel", "variables.index").Select(p => Path.GetRelativePath(SharedData.Root, Path.GetDirectoryName(Path.GetDirectoryName(p))!))];

    [SharedTheory]
    [MemberData(nameof(Models))]
    public void A_frozen_model_gives_the_same_outputs_under_the_same_names(string path)
    {
        using Model model = Model.Load(SharedData.Path(path));
        SignatureView view = SignatureView.Of(model);
        Model frozen;
        try
        {
            frozen = Freezer.Freeze(model, new FreezeOptions());
        }
        catch (ModelException e) when (e.Diagnostics[0].Code == PassErrors.CannotFreeze && e.Message.Contains("otherwise than by reading", StringComparison.Ordinal))
        {
            output.WriteLine($"writes to its variables: {e.Message}");
            return;
        }

        HashSet<string> before = [.. Verifier.Find(model).Select(f => f.ToString())];
        Assert.DoesNotContain(Verifier.Find(frozen).Select(f => f.ToString()), f => !before.Contains(f));
        Assert.DoesNotContain(frozen.Functions.Values.Prepend(frozen.Graph).SelectMany(g => g.Nodes), VariableEntry.IsVariable);
        if (view.Inputs.Any(i => i.DType != DType.Float32))
        {
            output.WriteLine("inputs other than float32 are not made up");
            return;
        }

        var random = new Random(1);
        Dictionary<string, Tensor> inputs = view.Inputs.ToDictionary(
            i => i.Name, i => Random(frozen.Graph[view.Resolve(i.Name, isInput: true).Node.Name].Attributes["shape"] is ShapeAttr { Value: { HasRank: true } shape } ? shape : i.Shape, random));
        using var source = new Session(model);
        using var session = new Session(frozen);
        IReadOnlyDictionary<string, Tensor> expected;
        try
        {
            expected = source.Run(inputs);
        }
        catch (ModelException e)
        {
            output.WriteLine($"does not run: {e.Message}");
            return;
        }

        IReadOnlyDictionary<string, Tensor> found = session.Run(inputs);
        Assert.All(expected, e => Assert.Null(TensorComparison.Difference(found[e.Key], e.Value, 1e-5, 1e-6)));
        IReadOnlyDictionary<string, Tensor> byTensor = session.Run(inputs, [.. view.Outputs.Select(o => o.Tensor)]);
        Assert.All(view.Outputs, o => Assert.Null(TensorComparison.Difference(byTensor[o.Tensor], expected[o.Name], 1e-5, 1e-6)));
    }

    private static Tensor Random(Shape shape, Random random)
    {
        var known = new Shape([.. shape.Dims.ToArray().Select(d => d < 0 ? 1 : d)]);
        float[] values = new float[known.ElementCount];
        for (int i = 0; i < values.Length; i++)
            values[i] = random.NextSingle();
        return Tensor.Wrap(values, known);
    }
}
