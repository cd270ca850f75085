using Decant.Wire.Hdf5;

namespace Decant.Tests.Formats.Keras;

/// <summary>What Keras 1, and what was before it, writes otherwise: models that begin with a Merge, names of weights, and numbered weights.</summary>
public sealed class Keras1Tests
{
    private const string Dense1 = """{"class_name": "Dense", "config": {"name": "dense_1", "output_dim": 1, "activation": "linear", "bias": false, "batch_input_shape": [null, 2]}}""";

    private const string Dense2 = """{"class_name": "Dense", "config": {"name": "dense_1_b", "output_dim": 1, "activation": "linear", "bias": false, "batch_input_shape": [null, 2]}}""";

    private static readonly Tensor First = Tensor.Wrap(new[] { 1f, 10 }, new Shape(2, 1)), Second = Tensor.Wrap(new[] { 100f, 1000 }, new Shape(2, 1));

    [Theory]
    [InlineData("sum", 23 + 4500)]
    [InlineData("mul", 23 * 4500)]
    [InlineData("max", 4500)]
    public void A_sequence_may_begin_with_a_Merge(string mode, float expected)
    {
        using var folder = new TemporaryFolder();
        string merge = $$$"""{"class_name": "Merge", "config": {"name": "merge_1", "mode": "{{{mode}}}", "mode_type": "raw", "layers": [{"class_name": "Sequential", "config": [{{{Dense1}}}]}, {"class_name": "Sequential", "config": [{{{Dense2}}}]}]}}""";
        string config = $$$"""{"class_name": "Sequential", "config": [{{{merge}}}, {"class_name": "Activation", "config": {"name": "activation_1", "activation": "linear"}}]}""";
        using Model model = Model.Load(KerasModelFile.Write(folder["m.h5"], config, "1.2.2", ("dense_1", "dense_1_W:0", First), ("dense_1_b", "dense_1_b_W:0", Second)));
        Assert.Equal(expected, Answer(model));
        model.Save(folder["again.h5"], "keras_h5");
        using Model again = Model.Load(folder["again.h5"]);
        Assert.Equal(expected, Answer(again));
    }

    /// <summary>The kernel [h, w, in, filters] times each of 3, 4, 5, 6, added up where the numbers are, so far apart.</summary>
    [Theory]
    [InlineData("valid", 4, 2, "3 6 4 8 9 12 12 16 5 10 6 12 15 20 18 24")]
    [InlineData("valid", 5, 2, "3 6 4 8 0 9 12 12 16 0 5 10 6 12 0 15 20 18 24 0 0 0 0 0 0")]
    [InlineData("same", 3, 2, "3 6 4 9 12 12 5 10 6")]
    [InlineData("same", 2, 1, "3 10 14 40")]
    public void A_deconvolution_of_Keras_1_makes_the_size_that_it_is_told(string padding, int size, int stride, string expected)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(expected, Deconvolved(folder, padding, size, stride, Tensor.Wrap(new[] { 1f, 2, 3, 4 }, new Shape(2, 2, 1, 1))));
    }

    [Fact]
    public void A_deconvolution_of_Keras_1_has_its_filters_last()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("30 300 40 400 50 500 60 600", Deconvolved(folder, "valid", 2, 1, Tensor.Wrap(new[] { 10f, 100 }, new Shape(1, 1, 1, 2))));
    }

    [Fact]
    public void A_deconvolution_that_is_told_a_size_that_no_convolution_has_is_refused()
    {
        using var folder = new TemporaryFolder();
        ModelException e = Assert.Throws<ModelException>(() => Deconvolved(folder, "valid", 7, 2, Tensor.Wrap(new[] { 1f, 2, 3, 4 }, new Shape(2, 2, 1, 1))));
        Assert.Contains("a size that a convolution makes 2 of in dimension 0", e.Message, StringComparison.Ordinal);
        Assert.Equal("d_1", e.Diagnostics[0].Location?.Node);
    }

    private static string Deconvolved(TemporaryFolder folder, string padding, int size, int stride, Tensor kernel)
    {
        string layer = $$"""{"class_name": "Deconvolution2D", "config": {"name": "d_1", "nb_filter": {{kernel.Shape[3]}}, "nb_row": {{kernel.Shape[0]}}, "nb_col": {{kernel.Shape[1]}}, "output_shape": [null, {{size}}, {{size}}, {{kernel.Shape[3]}}], "subsample": [{{stride}}, {{stride}}], "border_mode": "{{padding}}", "dim_ordering": "tf", "activation": "linear", "bias": false, "batch_input_shape": [null, 2, 2, 1]} }""";
        using Model model = Model.Load(KerasModelFile.Write(folder["m.h5"], $$"""{"class_name": "Sequential", "config": [{{layer}}]}""", "1.2.2", ("d_1", "d_1_W:0", kernel)));
        using var session = new Session(model);
        var feeds = new Dictionary<string, Tensor> { [model.Signatures[0].Inputs[0].Name] = Tensor.Wrap(new[] { 3f, 4, 5, 6 }, new Shape(1, 2, 2, 1)) };
        return string.Join(' ', session.Run(feeds, ["d_1"])["d_1"].Span<float>().ToArray());
    }

    [Fact]
    public void A_Merge_by_a_function_is_refused()
    {
        using var folder = new TemporaryFolder();
        string config = KerasModelFile.Functional([("a", "[null, 2]"), ("b", "[null, 2]")], ["""{"class_name": "Merge", "name": "m", "config": {"name": "m", "mode": "4wEAAA==", "mode_type": "lambda"}, "inbound_nodes": [[["a", 0, 0], ["b", 0, 0]]]}"""], "m");
        string path = KerasModelFile.Write(folder["m.h5"], config, "1.2.2");
        Assert.Contains("its mode is a function of Python", Assert.Throws<ModelException>(() => Model.Load(path)).Message, StringComparison.Ordinal);
    }

    /// <summary>Weights of a model that is a layer have names without slashes; one layer's name begins with another's.</summary>
    [Fact]
    public void Layers_of_a_model_that_is_a_layer_find_their_weights()
    {
        using var folder = new TemporaryFolder();
        string narrow = Dense2.Replace("[null, 2]", "[null, 1]", StringComparison.Ordinal);
        string inner = $$"""{"class_name": "Sequential", "name": "sequential_1", "config": [{{Dense1}}, {{narrow}}], "inbound_nodes": [[["x", 0, 0]]]}""";
        string config = KerasModelFile.Functional([("x", "[null, 2]")], [inner], "sequential_1");
        using Model model = Model.Load(KerasModelFile.Write(folder["m.h5"], config, "1.2.2", ("sequential_1", "dense_1_W:0", First), ("sequential_1", "dense_1_b_W:0", Tensor.Wrap(new[] { 100f }, new Shape(1, 1)))));
        Assert.Equal(2300, Answer(model));
    }

    [Fact]
    public void Numbered_weights_belong_to_the_layers_in_their_order()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["m.json"], $$$"""{"class_name": "Sequential", "keras_version": "1.0.0", "config": [{"class_name": "Activation", "config": {"name": "activation_1", "activation": "linear", "batch_input_shape": [null, 2]}}, {{{Dense1}}}]}""");
        var root = new Hdf5GroupContent();
        root.SetText("nb_layers", "2");
        root.Group("layer_0").SetText("nb_params", "0");
        root.Group("layer_1").Add("param_0", First);
        using (FileStream stream = File.Create(folder["m.h5"]))
            Hdf5Writer.Write(root, stream);
        using Model model = Model.Load(folder["m.json"]);
        Assert.Equal(23, Answer(model));
        using Model weights = Model.Load(folder["m.h5"]);
        Assert.Equal(23, Answer(weights));
        File.Delete(folder["m.json"]);
        using Model alone = Model.Load(folder["m.h5"]);
        Assert.Equal((0, 1), (alone.Signatures.Count, alone.Graph.Nodes.Count));
    }

    // Of the inputs (3, 2) and (5, 4).
    private static float Answer(Model model)
    {
        using var session = new Session(model);
        float[][] values = [[3, 2], [5, 4]];
        Dictionary<string, Tensor> feeds = model.Signatures[0].Inputs.Index().ToDictionary(i => i.Item.Name, i => Tensor.Wrap(values[i.Index], new Shape(1, 2)));
        return session.Run(feeds, [model.Signatures[0].Outputs[0].Name]).Values.Single().Span<float>()[0];
    }
}
