using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Decant.TestKit;

/// <summary>A Keras model of one layer with seeded weights.</summary>
/// <param name="Class">The class of the layer.</param>
/// <param name="Options">Its options, as JSON without the name.</param>
/// <param name="Input">The dimensions of its inputs without the batch; integers where the layer is an embedding.</param>
/// <param name="Weights">Its weights: <c>kernel 4,3</c>.</param>
public sealed record LayerModel(string Class, string Options, string Input, params string[] Weights)
{
    /// <summary>How many inputs there are, of the same shape.</summary>
    public int Inputs { get; init; } = 1;

    /// <summary>The version of Keras that wrote it.</summary>
    public string Version { get; init; } = "2.15.0";

    /// <summary>Writes it as a layers model.</summary>
    public void Write(string folder)
    {
        var random = new Random(5);
        string dtype = Class == "Embedding" ? "int32" : "float32";
        JsonArray Call(int input) => [$"x{input}", 0, 0, new JsonObject()];
        var options = (JsonObject)JsonNode.Parse(Options)!;
        options["name"] = "layer";
        var layers = new JsonArray([.. Enumerable.Range(0, Inputs).Select(i => (JsonNode)new JsonObject
        {
            ["class_name"] = "InputLayer", ["name"] = $"x{i}", ["inbound_nodes"] = new JsonArray(),
            ["config"] = new JsonObject { ["name"] = $"x{i}", ["dtype"] = dtype, ["batch_input_shape"] = new JsonArray([null, .. Shape(Input).Select(d => (JsonNode)d)]) },
        })]);
        layers.Add(new JsonObject { ["class_name"] = Class, ["name"] = "layer", ["config"] = options, ["inbound_nodes"] = new JsonArray(new JsonArray([.. Enumerable.Range(0, Inputs).Select(Call)])) });
        var model = new JsonObject { ["name"] = "m", ["layers"] = layers, ["input_layers"] = new JsonArray([.. Enumerable.Range(0, Inputs).Select(i => new JsonArray($"x{i}", 0, 0))]), ["output_layers"] = new JsonArray(new JsonArray("layer", 0, 0)) };
        var bytes = new MemoryStream();
        var specs = new JsonArray();
        foreach (string weight in Weights)
        {
            (string name, long[] shape) = (weight.Split(' ')[0], Shape(weight.Split(' ')[1]));
            bool isPositive = name.Contains("variance", StringComparison.Ordinal);
            float[] values = [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, d) => a * d)).Select(_ => isPositive ? random.NextSingle() + 0.5f : random.NextSingle() - 0.5f)];
            bytes.Write(MemoryMarshal.AsBytes<float>(values));
            specs.Add(new JsonObject { ["name"] = $"layer/{name}", ["shape"] = new JsonArray([.. shape.Select(d => (JsonNode)d)]), ["dtype"] = "float32" });
        }

        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "weights.bin"), bytes.ToArray());
        var file = new JsonObject
        {
            ["format"] = "layers-model",
            ["modelTopology"] = new JsonObject { ["keras_version"] = Version, ["backend"] = "tensorflow", ["model_config"] = new JsonObject { ["class_name"] = "Functional", ["config"] = model } },
            ["weightsManifest"] = new JsonArray(new JsonObject { ["paths"] = Weights.Length > 0 ? new JsonArray("weights.bin") : new JsonArray(), ["weights"] = specs }),
        };
        File.WriteAllText(Path.Combine(folder, "model.json"), file.ToJsonString());
    }

    /// <summary>Values for its inputs, of two examples.</summary>
    public Tensor[] Feeds()
    {
        var random = new Random(6);
        var shape = new Shape([2, .. Shape(Input)]);
        return [.. Enumerable.Range(0, Inputs).Select(_ => Class == "Embedding"
            ? Tensor.Wrap([.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => random.Next(4))], shape)
            : Tensor.Wrap([.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => (random.NextSingle() * 4) - 2)], shape))];
    }

    public override string ToString() => $"{Class} {Options} of {Input}";

    private static long[] Shape(string dims) => [.. dims.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
}
