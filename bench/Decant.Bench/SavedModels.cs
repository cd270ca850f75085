using Decant.IR;

namespace Decant.Bench;

/// <summary>SavedModels of any size with the same nodes.</summary>
internal static class SavedModels
{
    /// <summary>The chain of <see cref="Models.Variables"/> as a SavedModel with a signature.</summary>
    public static string Make(string folder, long bytes)
    {
        string path = Path.Combine(folder, $"saved-{bytes >> 20}");
        if (Directory.Exists(path))
            return path;
        (string graph, string checkpoint) = Models.Variables(folder, bytes);
        using Model model = Model.Load(graph);
        model.Checkpoint = checkpoint;
        model.TensorFlow.Tags = ["serve"];
        Node last = model.Graph.Nodes[^1];
        model.Signatures.Add(new Signature(
            SignatureView.DefaultKey, "tensorflow/serving/predict", [new SignatureTensor("x", "x:0", DType.Float32, Shape.OfRank(2))], [new SignatureTensor("y", $"{last.Name}:0", DType.Float32, Shape.OfRank(2))]));
        model.Save(path, "saved_model");
        string variables = Directory.CreateDirectory(Path.Combine(path, "variables")).FullName;
        foreach (string part in (string[])[".index", ".data-00000-of-00001"])
            File.Copy(checkpoint + part, Path.Combine(variables, "variables" + part));
        return path;
    }
}
