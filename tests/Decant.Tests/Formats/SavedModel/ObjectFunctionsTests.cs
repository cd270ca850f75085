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

    /// <summary>What is left of the graph then are the nodes of the signature, and those of the saver.</summary>
    [SharedTheory]
    [InlineData("tfjsnode-times-three-float")]
    [InlineData("basic-pitch/nmp")]
    public void What_saves_and_restores_is_neither_input_nor_output(string name)
    {
        using var folder = new TemporaryFolder();
        using Model model = Model.Load(SharedData.Path($"data/savedmodel/{name}"));
        var signed = SignatureView.Of(model);
        model.Signatures.Clear();
        model.TensorFlow.ObjectGraph = default;
        model.Save(folder["bare"], "saved_model");
        using Model bare = Model.Load(folder["bare"]);
        var view = SignatureView.Of(bare);
        Assert.Equal(Nodes(signed.Inputs), Nodes(view.Inputs));
        Assert.Equal(Nodes(signed.Outputs).Distinct(), Nodes(view.Outputs));

        static IEnumerable<string> Nodes(IEnumerable<SignatureTensor> tensors) => tensors.Select(t => t.Tensor.Split(':')[0]);
    }

    private static Model WithoutSignatures(string name, string path)
    {
        using Model model = Model.Load(SharedData.Path($"data/savedmodel/{name}"));
        model.Signatures.RemoveAll(s => !s.Key.StartsWith(SignatureView.Internal, StringComparison.Ordinal));
        model.Save(path, "saved_model");
        return Model.Load(path);
    }
}
