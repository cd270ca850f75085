using System.Text.Json.Nodes;
using Decant.IR;

namespace Decant.TestKit;

/// <summary>A model of one or a few Keras layers with recorded answers.</summary>
public sealed class LayerCase
{
    private readonly JsonNode _it;

    private LayerCase(JsonNode it) => _it = it;

    /// <summary>All cases, by file and name.</summary>
    public static IReadOnlyDictionary<string, LayerCase> All { get; } = new[] { "tensorflowjs", "computed", "later", "keras" }
        .SelectMany(f => JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Formats", "Keras", "Layers", "Files", $"{f}.json")))!.AsArray().Select(c => ($"{f}/{c!["name"]}", c)))
        .ToDictionary(c => c.Item1, c => new LayerCase(c.c));

    /// <summary>The number of weights.</summary>
    public int WeightCount => _it["weights"]!.AsArray().Count;

    /// <summary>The shape of a weight.</summary>
    public long[] WeightShape(Index index) => [.. _it["weights"]!.AsArray()[index.GetOffset(WeightCount)]!["shape"]!.AsArray().Select(d => (long)d!)];

    /// <summary>The inputs, in the order of the model's.</summary>
    public Tensor[] Inputs(Model model)
    {
        JsonArray inputs = _it["inputs"]!.AsArray();
        return [.. SignatureView.Of(model).Inputs.Select(i => Read(inputs.Single(v => (string)v!["name"]! == i.Name)!, i.DType))];
    }

    /// <summary>The recorded outputs, in the order of the model's.</summary>
    public Tensor[] Outputs(Model model) => [.. SignatureView.Of(model).Outputs.Zip(_it["outputs"]!.AsArray(), (o, value) => Read(value!, o.DType))];

    /// <summary>The number of recorded outputs.</summary>
    public int OutputCount => _it["outputs"]!.AsArray().Count;

    /// <summary>Writes it as a layers model.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var weights = new JsonArray();
        var bytes = new List<byte>();
        foreach (JsonNode? weight in _it["weights"]!.AsArray())
        {
            weights.Add(new JsonObject { ["name"] = (string)weight!["name"]!, ["shape"] = weight["shape"]!.DeepClone(), ["dtype"] = (string)weight["dtype"]! });
            foreach (JsonNode? number in weight["data"]!.AsArray())
                bytes.AddRange((string)weight["dtype"]! == "int32" ? BitConverter.GetBytes((int)(double)number!) : BitConverter.GetBytes((float)number!));
        }

        var group = new JsonObject { ["paths"] = bytes.Count > 0 ? new JsonArray("weights.bin") : [], ["weights"] = weights };
        if (bytes.Count > 0)
            File.WriteAllBytes(Path.Combine(folder, "weights.bin"), [.. bytes]);
        var model = new JsonObject { ["format"] = "layers-model", ["modelTopology"] = _it["topology"]!.DeepClone(), ["weightsManifest"] = new JsonArray(group) };
        File.WriteAllText(Path.Combine(folder, "model.json"), model.ToJsonString());
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
}
