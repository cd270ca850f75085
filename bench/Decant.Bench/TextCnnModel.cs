using Decant.Formats.Checkpoint;
using Decant.IR;

namespace Decant.Bench;

/// <summary>
/// The text CNN whose size people reported: a vocabulary of 220,000 words, 300 dimensions, 128 filters each of widths 1, 1, 2 and 3. Its
/// training checkpoint has Adam's two slots of each variable, and its MetaGraph repeats the pretrained embedding as the initial value.
/// </summary>
internal sealed class TextCnnModel
{
    public const int Vocabulary = 220_000;
    public const int Words = 56;
    private const int Depth = 300;
    private const int Filters = 128;
    private const int Classes = 20;

    /// <summary>Words without a pretrained vector, the last of the vocabulary: their rows are 0.</summary>
    private const int Unknown = 22_000;

    private static readonly int[] Widths = [1, 1, 2, 3];

    private readonly Graph _graph = new();
    private readonly List<(Node Node, Tensor Value)> _variables = [];
    private readonly Random _random = new(20170421);

    /// <summary>Writes <c>model.ckpt-1000</c> with its MetaGraph into a folder, if it is not there.</summary>
    /// <returns>The prefix.</returns>
    public static string Write(string folder)
    {
        string prefix = Path.Combine(folder, "text-cnn", "model.ckpt-1000");
        if (File.Exists(prefix + ".index"))
            return prefix;
        Directory.CreateDirectory(Path.GetDirectoryName(prefix)!);
        new TextCnnModel().Save(prefix);
        return prefix;
    }

    /// <summary>Writes the words in the order of their rows, if they are not there.</summary>
    /// <returns>The path.</returns>
    public static string WriteVocabulary(string folder)
    {
        string path = Path.Combine(folder, "text-cnn", "words.txt");
        if (!File.Exists(path))
            File.WriteAllLines(path, Enumerable.Range(0, Vocabulary).Select(i => $"word{i}"));
        return path;
    }

    private void Save(string prefix)
    {
        Node input = _graph.Add("input_x", "Placeholder", [], new AttributeMap { { "dtype", DType.Int32 }, { "shape", new Shape(-1, Words) } });
        Node rows = _graph.Add(
            "embedding/lookup", "GatherV2", [Variable("embedding/W", Embedding()), input, _graph.AddConst("embedding/axis", Tensor.Scalar(0))],
            new AttributeMap { { "Tparams", DType.Float32 }, { "Tindices", DType.Int32 }, { "Taxis", DType.Int32 }, { "batch_dims", 0 } });
        Node image = Float("embedding/expanded", "ExpandDims", [rows, _graph.AddConst("embedding/dim", Tensor.Scalar(-1))], new AttributeMap { { "Tdim", DType.Int32 } });
        Value[] pooled = [.. Widths.Select((width, i) => (Value)Branch($"conv-{width}-{i}", image, width))];
        Node concat = Float("concat", "ConcatV2", [.. pooled, _graph.AddConst("concat/axis", Tensor.Scalar(3))], new AttributeMap { { "N", pooled.Length }, { "Tidx", DType.Int32 } });
        int features = Widths.Length * Filters;
        Node flat = Float("flat", "Reshape", [concat, _graph.AddConst("flat/shape", Tensor.Wrap([-1, features]))], new AttributeMap { { "Tshape", DType.Int32 } });
        Node product = Float("output/product", "MatMul", [flat, Variable("output/W", Uniform(0.1f, features, Classes))], new AttributeMap { { "transpose_a", false }, { "transpose_b", false } });
        Node scores = Float("output/scores", "BiasAdd", [product, Variable("output/b", Uniform(0.1f, Classes))]);
        Float("output/probabilities", "Softmax", [scores]);

        using CheckpointWriter writer = CheckpointWriter.Create(prefix);
        foreach ((Node node, Tensor value) in _variables.ToList())
        {
            writer.Add(node.Name, value);
            foreach (string slot in (string[])["Adam", "Adam_1"])
                Slot(writer, $"{node.Name}/{slot}", value.Shape);
        }

        foreach (string power in (string[])["beta1_power", "beta2_power"])
        {
            VariableNode(power, Shape.Scalar);
            writer.Add(power, Tensor.Scalar(0.5f));
        }

        writer.Finish();
        using var model = new Model { Graph = _graph };
        model.Save($"{prefix}.meta", "metagraph");
    }

    private Node Branch(string name, Node image, int width)
    {
        var ones = new ListAttr { Ints = [1, 1, 1, 1] };
        Node product = Float($"{name}/conv", "Conv2D", [image, Variable($"{name}/W", Uniform(0.05f, width, Depth, 1, Filters))], new AttributeMap { { "strides", ones }, { "padding", "VALID" } });
        Node relu = Float($"{name}/relu", "Relu", [Float($"{name}/bias", "BiasAdd", [product, Variable($"{name}/b", Uniform(0.1f, Filters))])]);
        return Float($"{name}/pool", "MaxPool", [relu], new AttributeMap { { "ksize", new ListAttr { Ints = [1, Words - width + 1, 1, 1] } }, { "strides", ones }, { "padding", "VALID" } });
    }

    private Node Variable(string name, Tensor value)
    {
        Node variable = VariableNode(name, value.Shape);
        _variables.Add((variable, value));
        Node initial = _graph.AddConst($"{name}/initial_value", value);
        Float($"{name}/Assign", "Assign", [variable, initial], new AttributeMap { { "use_locking", true }, { "validate_shape", true } });
        return Float($"{name}/read", "Identity", [variable]);
    }

    private Node VariableNode(string name, Shape shape) =>
        _graph.Add(name, "VariableV2", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", shape }, { "container", "" }, { "shared_name", "" } });

    private void Slot(CheckpointWriter writer, string name, Shape shape)
    {
        VariableNode(name, shape);
        writer.Add(name, Uniform(0.01f, shape.Dims));
    }

    private Node Float(string name, string op, ReadOnlySpan<Value> inputs, AttributeMap? attributes = null)
    {
        attributes ??= [];
        attributes["T"] = DType.Float32;
        return _graph.Add(name, op, inputs, attributes);
    }

    /// <summary>About normal with a deviation of 0.1, as word vectors are.</summary>
    private Tensor Embedding()
    {
        float[] values = new float[Vocabulary * Depth];
        foreach (ref float x in values.AsSpan(0, (Vocabulary - Unknown) * Depth))
            x = (_random.NextSingle() + _random.NextSingle() + _random.NextSingle() + _random.NextSingle() - 2) * 0.173f;
        return Tensor.Wrap(values, new Shape(Vocabulary, Depth));
    }

    private Tensor Uniform(float limit, params ReadOnlySpan<long> dims)
    {
        var shape = new Shape(dims);
        float[] values = new float[shape.ElementCount];
        foreach (ref float x in values.AsSpan())
            x = ((_random.NextSingle() * 2) - 1) * limit;
        return Tensor.Wrap(values, shape);
    }
}
