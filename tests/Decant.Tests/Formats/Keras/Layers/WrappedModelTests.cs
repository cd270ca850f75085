using Decant.IR;

namespace Decant.Tests.Formats.Keras.Layers;

/// <summary>Wrappers around models and around layers that give several dimensions.</summary>
public sealed class WrappedModelTests
{
    private const string Dense = """{"class_name": "Dense", "config": {"name": "d", "units": 2, "use_bias": true, "activation": "relu"}}""";
    private const string Inner = $$$"""{"class_name": "Sequential", "config": {"name": "inner", "layers": [{"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [null, 2]}}, {{{Dense}}}, {"class_name": "BatchNormalization", "config": {"name": "b", "axis": [-1], "epsilon": 0.0}}]}}""";

    private static readonly (string, string, Tensor)[] Weights =
    [
        ("t", "d/kernel:0", Tensor.Wrap([1f, -1, 2, 1], new Shape(2, 2))), ("t", "d/bias:0", Tensor.Wrap([0.5f, 0])),
        ("t", "b/gamma:0", Tensor.Wrap([1f, 2])), ("t", "b/beta:0", Tensor.Wrap([0f, 1])), ("t", "b/moving_mean:0", Tensor.Wrap([1f, 0])), ("t", "b/moving_variance:0", Tensor.Wrap([4f, 1])),
    ];

    /// <summary>The wrapper's options, and the input's dimensions.</summary>
    [Theory]
    [InlineData($$$"""{"name": "t", "layer": {{{Inner}}} }""", new[] { 1, 2, 2 }, "[null, 2, 2]")]
    [InlineData($$$"""{"name": "t", "layer": {"class_name": "TimeDistributed", "config": {"name": "tt", "layer": {{{Inner}}} } } }""", new[] { 1, 2, 1, 2 }, "[null, null, null, 2]")]
    public void TimeDistributed_calls_a_model_on_each_step(string options, int[] shape, string declared)
    {
        using var folder = new TemporaryFolder();
        string config = KerasModelFile.Functional([("x", declared)], [$$"""{"class_name": "TimeDistributed", "name": "t", "config": {{options}}, "inbound_nodes": [[["x", 0, 0, {}]]]}"""], "t");
        string path = KerasModelFile.Write(folder["m.h5"], config, "2.11.0", Weights);
        // relu(x W + b), minus the mean, by the deviation, times gamma, plus beta: [1, 2] gives [5.5, 1], and [-1, 3] gives [5.5, 4].
        float[] expected = [2.25f, 3, 2.25f, 9];
        var feeds = new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([1f, 2, -1, 3], new Shape([.. shape.Select(d => (long)d)])) };
        using Model model = Model.Load(path);
        Answers(model, feeds, expected, shape);
        foreach (string format in (string[])["keras", "keras_h5", "tfjs_layers"])
        {
            model.Save(folder[format], format);
            using Model back = Model.Load(folder[format]);
            Answers(back, feeds, expected, shape);
            Assert.Equal(6, back.Keras!.Weights.Count());
            using Model converted = model.ConvertToKeras(format).Model;
            Answers(converted, feeds, expected, shape);
        }
    }

    [Fact]
    public void Bidirectional_may_have_another_layer_for_the_way_back()
    {
        using var folder = new TemporaryFolder();
        const string Options = """
            {"name": "b", "merge_mode": "concat",
             "layer": {"class_name": "SimpleRNN", "config": {"name": "f", "units": 1, "activation": "linear", "use_bias": false, "return_sequences": true}},
             "backward_layer": {"class_name": "SimpleRNN", "config": {"name": "r", "units": 1, "activation": "relu", "use_bias": false, "return_sequences": true, "go_backwards": true}}}
            """;
        string config = KerasModelFile.Functional([("x", "[null, 3, 1]")], [$$"""{"class_name": "Bidirectional", "name": "b", "config": {{Options}}, "inbound_nodes": [[["x", 0, 0, {}]]]}"""], "b");
        Tensor One(float value) => Tensor.Wrap([value], new Shape(1, 1));
        using Model model = Model.Load(KerasModelFile.Write(
            folder["m.h5"], config, "2.11.0", ("b", "b/f/kernel:0", One(1)), ("b", "b/f/recurrent_kernel:0", One(1)), ("b", "b/r/kernel:0", One(1)), ("b", "b/r/recurrent_kernel:0", One(0.5f))));
        Answers(model, new() { ["x"] = Tensor.Wrap([1f, -4, 2], new Shape(1, 3, 1)) }, [1, 1, -3, 0, -1, 2], [1, 3, 2]);
    }

    private static void Answers(Model model, Dictionary<string, Tensor> feeds, float[] expected, int[] shape)
    {
        using var session = new Session(model);
        string output = SignatureView.Of(model).Outputs[0].Name;
        Tensor found = session.Run(feeds, [output])[output];
        Assert.Equal(shape.Select(d => (long)d), found.Shape.Dims.ToArray());
        Assert.Equal(expected, found.Span<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
    }
}
