using Decant.Formats;
using Decant.TestKit;
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
        { "Activation", "\"activation\": \"silu\"", "3.8.0", "" },
        { "Activation", "\"activation\": \"exponential\"", "3.8.0", "TensorFlow.js does not have the activation exponential" },
        { "Activation", "\"activation\": {\"class_name\": \"function\", \"config\": \"squareplus\", \"module\": \"builtins\"}", "3.8.0", "TensorFlow.js does not have the activation squareplus" },
        { "PReLU", "\"alpha_initializer\": {\"class_name\": \"HeNormal\", \"config\": {}}, \"alpha_constraint\": {\"class_name\": \"MaxNorm\", \"config\": {}}, \"alpha_regularizer\": {\"class_name\": \"L2\", \"config\": {\"l2\": 0.1}}", "3.8.0", "" },
        { "PReLU", "\"alpha_initializer\": {\"class_name\": \"STFT\", \"config\": {}}", "3.8.0", "TensorFlow.js does not have the initializer STFT" },
        { "PReLU", "\"alpha_constraint\": {\"class_name\": \"RadialConstraint\", \"config\": {}}", "2.15.0", "TensorFlow.js does not have the constraint RadialConstraint" },
        { "PReLU", "\"alpha_regularizer\": {\"class_name\": \"OrthogonalRegularizer\", \"config\": {}}", "3.8.0", "TensorFlow.js does not have the regularizer OrthogonalRegularizer" },
        { "Rescaling", "\"scale\": [1, 2, 3], \"offset\": {\"class_name\": \"__numpy__\", \"config\": {\"value\": [0, 0, 1], \"dtype\": \"float32\"}}", "3.8.0", "" },
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

    /// <summary>Layers that TensorFlow.js has with other options, and what is said of these.</summary>
    public static TheoryData<LayerModel, string> Limits => new()
    {
        { new("BatchNormalization", "{\"axis\":[1]}", "3,4,2", "gamma 3", "beta 3", "moving_mean 3", "moving_variance 3"), "TensorFlow.js normalizes along the last axis alone" },
        { new("CategoryEncoding", "{\"num_tokens\":4,\"output_mode\":\"count\"}", "3"), "TensorFlow.js takes the shape of this layer's output for that of its input" },
        { new("CenterCrop", "{\"height\":2,\"width\":2}", "3,4,2"), "TensorFlow.js takes the shape of this layer's output for that of its input" },
        { new("Conv1D", "{\"filters\":2,\"kernel_size\":[3],\"padding\":\"causal\"}", "8,3", "kernel 3,3,2", "bias 2"), "TensorFlow.js has no causal padding" },
        { new("Conv2D", "{\"filters\":2,\"kernel_size\":[2,2],\"groups\":2}", "3,4,2", "kernel 2,2,1,2", "bias 2"), "TensorFlow.js has no groups of channels, of which there are 2 here" },
        { new("Conv2DTranspose", "{\"filters\":2,\"kernel_size\":[2,2],\"dilation_rate\":[2,1]}", "3,4,2", "kernel 2,2,2,2", "bias 2"), "TensorFlow.js has no dilation_rate of transposed convolutions" },
        { new("Conv3DTranspose", "{\"filters\":2,\"kernel_size\":[2,2,2],\"strides\":[1,3,1],\"padding\":\"same\"}", "3,3,2,2", "kernel 2,2,2,2,2", "bias 2"), "TensorFlow.js computes other numbers where strides are larger" },
        { new("AveragePooling1D", "{\"pool_size\":2,\"data_format\":\"channels_first\"}", "3,8"), "TensorFlow.js has channels in the last dimension alone here" },
        { new("BatchNormalization", "{}", "2,3,2,4", "gamma 4", "beta 4", "moving_mean 4", "moving_variance 4"), "TensorFlow.js normalizes batches of at most four dimensions" },
        { new("Bidirectional", "{\"layer\":{\"class_name\":\"RNN\",\"config\":{\"name\":\"rnn\",\"cell\":{\"class_name\":\"SimpleRNNCell\",\"config\":{\"name\":\"a\",\"units\":3}}}}}", "4,2",
            "forward_rnn/kernel 2,3", "forward_rnn/recurrent_kernel 3,3", "forward_rnn/bias 3", "backward_rnn/kernel 2,3", "backward_rnn/recurrent_kernel 3,3", "backward_rnn/bias 3"), "TensorFlow.js does not read an RNN in both directions" },
        { new("Conv2DTranspose", "{\"filters\":2,\"kernel_size\":[3,3],\"strides\":[2,2],\"padding\":\"same\",\"output_padding\":[0,1]}", "3,4,2", "kernel 3,3,2,2", "bias 2"), "TensorFlow.js has no output_padding, and gives results of another size" },
        { new("DepthwiseConv2D", "{\"kernel_size\":[2,2],\"dilation_rate\":[2,2]}", "5,6,3", "depthwise_kernel 2,2,3,1", "bias 3"), "TensorFlow.js has no dilation_rate of convolutions by depth alone" },
        { new("ELU", "{\"alpha\":0.5}", "3"), "TensorFlow.js has no alpha other than 1 here, which is 0.5" },
        { new("Flatten", "{}", "3"), "TensorFlow.js flattens inputs of at least two dimensions" },
        { new("TimeDistributed", "{\"layer\":{\"class_name\":\"GlobalMaxPooling1D\",\"config\":{\"name\":\"pool\",\"keepdims\":true}}}", "3,4,2"), "TensorFlow.js has no keepdims here" },
        { new("Dense", "{\"units\":2,\"activation\":\"hard_sigmoid\"}", "3", "kernel 3,2", "bias 2") { Version = "3.8.0" }, "TensorFlow.js computes hard_sigmoid as Keras 2 does" },
        { new("Normalization", "{\"axis\":1}", "3,4", "mean 3", "variance 3", "count 1"), "TensorFlow.js does not have this layer" },
        { new("GRU", "{\"units\":2,\"reset_after\":true}", "3,2", "kernel 2,6", "recurrent_kernel 2,6", "bias 2,6"), "TensorFlow.js has no reset_after, which is true here" },
        { new("LayerNormalization", "{\"rms_scaling\":true}", "3", "gamma 3") { Version = "3.8.0" }, "TensorFlow.js has no rms_scaling" },
        { new("RandomWidth", "{\"factor\":0.5}", "3,4,2"), "TensorFlow.js changes widths at random outside of training too" },
        { new("ReLU", "{\"negative_slope\":0.25}", "3"), "TensorFlow.js has no negative_slope and no threshold here" },
        { new("Resizing", "{\"height\":2,\"width\":2}", "3,4,2"), "TensorFlow.js has this layer, and fails when a model calls it" },
        { new("RNN", "{\"cell\":{\"class_name\":\"StackedRNNCells\",\"config\":{\"name\":\"c\",\"cells\":[{\"class_name\":\"GRUCell\",\"config\":{\"name\":\"a\",\"units\":2,\"reset_after\":true}}]}}}", "3,2", "cell_0/kernel 2,6", "cell_0/recurrent_kernel 2,6", "cell_0/bias 2,6"), "TensorFlow.js has no reset_after, which is true here" },
        { new("Softmax", "{\"axis\":1}", "3,4"), "TensorFlow.js has softmax along the last axis alone" },
        { new("UpSampling2D", "{\"size\":2,\"interpolation\":\"bilinear\"}", "3,4,2"), "TensorFlow.js has other pixels between those of the image than Keras" },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public void Options_that_TensorFlow_js_computes_otherwise_are_refused(LayerModel layer, string message)
    {
        using var folder = new TemporaryFolder();
        layer.Write(folder["source"]);
        using Model model = Model.Load(folder["source"]);
        Diagnostic fault = Assert.Single(Assert.Throws<ModelException>(() => model.Save(folder["js"], "tfjs_layers")).Diagnostics);
        Assert.Equal(FormatErrors.OpsNotSupported, fault.Code);
        Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(folder["js"]));
    }
}
