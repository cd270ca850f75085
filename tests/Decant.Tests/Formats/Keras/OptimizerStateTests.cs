using System.Text.Json.Nodes;
using Decant.Formats.Keras;
using Decant.Formats.TFJS;
using Decant.IR;
using Decant.Wire.Hdf5;

namespace Decant.Tests.Formats.Keras;

/// <summary>What optimizers keep, from Keras's HDF5 files to TensorFlow.js and back. Two trained weights have the slots 1, 2, ... each.</summary>
public sealed class OptimizerStateTests
{
    private const string Config = """
        {"class_name": "Sequential", "config": {"name": "m", "layers": [
          {"class_name": "Dense", "config": {"name": "d", "units": 1, "activation": "linear", "use_bias": true, "batch_input_shape": [null, 2]}}]}}
        """;

    /// <summary>The optimizer of Keras, whether its slots stand weight by weight, how many there are, and the optimizer, options and slots of TensorFlow.js.</summary>
    public static TheoryData<string, string, int, string, string, string[]> Cases => new()
    {
        { """{"class_name": "Adam", "config": {"learning_rate": 0.5, "beta_1": 0.75, "beta_2": 0.875, "epsilon": 0.25, "decay": 0.0, "amsgrad": false}}""", "slots", 2, "Adam", """{"learning_rate": 0.5, "beta1": 0.75, "beta2": 0.875, "epsilon": 0.25}""", ["m", "v"] },
        { """{"class_name": "Adam", "config": {"learning_rate": 0.5, "beta_1": 0.75, "beta_2": 0.875, "epsilon": 0.25}}""", "weights", 2, "Adam", """{"learning_rate": 0.5, "beta1": 0.75, "beta2": 0.875, "epsilon": 0.25}""", ["m", "v"] },
        { """{"class_name": "Adam", "config": {"lr": 0.5, "beta_1": 0.75, "beta_2": 0.875, "epsilon": 0.25}}""", "largest", 2, "Adam", """{"learning_rate": 0.5, "beta1": 0.75, "beta2": 0.875, "epsilon": 0.25}""", ["m", "v"] },
        { """{"class_name": "RMSprop", "config": {"lr": 0.5, "rho": 0.75, "epsilon": 0.25, "decay": 0.0}}""", "no steps", 1, "RMSProp", """{"learning_rate": 0.5, "decay": 0.75, "momentum": 0, "epsilon": 0.25, "centered": false}""", ["rms", "momentum"] },
        { """{"class_name": "RMSprop", "config": {"learning_rate": 0.5, "rho": 0.75, "epsilon": 0.25, "momentum": 0.5}}""", "slots", 2, "RMSProp", """{"learning_rate": 0.5, "decay": 0.75, "momentum": 0.5, "epsilon": 0.25, "centered": false}""", ["rms", "momentum"] },
        { """{"class_name": "SGD", "config": {"learning_rate": 0.5, "momentum": 0.0}}""", "slots", 0, "SGD", """{"learning_rate": 0.5}""", [] },
        { """{"class_name": "SGD", "config": {"learning_rate": 0.5, "momentum": 0.25, "nesterov": true}}""", "slots", 1, "Momentum", """{"learning_rate": 0.5, "momentum": 0.25, "use_nesterov": true}""", ["momentum"] },
        { """{"class_name": "Adagrad", "config": {"learning_rate": 0.5, "initial_accumulator_value": 0.25}}""", "slots", 1, "Adagrad", """{"learning_rate": 0.5, "initial_accumulator_value": 0.25}""", ["accumulator"] },
        { """{"class_name": "Adadelta", "config": {"learning_rate": 0.5, "rho": 0.75, "epsilon": 0.25}}""", "slots", 2, "Adadelta", """{"learning_rate": 0.5, "rho": 0.75, "epsilon": 0.25}""", ["accum_grad", "accum_var"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void State_goes_to_TensorFlow_js_and_back(string optimizer, string order, int count, string type, string options, string[] slots)
    {
        using var folder = new TemporaryFolder();
        using Model model = Model.Load(Write(folder["m.h5"], optimizer, order, count, "\"mse\""));
        Assert.Null(OptimizerState.LostIn(model.Keras!, "tfjs_layers"));
        model.Save(folder["js"], "tfjs_layers");
        JsonNode json = JsonNode.Parse(File.ReadAllText(folder["js/model.json"]))!;
        JsonNode training = json["trainingConfig"]!;
        Assert.Equal(("mean_squared_error", type), ((string?)training["loss"], (string?)training["optimizer_config"]!["class_name"]));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(options), training["optimizer_config"]!["config"]), training.ToJsonString());
        JsonNode[] kept = [.. json["weightsManifest"]!.AsArray().SelectMany(g => g!["weights"]!.AsArray()).Where(w => (string?)w!["group"] == "optimizer").Select(w => w!)];
        Assert.Equal(["iter", .. slots.SelectMany(s => new[] { $"d/kernel/{s}", $"d/bias/{s}" })], kept.Select(w => (string)w["name"]!));
        Assert.Equal("int32", (string?)kept[0]["dtype"]);

        using Model js = Model.Load(folder["js/model.json"]);
        int steps = order == "no steps" ? 0 : 7;
        Assert.Equal(steps, js.Keras!.Optimizer.Weights[0].Value.Value.Span<int>()[0]);
        Assert.Equal([.. Slots(count), .. Enumerable.Repeat(0f, 2 * (slots.Length - count))], js.Keras.Optimizer.Weights.Skip(1).Select(w => w.Value.Value.Span<float>()[0]));
        js.Save(folder["again"], "tfjs_layers");
        Assert.Equal(File.ReadAllBytes(folder["js/group2-shard1of1.bin"]), File.ReadAllBytes(folder["again/group2-shard1of1.bin"]));

        js.Save(folder["back.h5"], "keras_h5");
        using Model back = Model.Load(folder["back.h5"]);
        Assert.Equal(steps, back.Keras!.Optimizer.Weights[0].Value.Value.Span<long>()[0]);
        Assert.Equal(Slots(count), back.Keras.Optimizer.Weights.Skip(1).Select(w => w.Value.Value.Span<float>()[0]));
        JsonNode was = JsonNode.Parse(optimizer)!, now = JsonNode.Parse(back.Keras.TrainingConfig.Span)!["optimizer_config"]!;
        Assert.Equal((string?)was["class_name"], (string?)now["class_name"]);
        foreach ((string option, JsonNode? value) in now["config"]!.AsObject().Where(o => was["config"]![o.Key] is not null))
            Assert.True(JsonNode.DeepEquals(was["config"]![option], value) || (double)value! == (double)was["config"]![option]!, option);
    }

    /// <summary>Optimizers and losses that TensorFlow.js does not have, and slots that do not fit the weights.</summary>
    [Theory]
    [InlineData("""{"class_name": "Nadam", "config": {"learning_rate": 0.5}}""", 2, "\"mse\"")]
    [InlineData("""{"class_name": "Adam", "config": {"learning_rate": {"class_name": "ExponentialDecay"}}}""", 2, "\"mse\"")]
    [InlineData("""{"class_name": "Adam", "config": {"learning_rate": 0.5, "amsgrad": true}}""", 3, "\"mse\"")]
    [InlineData("""{"class_name": "Adam", "config": {"learning_rate": 0.5}}""", 3, "\"mse\"")]
    [InlineData("""{"class_name": "Adam", "config": {"learning_rate": 0.5}}""", 2, "\"cosine_similarity\"")]
    [InlineData("""{"class_name": "Adam", "config": {"learning_rate": 0.5}}""", 2, """{"class_name": "BinaryCrossentropy", "config": {"from_logits": true}}""")]
    [InlineData("""{"class_name": "Adam", "config": 3}""", 2, "\"mse\"")]
    public void State_that_TensorFlow_js_does_not_have_is_left_and_told(string optimizer, int count, string loss)
    {
        using var folder = new TemporaryFolder();
        using Model model = Model.Load(Write(folder["m.h5"], optimizer, "slots", count, loss));
        Assert.Contains("weights of the optimizer are not written", OptimizerState.LostIn(model.Keras!, "tfjs_layers"), StringComparison.Ordinal);
        Assert.Null(OptimizerState.LostIn(model.Keras!, "keras_h5"));
        model.Save(folder["js"], "tfjs_layers");
        JsonNode json = JsonNode.Parse(File.ReadAllText(folder["js/model.json"]))!;
        Assert.Null(json["trainingConfig"]);
        Assert.Single(json["weightsManifest"]!.AsArray());
    }

    private static float[] Slots(int count) => [.. Enumerable.Range(0, count).SelectMany(s => new[] { (10f * s) + 1, (10 * s) + 2 })];

    // "slots" has them slot by slot, "weights" weight by weight with a learning rate before, "largest" has a slot of single zeros, and "no steps" has no count.
    private static string Write(string path, string optimizer, string order, int count, string loss)
    {
        var root = new Hdf5GroupContent();
        root.SetText("model_config", JsonNode.Parse(Config)!.ToJsonString());
        root.SetText("keras_version", "2.12.0");
        root.SetText("training_config", $$$"""{"loss": {{{loss}}}, "metrics": [[{"class_name": "MeanMetricWrapper", "config": {"name": "accuracy"}}]], "optimizer_config": {{{optimizer}}} }""");
        Hdf5GroupContent layer = root.Group("model_weights").Group("d");
        Tensor kernel = Tensor.Wrap(new[] { 1f, 2 }, new Shape(2, 1)), bias = Tensor.Wrap(new[] { 3f });
        layer.Add("d/kernel:0", kernel);
        layer.Add("d/bias:0", bias);
        layer.SetTexts("weight_names", ["d/kernel:0", "d/bias:0"]);
        Hdf5GroupContent group = root.Group("optimizer_weights");
        var names = new List<string>();
        if (order != "no steps")
            Add("iter", Tensor.Scalar(7L));
        if (order == "weights")
            Add("learning_rate", Tensor.Scalar(0.5f));
        (int Slot, int Weight)[] all = [.. Enumerable.Range(0, count).SelectMany(s => Enumerable.Range(0, 2).Select(w => (s, w)))];
        foreach ((int slot, int weight) in order == "weights" ? all.OrderBy(a => a.Weight) : all.OrderBy(a => a.Slot))
            Add(order == "weights" ? $"Adam/{"mv"[slot]}/d/{weight}" : $"slot{slot}/{weight}", weight == 0 ? Tensor.Wrap(new[] { (10f * slot) + 1, 0 }, new Shape(2, 1)) : Tensor.Wrap(new[] { (10f * slot) + 2 }));
        if (order == "largest")
        {
            Add("largest/0", Tensor.Wrap(new[] { 0f }));
            Add("largest/1", Tensor.Wrap(new[] { 0f }));
        }

        group.SetTexts("weight_names", [.. names]);
        using FileStream stream = File.Create(path);
        Hdf5Writer.Write(root, stream);
        return path;

        void Add(string name, Tensor value)
        {
            group.Add(name, value);
            names.Add(name);
        }
    }
}
