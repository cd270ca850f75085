using System.Text.Json.Nodes;
using Decant.Formats;
using Decant.Formats.TFJS;
using Decant.IR;

namespace Decant.Tests.Formats.TFJS;

public sealed class TFJSWriterTests
{
    private static readonly float[] Ramp = [.. Enumerable.Range(0, 1000).Select(i => (i - 300) / 128f)];

    [Fact]
    public void What_is_written_and_read_is_the_same_and_the_same_again()
    {
        using var files = new SmallModel();
        using Model model = files.Load();
        model.Save(files["one"], "tfjs");
        using Model back = Model.Load(files["one"]);
        Assert.Equal([1f, 2, 3, 4], new Value(back.Graph["w"]).Constant!.Span<float>().ToArray());
        Assert.Equal(model.Signatures[0].Inputs, back.Signatures[0].Inputs);
        Assert.Equal(model.Signatures[0].Outputs, back.Signatures[0].Outputs);
        back.Save(files["two"], "tfjs");
        foreach (string name in (string[])["model.json", "group1-shard1of1.bin"])
            Assert.Equal(File.ReadAllBytes(files[$"one/{name}"]), File.ReadAllBytes(files[$"two/{name}"]));
        JsonNode json = Read(files, "one");
        Assert.Equal(["format", "generatedBy", "convertedBy", "signature", "modelTopology", "weightsManifest", "madeFor"], json.AsObject().Select(f => f.Key));
        Assert.True(JsonNode.DeepEquals(files.Json["modelTopology"], json["modelTopology"]), json["modelTopology"]!.ToJsonString());
    }

    [Fact]
    public void Every_type_of_constant_comes_back()
    {
        using var files = new SmallModel();
        var model = new Model();
        Tensor[] values =
        [
            Tensor.Wrap(Ramp), Tensor.Wrap([1.5, -2]), Tensor.Wrap([(Half)0.5f]), Tensor.Wrap([1, -2]), Tensor.Wrap([long.MaxValue, -3]), Tensor.Wrap([(byte)200]),
            Tensor.Wrap([true, false]), Tensor.FromStrings(["a", "", "häß"]), Tensor.Wrap([new Complex64(1, 2)]), Tensor.Wrap(Array.Empty<float>(), new Shape(0, 3)), Tensor.Scalar(7),
        ];
        foreach ((int i, Tensor value) in values.Index())
            model.Graph.AddConst($"c{i}", value);
        TFJSWriter.Write(model, files["web"], new TFJSWriteOptions { ShardBytes = 100 });
        string[] shards = Directory.GetFiles(files["web"], "*.bin");
        Assert.All(shards, s => Assert.EndsWith($"of{shards.Length}.bin", s, StringComparison.Ordinal));
        Assert.Equal(1, shards.Count(s => new FileInfo(s).Length < 100));
        using Model back = Model.Load(files["web"]);
        foreach ((int i, Tensor value) in values.Index())
        {
            Tensor read = new Value(back.Graph[$"c{i}"]).Constant!;
            Assert.Equal((value.DType, value.Shape), (read.DType, read.Shape));
            if (value.DType == DType.String)
                Assert.Equal(value.Strings.ToArray().Select(s => s.ToArray()), read.Strings.ToArray().Select(s => s.ToArray()));
            else if (value.DType == DType.Int64)
                Assert.Equal([-1L, -3L], read.Span<long>().ToArray());
            else
                Assert.Equal(value.Data.ToArray(), read.Data.ToArray());
        }
    }

    [Theory]
    [InlineData(DType.Float16, 2000, 0.003)]
    [InlineData(DType.UInt16, 2000, 0.0001)]
    [InlineData(DType.UInt8, 1000, 0.016)]
    public void Weights_are_quantized_where_the_patterns_say(DType dtype, int bytes, double error)
    {
        using var files = new SmallModel();
        var model = new Model();
        model.Graph.AddConst("dense/kernel", Tensor.Wrap(Ramp));
        model.Graph.AddConst("dense/bias", Tensor.Wrap(Ramp));
        TFJSWriter.Write(model, files["web"], new TFJSWriteOptions { Quantize = [new QuantizationRule(dtype, ["*/ker?el"])] });
        Assert.Equal(4000 + bytes, new FileInfo(files["web/group1-shard1of1.bin"]).Length);
        using Model back = Model.Load(files["web"]);
        float[] read = new Value(back.Graph["dense/kernel"]).Constant!.Span<float>().ToArray();
        Assert.All(Ramp.Zip(read), p => Assert.InRange(p.Second - p.First, -error, error));
        Assert.Equal(0, read[300]);
        Assert.Equal(Ramp, new Value(back.Graph["dense/bias"]).Constant!.Span<float>().ToArray());

        // A quantized weight that was read is written as it was.
        back.Save(files["again"], "tfjs");
        Assert.Equal(File.ReadAllBytes(files["web/group1-shard1of1.bin"]), File.ReadAllBytes(files["again/group1-shard1of1.bin"]));
    }

    [Fact]
    public void Rules_that_contradict_one_another_are_refused()
    {
        using var files = new SmallModel();
        var model = new Model();
        model.Graph.AddConst("w", Tensor.Wrap(Ramp));
        QuantizationRule[][] cases = [[new(DType.UInt8), new(DType.UInt16)], [new(DType.UInt8, ["w"]), new(DType.Float16, ["[v-x]"])]];
        Assert.All(cases, rules => Assert.Equal(FormatErrors.BadWeights, Assert.Throws<ModelException>(() => TFJSWriter.Write(model, files["web"], new TFJSWriteOptions { Quantize = rules })).Diagnostics[0].Code));
    }

    [Fact]
    public void What_fills_tables_is_an_initializer_of_its_own()
    {
        using var files = new SmallModel();
        using Model model = Decant.IR.TextForm.GraphParser.Parse(
            """
            graph {
              x = Placeholder() {dtype: string, shape: shape[?]}
              t = HashTableV2() {key_dtype: string, value_dtype: int64, shared_name: "words"}
              keys = Const() {dtype: string, value: string[2] {"a", "b"} }
              values = Const() {dtype: int64, value: int64[2] {10, 20} }
              fill = LookupTableImportV2(t, keys, values) {Tin: string, Tout: int64}
              default = Const() {dtype: int64, value: int64[] {-1} }
              y = LookupTableFindV2(t, x, default, ^fill) {Tin: string, Tout: int64}
              z = AddV2(y, values) {T: int64}
            }
            """);
        model.Save(files["one"], "tfjs");
        JsonNode json = Read(files, "one");
        Assert.Equal(["format", "generatedBy", "convertedBy", "signature", "modelTopology", "modelInitializer", "initializerSignature", "weightsManifest"], json.AsObject().Select(f => f.Key));
        Assert.Equal(["x", "values", "default", "y", "z", "t"], json["modelTopology"]!["node"]!.AsArray().Select(n => n!["name"]!.GetValue<string>()));
        Assert.Equal(["t", "keys", "values", "fill", "Identity"], json["modelInitializer"]!["node"]!.AsArray().Select(n => n!["name"]!.GetValue<string>()));
        JsonNode taken = json["signature"]!["inputs"]!["t:0"]!, given = json["initializerSignature"]!["outputs"]!["Identity:0"]!;
        Assert.Equal(("DT_RESOURCE", "DT_RESOURCE", 0, 0), (taken["dtype"]!.GetValue<string>(), given["dtype"]!.GetValue<string>(), taken["resourceId"]!.GetValue<int>(), given["resourceId"]!.GetValue<int>()));

        using Model back = Model.Load(files["one"]);
        Assert.Equal(["x"], back.Signatures[0].Inputs.Select(i => i.Name));
        using var session = new Session(back);
        Assert.Equal([30L, 19L], session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.FromStrings(["b", "?"]) })["z"].Span<long>().ToArray());
        back.Save(files["two"], "tfjs");
        using Model again = Model.Load(files["two"]);
        again.Save(files["three"], "tfjs");
        Assert.Equal(File.ReadAllText(files["two/model.json"]), File.ReadAllText(files["three/model.json"]));
    }

    [Fact]
    public void All_ops_that_TensorFlow_js_lacks_are_named_and_nothing_is_written()
    {
        using var files = new SmallModel();
        var model = new Model();
        model.Graph.Add("a", "Betainc");
        model.Graph.Add("b", "VarHandleOp");
        model.Graph.Add("c", "Relu");
        ModelException e = Assert.Throws<ModelException>(() => model.Save(files["web"], "tfjs"));
        Assert.Equal(FormatErrors.OpsNotSupported, e.Diagnostics[0].Code);
        Assert.Contains("Betainc, VarHandleOp", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(files["web"]));
    }

    private static JsonNode Read(SmallModel files, string folder) => JsonNode.Parse(File.ReadAllText(files[$"{folder}/model.json"]))!;
}
