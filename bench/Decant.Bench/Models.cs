using Decant.Formats.Checkpoint;
using Decant.IR;

namespace Decant.Bench;

/// <summary>Models of any size with the same nodes.</summary>
internal static class Models
{
    private const int Layers = 64;

    /// <summary>The rows and columns of the weights of each layer.</summary>
    public static int Side(long bytes) => (int)Math.Sqrt(bytes / Layers / sizeof(float));

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
    public static (string Graph, string Checkpoint) Variables(string folder, long bytes) =>
        Variables(Path.Combine(folder, $"variables-{bytes >> 20}"), bytes, Shape.OfRank(2), i => Weights(bytes, i), Product);

    /// <summary>A chain of 64 convolutions of 1x1, each with a normalization, whose weights take about this many bytes, with variables and a checkpoint.</summary>
    public static (string Graph, string Checkpoint) Convolutions(string folder, long bytes) =>
        Variables(Path.Combine(folder, $"convolutions-{bytes >> 20}"), bytes, new Shape(1, 2, 2, -1), i => AsFilter(Weights(bytes, i)), NormalizedConvolution);

    private static (string Graph, string Checkpoint) Variables(string name, long bytes, Shape input, Func<int, Tensor> weightsOf, Func<Graph, int, Node, Node, Node> layer)
    {
        (string path, string prefix) = (name + ".pb", name + ".ckpt");
        if (File.Exists(path) && File.Exists(prefix + ".index"))
            return (path, prefix);
        using var model = new Model();
        Shape shape = weightsOf(0).Shape;
        using CheckpointWriter writer = CheckpointWriter.Create(prefix, bytes);
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", new Shape([.. input.Dims[..^1], shape[-2]]) } });
        for (int i = 0; i < Layers; i++)
        {
            string kernel = $"layer_{i:d2}/kernel";
            writer.Add(kernel, weightsOf(i));
            Node variable = model.Graph.Add(kernel, "VariableV2", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", shape }, { "container", "" }, { "shared_name", "" } });
            Node read = model.Graph.Add(kernel + "/read", "Identity", [variable], new AttributeMap { { "T", DType.Float32 } });
            x = layer(model.Graph, i, x, read);
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

    private static Node NormalizedConvolution(Graph graph, int layer, Node x, Node weights)
    {
        Node convolution = graph.Add($"layer_{layer}/Conv2D", "Conv2D", [x, weights], new AttributeMap { { "T", DType.Float32 }, { "strides", new ListAttr { Ints = [1, 1, 1, 1] } }, { "padding", "SAME" }, { "data_format", "NHWC" } });
        var random = new Random(layer);
        Node Numbers(string name, float from, float to) => graph.AddConst(
            $"layer_{layer}/{name}", Tensor.Wrap([.. Enumerable.Range(0, (int)((ShapeAttr)weights.Inputs[0].Node.Attributes["shape"]!).Value[-1]).Select(_ => from + ((to - from) * random.NextSingle()))]));
        return graph.Add(
            $"layer_{layer}/FusedBatchNormV3", "FusedBatchNormV3", [convolution, Numbers("gamma", 0.9f, 1.1f), Numbers("beta", -0.1f, 0.1f), Numbers("mean", -0.1f, 0.1f), Numbers("variance", 0.9f, 1.1f)],
            new AttributeMap { { "T", DType.Float32 }, { "U", DType.Float32 }, { "is_training", false }, { "epsilon", 1e-3f }, { "data_format", "NHWC" } });
    }

    private static Tensor AsFilter(Tensor weights) => weights.Reshaped(new Shape(1, 1, weights.Shape[0], weights.Shape[1]));

    private static Tensor Weights(long bytes, int layer)
    {
        int side = Side(bytes);
        var random = new Random(layer);

        // Products of such weights keep the magnitude of what goes in.
        float scale = MathF.Sqrt(3f / side);
        return Tensor.Wrap([.. Enumerable.Range(0, side * side).Select(_ => ((2 * random.NextSingle()) - 1) * scale)], new Shape(side, side));
    }
}
