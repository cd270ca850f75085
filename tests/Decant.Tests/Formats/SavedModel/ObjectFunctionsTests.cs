using Decant.Comparison;
using Decant.Formats;
using Decant.IR;
using Decant.TestKit;

namespace Decant.Tests.Formats.SavedModel;

/// <summary>SavedModels without signatures, made of others by leaving theirs out.</summary>
public sealed class ObjectFunctionsTests
{
    [SharedTheory]
    [InlineData("tfjsnode-times-three-float", "__call__")]
    [InlineData("tfjsnode-int64-multiply", "f")]
    [InlineData("tfnet-python-func-model", "_default_save_signature")]
    [InlineData("mlperf-kws/kws_ref_model", "_default_save_signature")]
    [InlineData("basic-pitch/nmp", "_default_save_signature")]
    public void A_function_of_the_object_answers_as_the_signature_did(string name, string key)
    {
        using var folder = new TemporaryFolder();
        using Model signed = Model.Load(SharedData.Path($"data/savedmodel/{name}"));
        var view = SignatureView.Of(signed);
        using Model unsigned = WithoutSignatures(name, folder["unsigned"]);
        SignatureView own = SignatureView.Of(unsigned);
        Assert.Equal(key, own.Key);
        Assert.Contains(unsigned.Notes, n => n.Contains($"'{key}'", StringComparison.Ordinal));
        Dictionary<string, Tensor> inputs = [];
        RandomTensors.Complete(inputs, view, view.Outputs.Select(o => o.Name), new Random(1));
        using Session before = new(signed), after = new(unsigned);
        Tensor expected = before.Run(inputs, [view.Outputs[0].Name]).Values.Single();
        Tensor found = after.Run(new Dictionary<string, Tensor> { [own.Inputs.Single().Tensor] = inputs.Single().Value }, [own.Outputs[0].Tensor]).Values.Single();
        Assert.Equal(expected.Data.ToArray(), found.Data.ToArray());
    }

    [SharedFact]
    public void A_model_without_objects_or_with_signatures_gets_none()
    {
        using var folder = new TemporaryFolder();
        using Model old = WithoutSignatures("mlnet-cifar-saved-model", folder["old"]);
        Assert.Empty(old.Signatures);
        using Model signed = Model.Load(SharedData.Path("data/savedmodel/tfjsnode-times-three-float"));
        Assert.DoesNotContain(signed.Signatures, s => s.Key == "__call__");
    }

    private static Model WithoutSignatures(string name, string path)
    {
        using Model model = Model.Load(SharedData.Path($"data/savedmodel/{name}"));
        model.Signatures.RemoveAll(s => !s.Key.StartsWith(SignatureView.Internal, StringComparison.Ordinal));
        model.Save(path, "saved_model");
        return Model.Load(path);
    }
}
