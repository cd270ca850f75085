using System.Text;
using System.Text.Json.Nodes;
using Decant.Formats;
using Decant.IR;

namespace Decant.Tests.Formats.TFJS;

public sealed class TFJSReaderTests
{
    private static readonly Dictionary<string, Tensor> X = new() { ["x"] = Tensor.Wrap(new float[] { 1, 10 }, new Shape(1, 2)) };

    [Fact]
    public void Weights_straddle_shards_and_the_signature_names_inputs_and_outputs()
    {
        using var files = new SmallModel();
        using Model model = files.Load();
        Assert.Equal("tfjs", model.Format);
        Assert.Equal([41f, 62f], Run(model));
        Assert.Equal(("2.15.0", "TensorFlow.js Converter v4.22.0"), (model.TFJS!.GeneratedBy, model.TFJS.ConvertedBy));
        Assert.Equal("madeFor", Assert.Single(model.TFJS.Unknown).Name);
        using Model folder = Model.Load(files.Root);
        Assert.Equal([41f, 62f], Run(folder));
    }

    [Fact]
    public void A_model_under_another_name_opens_by_its_folder()
    {
        using var files = new SmallModel("weights.bin");
        files.Load().Dispose();
        File.Move(files["model.json"], files["face.json"]);
        using Model model = Model.Load(files.Root);
        Assert.Equal([41f, 62f], Run(model));
    }

    [Fact]
    public void The_old_place_of_the_signature_counts_before_the_new_one()
    {
        using var files = new SmallModel();
        JsonNode signature = files.Json["signature"]!.DeepClone();
        signature["outputs"] = new JsonObject { ["sum"] = signature["outputs"]!["y"]!.DeepClone() };
        files.Json["userDefinedMetadata"] = new JsonObject { ["signature"] = signature };
        using Model model = files.Load();
        Assert.Equal("sum", model.Signatures[0].Outputs[0].Name);
    }

    [Fact]
    public void A_frozen_graph_s_signature_has_outputs_only_and_takes_the_placeholders()
    {
        using var files = new SmallModel();
        files.Json["signature"] = new JsonObject { ["outputs"] = new JsonObject { ["y"] = new JsonObject { ["name"] = "y" } } };
        using Model model = files.Load();
        Assert.Equal("x", model.Signatures[0].Inputs[0].Name);
        Assert.Equal([41f, 62f], Run(model));
    }

    // q * scale + min for q = 0..5; halves of the same.
    [Theory]
    [InlineData("uint8", new byte[] { 0, 1, 2, 3, 4, 5 }, new[] { -1f, -0.5f, 0, 0.5f, 1, 1.5f })]
    [InlineData("uint16", new byte[] { 0, 0, 1, 0, 2, 0, 3, 0, 0, 1, 255, 255 }, new[] { -1f, -0.5f, 0, 0.5f, 127f, 32766.5f })]
    [InlineData("float16", new byte[] { 0, 0, 0, 0x3C, 0, 0x40, 0, 0x44, 0, 0xC0, 0, 0x38 }, new[] { 0f, 1, 2, 4, -2, 0.5f })]
    public void Quantized_weights_are_what_they_stand_for(string dtype, byte[] bytes, float[] values)
    {
        using var files = new SmallModel("weights.bin");
        for (int i = 0; i < 2; i++)
            files.Weight(i)["quantization"] = new JsonObject { ["dtype"] = dtype, ["min"] = -1, ["scale"] = 0.5, ["original_dtype"] = "float32" };
        File.WriteAllBytes(files["weights.bin"], bytes);
        using Model model = files.Load();
        float[] found = [.. new Value(model.Graph["w"]).Constant!.Span<float>(), .. new Value(model.Graph["b"]).Constant!.Span<float>()];
        Assert.Equal(values, found);
    }

    [Theory]
    [InlineData("DT_INT64", DType.Int64)]
    [InlineData("DT_UINT8", DType.UInt8)]
    [InlineData("DT_INT32", DType.Int32)]
    public void Integers_have_the_type_that_the_graph_says(string type, DType expected)
    {
        using var files = new SmallModel("weights.bin");
        AddConst(files, type, "int32", [7, 0, 0, 0, 9, 0, 0, 0]);
        using Model model = files.Load();
        Tensor tensor = new Value(model.Graph["k"]).Constant!;
        Assert.Equal((expected, 7, 9), (tensor.DType, (int)tensor.Data.Span[0], (int)tensor.Data.Span[expected.Size()]));
    }

    [Fact]
    public void Strings_have_their_lengths_before_them()
    {
        using var files = new SmallModel("weights.bin");
        AddConst(files, "DT_STRING", "string", [2, 0, 0, 0, (byte)'h', (byte)'i', 0, 0, 0, 0]);
        using Model model = files.Load();
        Assert.Equal(["hi", ""], new Value(model.Graph["k"]).Constant!.Strings.ToArray().Select(s => Encoding.UTF8.GetString(s.Span)));
    }

    [Fact]
    public void The_two_files_of_old_converters_are_read_together()
    {
        using var files = new SmallModel("weights.bin");
        using (Model model = files.Load())
        {
            foreach (Node constant in model.Graph.Nodes.Where(n => n.Op == "Const"))
                constant.Attributes["value"] = new TensorAttr(Tensor.Wrap(new float[constant.Name == "w" ? 4 : 2], constant.Name == "w" ? new Shape(2, 2) : new Shape(2)));
            model.Save(files["tensorflowjs_model.pb"], "graphdef");
        }

        File.WriteAllText(files["weights_manifest.json"], files.Json["weightsManifest"]!.ToJsonString());
        File.Delete(files["model.json"]);
        using Model old = Model.Load(files.Root);
        Assert.Equal([41f, 62f], Run(old, "y"));
    }

    [Fact]
    public void The_initializer_s_tables_belong_to_the_graph_and_are_filled_before_it_runs()
    {
        using var files = new SmallModel("weights.bin");
        JsonArray nodes = files.Json["modelTopology"]!["node"]!.AsArray();
        nodes.Add(JsonNode.Parse("""{"name": "table", "op": "Placeholder", "attr": {"dtype": {"type": "DT_RESOURCE"}, "shape": {"shape": {}}}}"""));
        nodes.Add(JsonNode.Parse("""{"name": "words", "op": "Placeholder", "attr": {"dtype": {"type": "DT_STRING"}, "shape": {"shape": {"dim": [{"size": "-1"}]}}}}"""));
        nodes.Add(JsonNode.Parse("""{"name": "default", "op": "Const", "attr": {"dtype": {"type": "DT_INT64"}, "value": {"tensor": {"dtype": "DT_INT64", "tensorShape": {}}}}}"""));
        nodes.Add(JsonNode.Parse("""{"name": "found", "op": "LookupTableFindV2", "input": ["table", "words", "default"], "attr": {"Tin": {"type": "DT_STRING"}, "Tout": {"type": "DT_INT64"}}}"""));
        files.Json["signature"] = JsonNode.Parse("""{"inputs": {"words": {"name": "words:0", "dtype": "DT_STRING"}, "table": {"name": "table:0", "dtype": "DT_RESOURCE", "resourceId": 5}}, "outputs": {"found": {"name": "found:0", "dtype": "DT_INT64"}}}""");
        files.Json["modelInitializer"] = JsonNode.Parse("""
            {"node": [{"name": "words", "op": "Const", "attr": {"dtype": {"type": "DT_STRING"}, "value": {"tensor": {"dtype": "DT_STRING", "tensorShape": {"dim": [{"size": "2"}]}}}}},
                      {"name": "numbers", "op": "Const", "attr": {"dtype": {"type": "DT_INT64"}, "value": {"tensor": {"dtype": "DT_INT64", "tensorShape": {"dim": [{"size": "2"}]}}}}},
                      {"name": "hash", "op": "HashTableV2", "attr": {"key_dtype": {"type": "DT_STRING"}, "value_dtype": {"type": "DT_INT64"}, "shared_name": {"s": "dA=="}}},
                      {"name": "fill", "op": "LookupTableImportV2", "input": ["hash", "words", "numbers"], "attr": {"Tin": {"type": "DT_STRING"}, "Tout": {"type": "DT_INT64"}}},
                      {"name": "handle", "op": "Identity", "input": ["hash", "^fill"], "attr": {"T": {"type": "DT_RESOURCE"}}}], "versions": {}}
            """);
        files.Json["initializerSignature"] = JsonNode.Parse("""{"outputs": {"handle:0": {"name": "handle:0", "dtype": "DT_RESOURCE", "resourceId": 5}}}""");
        JsonArray weights = files.Json["weightsManifest"]![0]!["weights"]!.AsArray();
        weights.Add(JsonNode.Parse("""{"name": "default", "shape": [], "dtype": "int32"}"""));
        weights.Add(JsonNode.Parse("""{"name": "words", "shape": [2], "dtype": "string"}"""));
        weights.Add(JsonNode.Parse("""{"name": "numbers", "shape": [2], "dtype": "int32"}"""));
        File.WriteAllBytes(files["weights.bin"], [.. File.ReadAllBytes(files["weights.bin"]), 255, 255, 255, 255, 1, 0, 0, 0, (byte)'a', 1, 0, 0, 0, (byte)'b', 3, 0, 0, 0, 4, 0, 0, 0]);
        using Model model = files.Load();
        Assert.Equal(["words"], model.Signatures[0].Inputs.Select(i => i.Name));
        using var session = new Session(model);
        Tensor found = session.Run(new Dictionary<string, Tensor> { ["words"] = Tensor.FromStrings(["b", "?", "a"]) })["found"];
        Assert.Equal([4L, -1L, 3L], found.Span<long>().ToArray());
        Assert.Equal("table", model.Graph.Nodes.Single(n => n.Op == "HashTableV2").Name);
    }

    private static void AddConst(SmallModel files, string type, string dtype, byte[] bytes)
    {
        files.Json["modelTopology"]!["node"]!.AsArray().Add(JsonNode.Parse($$"""{"name": "k", "op": "Const", "attr": {"dtype": {"type": "{{type}}"}, "value": {"tensor": {"dtype": "{{type}}", "tensorShape": {"dim": [{"size": "2"}]} } } } }"""));
        files.Json["weightsManifest"]![0]!["weights"]!.AsArray().Add(JsonNode.Parse($$"""{"name": "k", "shape": [2], "dtype": "{{dtype}}"}"""));
        File.WriteAllBytes(files["weights.bin"], [.. File.ReadAllBytes(files["weights.bin"]), .. bytes]);
    }

    private static float[] Run(Model model, string output = "y")
    {
        using var session = new Session(model);
        return session.Run(X, [output])[output].Span<float>().ToArray();
    }
}
