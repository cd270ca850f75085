using System.Text;
using System.Text.Json.Nodes;
using Decant.Formats;
using Decant.IR;
using Decant.TestKit;

namespace Decant.Tests.Formats.TFJS;

public sealed class TFJSFaultTests
{
    private static readonly (string Name, string Said, Action<SmallModel> Break)[] Faults =
    [
        ("a shard that is missing", "the shard is missing", f => File.Delete(f["group1-shard2of2.bin"])),
        ("a shard that is cut off", "ends behind the 21 bytes", f => File.WriteAllBytes(f["group1-shard2of2.bin"], new byte[2])),
        ("a shard that is too long", "the weights take 24 bytes, but there are 49", f => File.WriteAllBytes(f["group1-shard2of2.bin"], new byte[30])),
        ("a path that leads out", "not a file in the model's folder", f => Paths(f)[0] = "../secret.bin"),
        ("a path that is hidden", "not a file in the model's folder", f => Paths(f)[0] = "a/../../secret.bin"),
        ("an absolute path", "not a file in the model's folder", f => Paths(f)[0] = "/etc/passwd"),
        ("an address", "not a file in the model's folder", f => Paths(f)[0] = "https://example.com/a.bin"),
        ("a weight that is longer than there are bytes", "ends behind the 24 bytes", f => f.Weight(0)["shape"] = new JsonArray(2, 2_000_000)),
        ("a weight larger than any machine", "more than any machine", f => f.Weight(0)["shape"] = new JsonArray(2_000_000_000, 2_000_000_000, 2_000_000_000)),
        ("a weight with a negative size", "expected a size", f => f.Weight(0)["shape"] = new JsonArray(-2, 2)),
        ("a weight of another shape than the constant", "of shape [2,2], but the weights manifest says [4]", f => f.Weight(0)["shape"] = new JsonArray(4)),
        ("a weight of another type than the constant", "of type float32, but the weights manifest says int32", f => f.Weight(0)["dtype"] = "int32"),
        ("a weight of a type that there is not", "expected float32", f => f.Weight(0)["dtype"] = "float128"),
        ("a weight without a name", "has no name", f => f.Weight(0).AsObject().Remove("name")),
        ("a weight without a shape", "has no shape", f => f.Weight(0).AsObject().Remove("shape")),
        ("a weight twice", "has 'w' twice", f => f.Weight(1)["name"] = "w"),
        ("a constant without a weight", "no weight for", f => f.Weight(0)["name"] = "v"),
        ("quantization without a scale", "has no scale", f => f.Weight(0)["quantization"] = new JsonObject { ["dtype"] = "uint8", ["min"] = 0 }),
        ("quantization to a type that there is not", "expected float16, uint8 or uint16", f => f.Weight(0)["quantization"] = new JsonObject { ["dtype"] = "int4" }),
        ("no manifest", "'weightsManifest' is missing", f => f.Json.Remove("weightsManifest")),
        ("no graph", "no modelTopology", f => f.Json.Remove("modelTopology")),
        ("an unknown format", "the format is 'flow-model'", f => f.Json["format"] = "flow-model"),
        ("a layers model without layers", "without its class_name", f => f.Json["format"] = "layers-model"),
        ("a type that there is not", "expected a value of DataType", f => f.Node(0)["attr"]!["dtype"]!["type"] = "DT_FLOAT7"),
        ("bytes that are not base64", "not base64", f => f.Node(4)["attr"]!["data_format"]!["s"] = "***"),
        ("two values in one attribute", "room for one", f => f.Node(4)["attr"]!["T"]!["i"] = "3"),
        ("an input that there is not", "no node named 'q'", f => f.Node(4)["input"]![0] = "q"),
        ("a table that nobody makes", "does not make", f => { f.Json["signature"]!["inputs"]!["x"]!["resourceId"] = 3; f.Json["modelInitializer"] = new JsonObject { ["node"] = new JsonArray() }; }),
    ];

    public static TheoryData<string> Names => [.. Faults.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_wrong_is_a_located_error(string name)
    {
        (_, string said, Action<SmallModel> change) = Faults.Single(f => f.Name == name);
        using var files = new SmallModel();
        change(files);
        ModelException e = Assert.Throws<ModelException>(() => files.Load());
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        Assert.NotNull(e.Diagnostics[0].Location);
    }

    [Fact]
    public void Text_that_is_no_JSON_is_refused_where_it_ends_to_be_JSON()
    {
        using var files = new SmallModel();
        files.Load().Dispose();
        string text = File.ReadAllText(files["model.json"]);
        File.WriteAllText(files["model.json"], text[..^40]);
        ModelException e = Assert.Throws<ModelException>(() => Model.Load(files["model.json"]));
        Assert.Equal(Decant.Wire.WireErrors.BadJson, e.Diagnostics[0].Code);
        Assert.NotNull(e.Diagnostics[0].Location!.Offset);
    }

    [Fact]
    public void Damaged_files_open_or_are_refused()
    {
        using var files = new SmallModel("weights.bin");
        files.Load().Dispose();
        byte[] json = Encoding.UTF8.GetBytes(files.Json.ToJsonString());
        int refused = Damage.Try(json, bytes =>
        {
            File.WriteAllBytes(files["model.json"], bytes);
            using Model model = Model.Load(files["model.json"]);
            foreach (Node node in model.Graph.Nodes)
                _ = new Value(node).Constant;
        });
        Assert.True(refused > json.Length / 2);
    }

    private static JsonArray Paths(SmallModel files) => files.Json["weightsManifest"]![0]!["paths"]!.AsArray();
}
