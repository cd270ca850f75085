using Decant.Formats.Checkpoint;
using Decant.IR;

namespace Decant.Bench;

/// <summary>Models of any size with the same nodes.</summary>
internal static class Models
{
    private const int Layers = 64;

    /// <summary>A chain of 64 matrix products whose weights take about this many bytes, as constants.</summary>
    public static string Frozen(string folder, long bytes)
    {
        string path = Path.Combine(folder, $"frozen-{bytes >> 20}.pb");
        if (File.Exists(path))
            return path;
        using var model = new Model();
        Tensor weights = Weights(bytes, 0);
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", new Shape(-1, weights.Shape[0]) } });
        for (int i = 0; i < Layers; i++)
            x = Product(model.Graph, i, x, model.Graph.AddConst($"layer_{i}/kernel", Weights(bytes, i)));
        model.Save(path, "graphdef");
        return path;
    }

    /// <summary>The same chain with variables, and a training checkpoint of them.</summary>
    public static (string Graph, string Checkpoint) Variables(string folder, long bytes)
    {
        string path = Path.Combine(folder, $"variables-{bytes >> 20}.pb");
        string prefix = Path.Combine(folder, $"variables-{bytes >> 20}.ckpt");
        if (File.Exists(path) && File.Exists(prefix + ".index"))
            return (path, prefix);
        using var model = new Model();
        Tensor weights = Weights(bytes, 0);
        using CheckpointWriter writer = CheckpointWriter.Create(prefix, bytes);
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", new Shape(-1, weights.Shape[0]) } });
        for (int i = 0; i < Layers; i++)
        {
            string name = $"layer_{i:d2}/kernel";
            writer.Add(name, Weights(bytes, i));
            Node variable = model.Graph.Add(name, "VariableV2", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", weights.Shape }, { "container", "" }, { "shared_name", "" } });
            Node read = model.Graph.Add(name + "/read", "Identity", [variable], new AttributeMap { { "T", DType.Float32 } });
            x = Product(model.Graph, i, x, read);
        }

        writer.Finish();
        model.Save(path, "graphdef");
        return (path, prefix);
    }

    /// <summary>A graph of this many nodes, each of which adds two before it.</summary>
    public static string Nodes(string folder, int count)
    {
        string path = Path.Combine(folder, $"nodes-{count}.pb");
        if (File.Exists(path))
            return path;
        using var model = new Model();
        Node before = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", Shape.Scalar } });
        Node last = before;
        for (int i = 1; i < count; i++)
            (before, last) = (last, model.Graph.Add($"scope_{i % 100}/block_{i % 1000}/add_{i}", "AddV2", [last, before], new AttributeMap { { "T", DType.Float32 } }));
        model.Save(path, "graphdef");
        return path;
    }

    /// <summary>Removes a model that was written, a file or a folder.</summary>
    public static void Delete(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else
            File.Delete(path);
    }

    private static Node Product(Graph graph, int layer, Node x, Node weights) => graph.Add(
        $"layer_{layer}/MatMul", "MatMul", [x, weights], new AttributeMap { { "T", DType.Float32 }, { "transpose_a", false }, { "transpose_b", false } });

    private static Tensor Weights(long bytes, int layer)
    {
        int side = (int)Math.Sqrt(bytes / Layers / sizeof(float));
        var random = new Random(layer);

        // Products of such weights keep the magnitude of what goes in.
        float scale = MathF.Sqrt(3f / side);
        return Tensor.Wrap([.. Enumerable.Range(0, side * side).Select(_ => ((2 * random.NextSingle()) - 1) * scale)], new Shape(side, side));
    }
}
