using System.Text.Json.Nodes;
using Decant.IR;

namespace Decant.Tests.Formats.TFJS;

/// <summary>A small layers model on disk, a Dense layer with Relu, whose files tests change.</summary>
internal sealed class LayersModel : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LayersModel()
    {
        Json = JsonNode.Parse(
            """
            {"format": "layers-model", "generatedBy": "keras v2.4.0", "convertedBy": "TensorFlow.js Converter v3.3.0",
             "modelTopology": {"keras_version": "2.4.0", "backend": "tensorflow", "model_config": {"class_name": "Sequential", "config": {"name": "m", "layers": [
               {"class_name": "Dense", "config": {"name": "d", "batch_input_shape": [null, 2], "units": 1, "activation": "relu"} }]} },
               "training_config": {"loss": "mse"} },
             "weightsManifest": [{"paths": ["group1-shard1of1.bin"], "weights": [
               {"name": "d/kernel", "shape": [2, 1], "dtype": "float32"}, {"name": "d/bias", "shape": [1], "dtype": "float32"}]}],
             "userDefinedMetadata": {"by": "tests"} }
            """)!.AsObject();
        File.WriteAllBytes(_folder["group1-shard1of1.bin"], [.. new float[] { 2, 3, -1 }.SelectMany(BitConverter.GetBytes)]);
    }

    public JsonObject Json { get; }

    public JsonNode Topology => Json["modelTopology"]!;

    public JsonNode Dense => Topology["model_config"]!["config"]!["layers"]![0]!;

    public JsonNode Group => Json["weightsManifest"]![0]!;

    public string this[string name] => _folder[name];

    /// <summary>Writes <c>model.json</c> as it is now and opens it.</summary>
    public Model Load()
    {
        File.WriteAllText(_folder["model.json"], Json.ToJsonString());
        return Model.Load(_folder["model.json"]);
    }

    /// <summary>What a model gives for (1, 1) and (-1, -1).</summary>
    public static float[] Run(Model model)
    {
        using var session = new Session(model);
        SignatureView view = SignatureView.Of(model);
        string output = view.Outputs[0].Name;
        return session.Run(new Dictionary<string, Tensor> { [view.Inputs[0].Name] = Tensor.Wrap([1f, 1, -1, -1], new Shape(2, 2)) }, [output])[output].Span<float>().ToArray();
    }

    public void Dispose() => _folder.Dispose();
}
