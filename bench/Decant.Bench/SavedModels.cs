using Decant.IR;

namespace Decant.Bench;

/// <summary>SavedModels of any size with the same nodes.</summary>
internal static class SavedModels
{
    /// <summary>The chain of <see cref="Models.Variables"/> as a SavedModel with a signature.</summary>
    public static string Make(string folder, long bytes) => Make(folder, bytes, "saved", Models.Variables);

    /// <summary>The chain of <see cref="Models.Convolutions"/> as one.</summary>
    public static string Convolutions(string folder, long bytes) => Make(folder, bytes, "saved-convolutions", Models.Convolutions);

    private static string Make(string folder, long bytes, string name, Func<string, long, (string Graph, string Checkpoint)> chain)
    {
        string path = Path.Combine(folder, $"{name}-{bytes >> 20}");
        if (Directory.Exists(path))
            return path;
        (string graph, string checkpoint) = chain(folder, bytes);
        using Model model = Model.Load(graph);
        model.Checkpoint = checkpoint;
        model.TensorFlow.Tags = ["serve"];
        Node last = model.Graph.Nodes[^1];
        Shape shape = ((ShapeAttr)model.Graph["x"].Attributes["shape"]!).Value;
        model.Signatures.Add(new Signature(
            SignatureView.DefaultKey, "tensorflow/serving/predict", [new SignatureTensor("x", "x:0", DType.Float32, shape)], [new SignatureTensor("y", $"{last.Name}:0", DType.Float32, Shape.OfRank(shape.Rank))]));
        MappedFile[] parts = [MappedFile.Open(checkpoint + ".index"), MappedFile.Open(checkpoint + ".data-00000-of-00001")];
        model.TensorFlow.Files.AddRange(parts.Select(p => new ModelFile("variables/variables" + p.Name[checkpoint.Length..], p.Bytes)));
        model.Save(path, "saved_model");
        foreach (MappedFile part in parts)
            part.Dispose();
        return path;
    }
}
