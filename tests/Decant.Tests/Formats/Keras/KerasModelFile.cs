using System.Text.Json.Nodes;
using Decant.Wire.Hdf5;

namespace Decant.Tests.Formats.Keras;

/// <summary>Keras files that tests make of a description and weights.</summary>
internal static class KerasModelFile
{
    /// <summary>The tensor of a layer's first call, as Keras 3 writes it.</summary>
    public static string Tensor3(string layer) => $$$"""{"class_name": "__keras_tensor__", "config": {"shape": [null, 3], "dtype": "float32", "keras_history": ["{{{layer}}}", 0, 0]}}""";

    /// <summary>The description of a functional model.</summary>
    /// <param name="inputs">The inputs, with their shapes as JSON.</param>
    /// <param name="layers">The other layers, as JSON.</param>
    /// <param name="output">The layer that gives the output, and which of its outputs.</param>
    public static string Functional((string Name, string Shape)[] inputs, string[] layers, string output, int port = 0)
    {
        string[] entries = [.. inputs.Select(i => $$"""{"class_name": "InputLayer", "name": "{{i.Name}}", "config": {"name": "{{i.Name}}", "batch_shape": {{i.Shape}}, "dtype": "float32"}, "inbound_nodes": []}"""), .. layers];
        return $$$"""{"class_name": "Functional", "config": {"name": "m", "layers": [{{{string.Join(", ", entries)}}}], "input_layers": [{{{string.Join(", ", inputs.Select(i => $"[\"{i.Name}\", 0, 0]"))}}}], "output_layers": [["{{{output}}}", 0, {{{port}}}]]}}""";
    }

    /// <summary>Writes an HDF5 file with the weights of layers.</summary>
    public static string Write(string path, string config, string version, params (string Layer, string Name, Tensor Value)[] weights)
    {
        var root = new Hdf5GroupContent();
        root.SetText("model_config", JsonNode.Parse(config)!.ToJsonString());
        root.SetText("keras_version", version);
        Hdf5GroupContent group = root.Group("model_weights");
        foreach (IGrouping<string, (string Layer, string Name, Tensor Value)> layer in weights.GroupBy(w => w.Layer))
        {
            Hdf5GroupContent own = group.Group(layer.Key);
            foreach ((_, string name, Tensor value) in layer)
                own.Add(name, value);
            own.SetTexts("weight_names", [.. layer.Select(w => w.Name)]);
        }

        using FileStream stream = File.Create(path);
        Hdf5Writer.Write(root, stream);
        return path;
    }
}
