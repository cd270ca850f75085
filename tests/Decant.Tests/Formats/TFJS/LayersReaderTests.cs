using System.Text.Json.Nodes;

namespace Decant.Tests.Formats.TFJS;

public sealed class LayersReaderTests
{
    private const string CamelCase =
        """
        {"className": "Sequential", "kerasVersion": "tfjs-layers 1.3.2", "config": {"name": "m", "layers": [
          {"className": "Dense", "config": {"name": "d", "batchInputShape": [null, 2], "units": 1, "activation": "linear", "useBias": true}},
          {"className": "Activation", "config": {"name": "softSign", "activation": "hardSigmoid"}}]}}
        """;

    [Fact]
    public void A_model_runs_and_keeps_what_its_file_says_of_it()
    {
        using var files = new LayersModel();
        using Model model = files.Load();
        Assert.Equal("tfjs_layers", model.Format);
        Assert.Equal([4f, 0], LayersModel.Run(model));
        Assert.Equal(("2.4.0", "tensorflow"), (model.Keras!.Version, model.Keras.Backend));
        Assert.Equal([("d/kernel", "d/kernel"), ("d/bias", "d/bias")], model.Keras.Weights.Select(w => (w.Name, w.StoredName)));
        Assert.False(model.Keras.TrainingConfig.IsEmpty);
        Assert.Null(model.Freeze().Keras);
    }

    [Fact]
    public void A_model_that_JavaScript_saved_runs()
    {
        using var files = new LayersModel();
        JsonNode layers = files.Topology["model_config"]!["config"]!.DeepClone();
        files.Json["modelTopology"] = new JsonObject { ["class_name"] = "Sequential", ["config"] = layers, ["keras_version"] = "tfjs-layers 1.3.2", ["backend"] = "tensor_flow.js" };
        files.Json.Remove("format");
        files.Group["weights"]!.AsArray().Add(new JsonObject { ["name"] = "d/kernel/m", ["shape"] = new JsonArray(1), ["dtype"] = "float32", ["group"] = "optimizer" });
        File.AppendAllText(files["group1-shard1of1.bin"], "1234");
        using Model model = files.Load();
        Assert.Equal("tfjs_layers", model.Format);
        Assert.Equal([4f, 0], LayersModel.Run(model));
    }

    [Fact]
    public void Names_in_the_style_of_JavaScript_are_those_of_Keras()
    {
        using var files = new LayersModel();
        files.Json["modelTopology"] = JsonNode.Parse(CamelCase);
        using Model model = files.Load();
        Assert.Equal([1f, 0], LayersModel.Run(model));
        Assert.Contains(model.Signatures[0].Outputs, o => o.Name == "softSign");
    }

    [Theory]
    [InlineData("uint8", 0.02)]
    [InlineData("uint16", 0.0001)]
    public void Quantized_weights_are_widened(string dtype, double error)
    {
        using var files = new LayersModel();
        foreach (JsonNode? weight in files.Group["weights"]!.AsArray())
            weight!["quantization"] = new JsonObject { ["dtype"] = dtype, ["min"] = -1.0, ["scale"] = dtype == "uint8" ? 4 / 255.0 : 4 / 65535.0 };
        byte[] bytes = dtype == "uint8" ? [191, 255, 0] : [0xFF, 0xBF, 0xFF, 0xFF, 0, 0];
        File.WriteAllBytes(files["group1-shard1of1.bin"], bytes);
        using Model model = files.Load();
        Assert.Equal(4, LayersModel.Run(model)[0], error);
    }

    [Fact]
    public void Weights_without_a_description_are_constants()
    {
        using var files = new LayersModel();
        files.Json["modelTopology"] = null;
        using Model model = files.Load();
        Assert.Equal(["d/kernel", "d/bias"], model.Graph.Nodes.Select(n => n.Name));
        Assert.NotEmpty(model.Notes);
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "no shard", "the shard is missing" }, { "a short shard", "ends behind the 11 bytes" }, { "a long shard", "the weights take 12 bytes" }, { "a shard elsewhere", "not a file in the model's folder" },
        { "a lying shape", "ends behind" }, { "a weight of another shape", "does not fit" }, { "no weight", "expected at least 1" }, { "a text for a description", "no JSON" }, { "a layer that is not known", "the layer is not known" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_is_wrong_is_a_located_error(string fault, string said)
    {
        using var files = new LayersModel();
        string shard = files["group1-shard1of1.bin"];
        Action change = fault switch
        {
            "no shard" => () => File.Delete(shard),
            "a short shard" => () => File.WriteAllBytes(shard, new byte[11]),
            "a long shard" => () => File.WriteAllBytes(shard, new byte[13]),
            "a shard elsewhere" => () => files.Group["paths"]![0] = "../group1-shard1of1.bin",
            "a lying shape" => () => files.Group["weights"]![0]!["shape"] = new JsonArray(2, 100),
            "a weight of another shape" => () => files.Group["weights"]![0]!["shape"] = new JsonArray(1, 2),
            "no weight" => () => files.Group["weights"]!.AsArray().ToList().ForEach(w => w!["name"] = $"other/{w["name"]}".Replace("/d/", "/e/", StringComparison.Ordinal)),
            "a text for a description" => () => files.Topology["model_config"] = "{\"class_name\"",
            _ => () => files.Dense["class_name"] = "Magic",
        };
        change();
        ModelException e = Assert.Throws<ModelException>(() => files.Load());
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        Assert.NotNull(e.Diagnostics[0].Location?.File);
    }
}
