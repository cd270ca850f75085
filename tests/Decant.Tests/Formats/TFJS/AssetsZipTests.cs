using System.IO.Compression;
using System.Text.Json.Nodes;
using Decant.Formats.TFJS;
using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;

namespace Decant.Tests.Formats.TFJS;

public sealed class AssetsZipTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_decision_forest_brings_the_assets_that_it_is_read_from()
    {
        using Model model = Forest();
        ConvertResult converted = model.ConvertToTFJS(new TFJSConvertOptions { Inputs = ["x"], Outputs = ["y"] });
        TFJSWriter.Write(converted.Model, _folder["web"], new TFJSWriteOptions());

        // As npm's @tensorflow/tfjs-tfdf reads it: no folders, and the op that reads it runs before the model does.
        Assert.Equal([("1done", ""), ("1nodes", "trees")], Entries("web"));
        JsonNode json = JsonNode.Parse(File.ReadAllText(_folder["web/model.json"]))!;
        Assert.Equal(["path", "forest", "load", "Identity"], json["modelInitializer"]!["node"]!.AsArray().Select(n => (string)n!["name"]!));
        Assert.Equal(["forest", "^load"], json["modelInitializer"]!["node"]![3]!["input"]!.AsArray().Select(n => (string)n!));
        Assert.Equal((int)json["initializerSignature"]!["outputs"]!["Identity:0"]!["resourceId"]!, (int)json["signature"]!["inputs"]!["forest:0"]!["resourceId"]!);
        Assert.Equal("Placeholder", (string)json["modelTopology"]!["node"]!.AsArray().First(n => (string)n!["name"]! == "forest")!["op"]!);

        using Model back = Model.Load(_folder["web"]);
        back.Save(_folder["again"], "tfjs");
        Assert.Equal(File.ReadAllBytes(_folder["web/assets.zip"]), File.ReadAllBytes(_folder["again/assets.zip"]));
        ConvertResult twice = back.ConvertToTFJS(new TFJSConvertOptions());
        TFJSWriter.Write(twice.Model, _folder["again"], new TFJSWriteOptions());
        Assert.Equal(File.ReadAllBytes(_folder["web/assets.zip"]), File.ReadAllBytes(_folder["again/assets.zip"]));
        Assert.Equal(3, Directory.GetFiles(_folder["again"]).Length);
    }

    [Fact]
    public void Other_models_bring_none_and_leave_a_file_of_that_name()
    {
        using Model model = Forest();
        ConvertResult converted = model.ConvertToTFJS(new TFJSConvertOptions { Inputs = ["x"], Outputs = ["stacked"] });
        Directory.CreateDirectory(_folder["web"]);
        File.WriteAllText(_folder["web/assets.zip"], "somebody's");
        TFJSWriter.Write(converted.Model, _folder["web"], new TFJSWriteOptions());
        Assert.Equal("somebody's", File.ReadAllText(_folder["web/assets.zip"]));
        using Model back = Model.Load(_folder["web"]);
        Assert.True(back.TFJS!.AssetsZip.IsEmpty);
    }

    private (string, string)[] Entries(string folder)
    {
        using ZipArchive zip = ZipFile.OpenRead(_folder[$"{folder}/assets.zip"]);
        return [.. zip.Entries.Select(e => (e.FullName, new StreamReader(e.Open()).ReadToEnd()))];
    }

    private static Model Forest()
    {
        Model model = GraphParser.Parse("""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[?]}
              zero = Placeholder() {dtype: float32, shape: shape[?]}
              stacked = Pack(x) {T: float32, N: 1, axis: 1}
              path = Const() {dtype: string, value: string[] {"assets/1done"}}
              forest = SimpleMLCreateModelResource() {shared_name: "forest", container: ""}
              load = SimpleMLLoadModelFromPathWithHandle(forest, path) {file_prefix: ""}
              none = Const() {dtype: float32, value: float32[0, 0] {}}
              category = Const() {dtype: int32, value: int32[0, 0] {}}
              values = Const() {dtype: int32, value: int32[0] {}}
              splits = Const() {dtype: int64, value: int64[1] {0}}
              answer = SimpleMLInferenceOpWithHandle(stacked, none, category, values, splits, splits, forest) {dense_output_dim: 1}
              y = Identity(answer) {T: float32}
            }
            """);
        model.TensorFlow.Files.AddRange([new ModelFile("assets/1nodes", new BufferSlice("trees"u8.ToArray())), new ModelFile("assets/1done", new BufferSlice([])), new ModelFile("fingerprint.pb", new BufferSlice([1]))]);
        return model;
    }
}
