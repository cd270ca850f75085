using System.Text.Json.Nodes;

namespace Decant.Tests.Formats.TFJS;

/// <summary>A small graph model on disk, y = x w + b, whose files tests change.</summary>
internal sealed class SmallModel : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallModel(params string[] shards)
    {
        string[] names = shards.Length == 0 ? ["group1-shard1of2.bin", "group1-shard2of2.bin"] : shards;
        Json = JsonNode.Parse(
            $$"""
            {"format": "graph-model", "generatedBy": "2.15.0", "convertedBy": "TensorFlow.js Converter v4.22.0",
             "signature": {"inputs": {"x": {"name": "x:0", "dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": "-1"}, {"size": "2"}]} } },
                           "outputs": {"y": {"name": "y:0", "dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": "-1"}, {"size": "2"}]} } } },
             "modelTopology": {"node": [
               {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}, "shape": {"shape": {"dim": [{"size": "-1"}, {"size": "2"}]} } } },
               {"name": "w", "op": "Const", "attr": {"dtype": {"type": "DT_FLOAT"}, "value": {"tensor": {"dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": "2"}, {"size": "2"}]} } } } },
               {"name": "b", "op": "Const", "attr": {"dtype": {"type": "DT_FLOAT"}, "value": {"tensor": {"dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": "2"}]} } } } },
               {"name": "xw", "op": "MatMul", "input": ["x", "w"], "attr": {"T": {"type": "DT_FLOAT"}, "transpose_a": {"b": false}, "transpose_b": {"b": false} } },
               {"name": "y", "op": "BiasAdd", "input": ["xw", "b"], "attr": {"T": {"type": "DT_FLOAT"}, "data_format": {"s": "TkhXQw=="} } }],
              "library": {}, "versions": {"producer": 1087} },
             "weightsManifest": [{"paths": [{{string.Join(", ", names.Select(n => $"\"{n}\""))}}], "weights": [
               {"name": "w", "shape": [2, 2], "dtype": "float32"}, {"name": "b", "shape": [2], "dtype": "float32"}]}],
             "madeFor": {"tests": [1, 2]} }
            """)!.AsObject();
        // The second weight begins in the first shard and ends in the second.
        byte[] bytes = [.. new float[] { 1, 2, 3, 4, 10, 20 }.SelectMany(BitConverter.GetBytes)];
        if (names.Length == 2)
        {
            File.WriteAllBytes(_folder[names[0]], bytes[..19]);
            File.WriteAllBytes(_folder[names[1]], bytes[19..]);
        }
        else
        {
            File.WriteAllBytes(_folder[names[0]], bytes);
        }
    }

    public JsonObject Json { get; }

    public string Root => _folder.Root;

    public JsonNode Node(int index) => Json["modelTopology"]!["node"]![index]!;

    public JsonNode Weight(int index) => Json["weightsManifest"]![0]!["weights"]![index]!;

    public string this[string name] => _folder[name];

    /// <summary>Writes <c>model.json</c> as it is now and opens it.</summary>
    public Model Load()
    {
        File.WriteAllText(_folder["model.json"], Json.ToJsonString());
        return Model.Load(_folder["model.json"]);
    }

    public void Dispose() => _folder.Dispose();
}
