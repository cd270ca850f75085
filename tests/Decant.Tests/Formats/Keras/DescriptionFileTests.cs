using System.Text.Json;
using Decant.Formats;
using Decant.Formats.Keras;
using Decant.Wire.Hdf5;

namespace Decant.Tests.Formats.Keras;

/// <summary>Models in two files, as to_json and save_weights write them.</summary>
public sealed class DescriptionFileTests
{
    private const string Layers = """
        "config": {"name": "m", "layers": [{"class_name": "Dense", "config": {"name": "d", "units": 1, "activation": "linear", "use_bias": false, "batch_input_shape": [null, 3]}}]}, "keras_version": "2.4.0", "backend": "tensorflow"
        """;

    private static readonly string Description = $$"""{"class_name": "Sequential", {{Layers}}}""";

    // As yaml.dump writes it: sorted, with flow collections for what holds no collection, and shared tuples by an anchor.
    private const string Yaml = """
        backend: tensorflow
        class_name: Sequential
        config:
          layers:
          - class_name: Dense
            config: {activation: linear, batch_input_shape: &id001 !!python/tuple [null, 3], build_input_shape: *id001,
              name: d, units: 1, use_bias: false}
          name: m
        keras_version: 2.4.0

        """;

    [Theory]
    [InlineData("model.yaml", "model.h5")]
    [InlineData("model.yml", "model_weights.h5")]
    [InlineData("config.yaml", "other.hdf5")]
    public void A_description_may_be_YAML(string description, string weights)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[description], Yaml);
        Weights(folder[weights], "d");
        using Model model = Model.Load(folder[description]);
        Assert.Equal(("keras_h5", 14f, "2.4.0"), (model.Format, Answer(model), model.Keras!.Version));
        model.Save(folder["whole.h5"], "keras_h5");
        using Model whole = Model.Load(folder["whole.h5"]);
        Assert.Equal(14f, Answer(whole));
        if (!weights.StartsWith("model", StringComparison.Ordinal))
            return;
        using Model beside = Model.Load(folder[weights]);
        Assert.Equal(14f, Answer(beside));
    }

    [Theory]
    [InlineData("net.h5", "net.json")]
    [InlineData("net_weights.hdf5", "net.json")]
    [InlineData("net.weights.h5", "net.json")]
    public void Weights_alone_tell_where_their_description_is_looked_for(string weights, string description)
    {
        using var folder = new TemporaryFolder();
        Weights(folder[weights], "d");
        using (Model loose = Model.Load(folder[weights]))
        {
            Assert.Contains(loose.Notes, n => n.Contains($"beside it as {description}", StringComparison.Ordinal));
            using var session = new Session(loose);
            foreach (Action use in (Action[])[() => session.Run(new Dictionary<string, Tensor>()), () => loose.Convert(), () => loose.ConvertToTFJS(), () => loose.Save(folder["out"], "keras")])
                Assert.Contains($"beside it as {description}", Assert.Throws<ModelException>(use).Diagnostics[0].Hint, StringComparison.Ordinal);
        }

        File.WriteAllText(folder[description], Description);
        using Model whole = Model.Load(folder[weights]);
        Assert.Equal(14f, Answer(whole));
    }

    [Theory]
    [InlineData("config:\n- !!python/object:keras.X {}\n", "bad-yaml")]
    [InlineData("config: {name: m, layers: [}\n", "bad-yaml")]
    [InlineData("config: {name: m, layers: 3}\n", "keras-bad-config")]
    [InlineData("name: m\n", "not-recognized")]
    public void Faults_of_YAML_are_told(string rest, string code)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["model.yaml"], $"class_name: Sequential\n{rest}");
        Weights(folder["model.h5"], "d");
        ModelException e = Assert.Throws<ModelException>(() => Model.Load(folder["model.yaml"]));
        Assert.Equal((code, folder["model.yaml"]), (e.Diagnostics[0].Code.Id, e.Diagnostics[0].Location?.File));
    }

    [Theory]
    [InlineData("model.json", "model.h5", false)]
    [InlineData("model.json", "model_weights.h5", false)]
    [InlineData("model.json", "other.hdf5", false)]
    [InlineData("model.v2.json", "model.v2.weights.h5", true)]
    public void A_description_finds_its_weights(string description, string weights, bool isQuoted)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[description], isQuoted ? JsonSerializer.Serialize(Description) : Description);
        Weights(folder[weights], "d");
        using Model model = Model.Load(folder[description]);
        Assert.Contains(model.Notes, n => n.EndsWith(weights, StringComparison.Ordinal));
        Assert.Equal(("keras_h5", 14f), (model.Format, Answer(model)));
        model.Save(folder["whole.h5"], "keras_h5");
        using Model whole = Model.Load(folder["whole.h5"]);
        Assert.Equal(14f, Answer(whole));
    }

    [Fact]
    public void Weights_find_their_description()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["model.json"], Description);
        Weights(folder["model_weights.h5"], "d");
        using Model model = Model.Load(folder["model_weights.h5"]);
        Assert.Contains(model.Notes, n => n.EndsWith("model.json", StringComparison.Ordinal));
        Assert.Equal(14f, Answer(model));
    }

    [Theory]
    [InlineData("dense_1, dropout, dense_2", "dense_4, dropout_3, dense_5", 14)]
    [InlineData("dense_2, dropout, dense_3", "dense_1, dropout, dense_2", 14)]
    [InlineData("dense, dropout, dense_1", "dense_9, dropout_2, dense_11", 14)]
    [InlineData("dense_1, dropout, other", "dense_4, dropout_3, dense_5", null)]
    public void Weights_of_another_session_are_taken_in_the_order_of_the_layers(string described, string stored, int? answer)
    {
        using var folder = new TemporaryFolder();
        string[] names = described.Split(", "), groups = stored.Split(", ");
        File.WriteAllText(folder["model.json"], $$"""
            {"class_name": "Sequential", "keras_version": "2.4.0", "config": {"name": "m", "layers": [
              {"class_name": "Dense", "config": {"name": "{{names[0]}}", "units": 3, "use_bias": false, "batch_input_shape": [null, 3]} },
              {"class_name": "Dropout", "config": {"name": "{{names[1]}}", "rate": 0.5} },
              {"class_name": "Dense", "config": {"name": "{{names[2]}}", "units": 1, "use_bias": false} }] } }
            """);
        var root = new Hdf5GroupContent();
        root.SetTexts("layer_names", groups);
        root.Group(groups[1]).SetTexts("weight_names", []);
        Add(root, groups[0], Tensor.Wrap(new[] { 0f, 1, 0, 1, 0, 0, 0, 0, 1 }, new Shape(3, 3)));
        Add(root, groups[2], Tensor.Wrap(new[] { 2f, 1, 3 }, new Shape(3, 1)));
        using (FileStream stream = File.Create(folder["model.h5"]))
            Hdf5Writer.Write(root, stream);
        if (answer is null)
        {
            Assert.Equal("keras-bad-weights", Assert.Throws<ModelException>(() => Model.Load(folder["model.json"])).Diagnostics[0].Code.Id);
            return;
        }

        // (1, 2, 3) becomes (2, 1, 3), and 2 * 2 + 1 * 1 + 3 * 3.
        using Model model = Model.Load(folder["model.json"]);
        Assert.Equal((float)answer, Answer(model));
    }

    [Theory]
    [InlineData("""{"class_name": "Sequential"}""", "other.h5", "d", "not-recognized")]
    [InlineData("""{"class_name": "Sequential", "config": {"name": "m", "layers": []}}""", "model.txt", "d", "keras-bad-weights")]
    [InlineData(null, "model.h5", "another", "keras-bad-weights")]
    public void What_is_no_description_or_has_no_weights_is_told(string? description, string weights, string layer, string code)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["model.json"], description ?? Description);
        Weights(folder[weights], layer);
        ModelException e = Assert.Throws<ModelException>(() => Model.Load(folder["model.json"]));
        Assert.Equal((code, folder["model.json"]), (e.Diagnostics[0].Code.Id, e.Diagnostics[0].Location?.File));
    }

    private static void Weights(string path, string layer)
    {
        var root = new Hdf5GroupContent();
        root.SetTexts("layer_names", [layer]);
        Add(root, layer, Tensor.Wrap(new[] { 1f, 2, 3 }, new Shape(3, 1)));
        using FileStream stream = File.Create(path);
        Hdf5Writer.Write(root, stream);
    }

    private static void Add(Hdf5GroupContent root, string layer, Tensor kernel)
    {
        Hdf5GroupContent own = root.Group(layer);
        own.Add($"{layer}/kernel:0", kernel);
        own.SetTexts("weight_names", [$"{layer}/kernel:0"]);
    }

    private static float Answer(Model model)
    {
        using var session = new Session(model);
        return session.Run(new Dictionary<string, Tensor> { [model.Signatures[0].Inputs[0].Name] = Tensor.Wrap(new[] { 1f, 2, 3 }, new Shape(1, 3)) }, [model.Signatures[0].Outputs[0].Name]).Values.Single().Span<float>()[0];
    }
}
