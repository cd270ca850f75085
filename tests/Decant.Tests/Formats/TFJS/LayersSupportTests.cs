using Decant.Formats;
using Decant.Tests.Formats.Keras;

namespace Decant.Tests.Formats.TFJS;

/// <summary>What TensorFlow.js 4.22 registers for layers models; the rest is refused by name.</summary>
public sealed class LayersSupportTests
{
    /// <summary>The class of a layer of three numbers, its options, the version of Keras, and what is said; nothing when it is written.</summary>
    public static TheoryData<string, string, string, string> Layers => new()
    {
        { "Activation", "\"activation\": \"relu\"", "3.8.0", "" },
        { "Activation", "\"activation\": \"log_softmax\"", "2.15.0", "" },
        { "Activation", "\"activation\": \"hard_sigmoid\"", "2.15.0", "" },
        { "Activation", "\"activation\": \"hard_sigmoid\"", "3.8.0", "TensorFlow.js computes hard_sigmoid as Keras 2 does" },
        { "Activation", "\"activation\": \"silu\"", "3.8.0", "" },
        { "Activation", "\"activation\": \"exponential\"", "3.8.0", "TensorFlow.js does not have the activation exponential" },
        { "Activation", "\"activation\": {\"class_name\": \"function\", \"config\": \"squareplus\", \"module\": \"builtins\"}", "3.8.0", "TensorFlow.js does not have the activation squareplus" },
        { "PReLU", "\"alpha_initializer\": {\"class_name\": \"HeNormal\", \"config\": {}}, \"alpha_constraint\": {\"class_name\": \"MaxNorm\", \"config\": {}}, \"alpha_regularizer\": {\"class_name\": \"L2\", \"config\": {\"l2\": 0.1}}", "3.8.0", "" },
        { "PReLU", "\"alpha_initializer\": {\"class_name\": \"STFT\", \"config\": {}}", "3.8.0", "TensorFlow.js does not have the initializer STFT" },
        { "PReLU", "\"alpha_constraint\": {\"class_name\": \"RadialConstraint\", \"config\": {}}", "2.15.0", "TensorFlow.js does not have the constraint RadialConstraint" },
        { "PReLU", "\"alpha_regularizer\": {\"class_name\": \"OrthogonalRegularizer\", \"config\": {}}", "3.8.0", "TensorFlow.js does not have the regularizer OrthogonalRegularizer" },
        { "RandomHeight", "\"factor\": 0.1", "2.15.0", "TensorFlow.js does not have this layer" },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_is_written_when_TensorFlow_js_has_all_that_it_names(string type, string options, string version, string message)
    {
        using var folder = new TemporaryFolder();
        string config = $$$"""{"class_name": "Sequential", "config": {"name": "m", "layers": [{"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null, 3], "dtype": "float32"}}, {"class_name": "{{{type}}}", "config": {"name": "layer", {{{options}}}}}]}}""";
        using Model model = Model.Load(KerasModelFile.Write(folder["m.h5"], config, version, type == "PReLU" ? [("layer", "layer/alpha:0", Tensor.Wrap([0.5f, 0.25f, 0.125f]))] : []));
        if (message.Length == 0)
        {
            model.Save(folder["js"], "tfjs_layers");
            Assert.DoesNotContain("silu", File.ReadAllText(Path.Combine(folder["js"], "model.json")), StringComparison.Ordinal);
            return;
        }

        ModelException e = Assert.Throws<ModelException>(() => model.Save(folder["js"], "tfjs_layers"));
        Assert.Equal(FormatErrors.OpsNotSupported, e.Diagnostics[0].Code);
        Assert.StartsWith(message, e.Diagnostics[0].Message, StringComparison.Ordinal);
    }
}
