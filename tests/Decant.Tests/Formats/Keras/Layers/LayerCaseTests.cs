using System.IO.Compression;
using System.Text.Json.Nodes;
using Decant.Formats;
using Decant.IR;
using Decant.TestKit;
using Decant.Wire.Hdf5;

namespace Decant.Tests.Formats.Keras.Layers;

/// <summary>
/// Layers with recorded answers: <c>tensorflowjs.json</c> has what TensorFlow.js 4.22 gave, <c>computed.json</c> and
/// <c>later.json</c> what the layers' formulas give in NumPy, <c>keras.json</c> what Keras 3.16 gave; the crosses are those of Keras's documentation. Each runs as a layers model, and again in each format that Keras has for it.
/// </summary>
public sealed class LayerCaseTests
{
    // Float32 sums of up to 50 products, in another order, of values that are recorded with 7 digits.
    private const double Relative = 2e-5, Absolute = 2e-6;

    private static readonly Dictionary<string, JsonNode> Cases = new[] { "tensorflowjs", "computed", "later", "keras" }
        .SelectMany(f => JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Formats", "Keras", "Layers", "Files", $"{f}.json")))!.AsArray().Select(c => ($"{f}/{c!["name"]}", c)))
        .ToDictionary(c => c.Item1, c => c.c);

    private static readonly HashSet<string> NotInKeras3 =
    [
        "computed/LocallyConnected1D", "computed/LocallyConnected2D", "later/Highway", "later/MaxoutDense", "later/Merge_ave", "later/Merge_concat", "later/Merge_cos", "later/Merge_dot", "later/Merge_dot3",
        "later/Merge_max", "later/Merge_mul", "later/Merge_sum", "later/ParametricSoftplus", "later/RandomCropOfKeras2", "later/RandomFourierFeatures", "later/SReLU",
    ];

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_layer_gives_the_recorded_values(string name)
    {
        JsonNode it = Cases[name];
        using var folder = new TemporaryFolder();
        Write(it, folder);
        using Model model = Model.Load(folder["model.json"]);
        Check(model, it);
        using Model frozen = model.Freeze();
        Check(frozen, it);
        foreach (string format in (string[])["keras", "keras_h5"])
        {
            if (format == "keras" && NotInKeras3.Contains(name))
            {
                ModelException e = Assert.Throws<ModelException>(() => model.Save(folder[format], format));
                Assert.All(e.Diagnostics, d => Assert.Equal(FormatErrors.OpsNotSupported, d.Code));
                Assert.False(Path.Exists(folder[format]));
                continue;
            }

            model.Save(folder[format], format);
            using Model back = Model.Load(folder[format]);
            Check(back, it);
        }
    }

    /// <summary>Where Keras's archives have the weights of layers that are made of others: the first and the last, in the order of the model.</summary>
    [Theory]
    [InlineData("later/GroupQueryAttention", "grouped_query_attention/_query_dense/vars/0", "grouped_query_attention/_output_dense/vars/1")]
    [InlineData("later/TokenAndPositionEmbedding", "token_and_position_embedding/token_embedding/vars/0", "token_and_position_embedding/position_embedding/vars/0")]
    [InlineData("later/FNetEncoder", "f_net_encoder/_mixing_layer_norm/vars/0", "f_net_encoder/_output_dense/vars/1")]
    [InlineData("later/MaskedLMHead", "masked_lm_head/vars/0", "masked_lm_head/_intermediate_layer_norm/vars/1")]
    [InlineData("later/TransformerEncoder", "transformer_encoder/_self_attention_layer/query_dense/vars/0", "transformer_encoder/_feedforward_output_dense/vars/1")]
    [InlineData("later/TransformerDecoderCross", "transformer_decoder/_self_attention_layer/query_dense/vars/0", "transformer_decoder/_feedforward_layer_norm/vars/1")]
    public void An_archive_has_the_weights_of_parts_where_Keras_looks(string name, string first, string last)
    {
        JsonNode it = Cases[name];
        using var folder = new TemporaryFolder();
        Write(it, folder);
        using Model model = Model.Load(folder["model.json"]);
        model.Save(folder["m.keras"], "keras");
        using ZipArchive zip = ZipFile.OpenRead(folder["m.keras"]);
        using Stream entry = zip.GetEntry("model.weights.h5")!.Open();
        var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        Hdf5Group root = Hdf5File.Open(new BufferSlice(bytes.ToArray(), name)).Root;
        Assert.Equal(it["weights"]!.AsArray().Count, root.Datasets().Count);
        foreach ((string path, JsonNode? weight) in new[] { (first, it["weights"]![0]), (last, it["weights"]!.AsArray()[^1]) })
        {
            var stored = Assert.IsType<Hdf5Dataset>(root[$"layers/{path}"]);
            Assert.Equal(weight!["shape"]!.AsArray().Select(d => (long)d!), stored.Shape.Dims.ToArray());
        }
    }

    private static void Check(Model model, JsonNode it)
    {
        using var session = new Session(model);
        SignatureView view = SignatureView.Of(model);
        Dictionary<string, Tensor> feeds = it["inputs"]!.AsArray().ToDictionary(i => view.Inputs.Single(v => v.Name == (string)i!["name"]!).Name, i => Read(i!, view.Inputs.Single(v => v.Name == (string)i!["name"]!).DType));
        string[] names = [.. view.Outputs.Select(o => o.Name)];
        IReadOnlyDictionary<string, Tensor> found = session.Run(feeds, names);
        JsonArray outputs = it["outputs"]!.AsArray();
        Assert.Equal(outputs.Count, names.Length);
        foreach ((int i, JsonNode? wanted) in outputs.Index())
            Assert.Null(TensorComparison.Difference(found[names[i]], Read(wanted!, found[names[i]].DType), Relative, Absolute));
    }

    private static Tensor Read(JsonNode value, DType dtype)
    {
        JsonArray data = value["data"]!.AsArray();
        var shape = new Shape([.. value["shape"]!.AsArray().Select(d => (long)d!)]);
        return dtype switch
        {
            DType.String => Tensor.FromStrings([.. data.Select(d => (string)d!)]).Reshaped(shape),
            DType.Int64 => Tensor.Wrap([.. data.Select(d => (long)(double)d!)], shape),
            DType.Int32 => Tensor.Wrap([.. data.Select(d => (int)(double)d!)], shape),
            _ => Tensor.Wrap([.. data.Select(d => (float)d!)], shape),
        };
    }

    private static void Write(JsonNode it, TemporaryFolder folder)
    {
        var weights = new JsonArray();
        var bytes = new List<byte>();
        foreach (JsonNode? weight in it["weights"]!.AsArray())
        {
            weights.Add(new JsonObject { ["name"] = (string)weight!["name"]!, ["shape"] = weight["shape"]!.DeepClone(), ["dtype"] = (string)weight["dtype"]! });
            foreach (JsonNode? number in weight["data"]!.AsArray())
                bytes.AddRange((string)weight["dtype"]! == "int32" ? BitConverter.GetBytes((int)(double)number!) : BitConverter.GetBytes((float)number!));
        }

        var group = new JsonObject { ["paths"] = bytes.Count > 0 ? new JsonArray("weights.bin") : [], ["weights"] = weights };
        if (bytes.Count > 0)
            File.WriteAllBytes(folder["weights.bin"], [.. bytes]);
        var model = new JsonObject { ["format"] = "layers-model", ["modelTopology"] = it["topology"]!.DeepClone(), ["weightsManifest"] = new JsonArray(group) };
        File.WriteAllText(folder["model.json"], model.ToJsonString());
    }
}
