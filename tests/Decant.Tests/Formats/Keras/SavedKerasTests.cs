using Decant.Comparison;
using Decant.Formats;
using Decant.Formats.Keras;
using Decant.Lowering;
using Decant.TestKit;

namespace Decant.Tests.Formats.Keras;

/// <summary>SavedModels that Keras wrote, as models of its layers: by <c>keras_metadata.pb</c>, and by the object graph of older ones.</summary>
public sealed class SavedKerasTests
{
    private static readonly Dictionary<string, Tensor> NoInputs = [];

    [SharedTheory]
    [InlineData("tfnet-simple-model-from-auto-compile", 5)]
    [InlineData("keras-lso-savedmodel", 1)]
    [InlineData("mlperf-kws/kws_ref_model", 33)]
    public void A_SavedModel_is_written_in_each_format_of_Keras(string name, int layers)
    {
        using var folder = new TemporaryFolder();
        using Model model = Model.Load(SharedData.Path($"data/savedmodel/{name}"));
        foreach (string format in (string[])["keras_h5", "keras", "tfjs_layers"])
        {
            ConvertResult result = model.ConvertToKeras(format);
            var check = ConvertCheck.Run(result, result.Model, NoInputs, 3, ConvertCheck.Tolerance);
            Assert.Null(check.NotRun);
            Assert.True(check.Passed, format);
            // The graph of kws has dropout for training, so that its outputs may depend on random numbers.
            Assert.Equal(name.StartsWith("mlperf", StringComparison.Ordinal) ? 1 : 0, check.Random.Count);
            model.Save(folder[format], format);
            using Model read = Model.Load(folder[format]);
            Assert.Equal(layers, read.Keras!.Layers.Count);
            Assert.Null(ConvertCheck.Run(result, read, NoInputs, 4, ConvertCheck.Tolerance).Outputs.FirstOrDefault(o => !o.Difference.Equal));
        }

        Assert.Equal(layers, model.Keras!.Layers.Count);
        Assert.Equal(name.StartsWith("tfnet", StringComparison.Ordinal), model.Keras.TrainingConfig.IsEmpty);
    }

    [SharedFact]
    public void The_layers_give_what_the_graph_gives_without_its_dropout()
    {
        using var folder = new TemporaryFolder();
        using Model model = Model.Load(SharedData.Path("data/savedmodel/mlperf-kws/kws_ref_model"));
        model.Save(folder["model.keras"], "keras");
        using Model layers = Model.Load(folder["model.keras"]);
        var random = new Random(2);
        Tensor input = Tensor.Wrap([.. Enumerable.Range(0, 490).Select(_ => (float)random.NextDouble())], new Shape(1, 49, 10, 1));
        using Session one = new(layers), other = new(model);
        float[] found = one.Run(new Dictionary<string, Tensor> { [layers.Signatures[0].Inputs[0].Name] = input }).Values.Single().Span<float>().ToArray();
        float[] expected = other.Run(new Dictionary<string, Tensor> { [model.Signatures.Single(s => s.Key == "serving_default").Inputs[0].Name] = input }).Values.Single().Span<float>().ToArray();
        Assert.All(found.Zip(expected), p => Assert.InRange(p.First - p.Second, -1e-5f, 1e-5f));
    }

    [SharedTheory]
    [InlineData("basic-pitch/nmp", "keras-unknown-layers", "CQT2010v2")]
    [InlineData("tfnet-python-func-model", "keras-unknown-layers", "Transformer")]
    [InlineData("half-plus-two-tf2-cpu", "format-not-supported", "no Keras layers can be made")]
    [InlineData("mlnet-cifar-saved-model", "format-not-supported", "no Keras layers can be made")]
    public void What_tells_no_layers_that_are_known_is_refused_and_named(string name, string code, string what)
    {
        using Model model = Model.Load(SharedData.Path($"data/savedmodel/{name}"));
        ModelException e = Assert.Throws<ModelException>(() => model.ConvertToKeras("keras"));
        Assert.Equal(code, e.Diagnostics[0].Code.Id);
        Assert.Contains(what, e.Message, StringComparison.Ordinal);
    }
}
