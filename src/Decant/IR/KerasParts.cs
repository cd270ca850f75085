namespace Decant.IR;

/// <summary>
/// A Keras model as it was read: the description of its layers and their weights, of which its graph was made. Keras formats are written
/// from these, not from the graph. Passes give models without them; whoever edits the graph of a model sets <see cref="Model.Keras"/> to null.
/// </summary>
public sealed record KerasParts
{
    /// <summary>The version of Keras that wrote the model, such as <c>2.4.0</c>.</summary>
    public required string Version { get; init; }

    /// <summary>What computed for that Keras, such as <c>tensorflow</c>.</summary>
    public string Backend { get; init; } = "tensorflow";

    /// <summary>The description as JSON: <c>{"class_name": ..., "config": ...}</c>.</summary>
    public required BufferSlice Config { get; init; }

    /// <summary>How the model is trained, as JSON; empty when the file does not tell.</summary>
    public BufferSlice TrainingConfig { get; init; }

    /// <summary>The layers of the model, in its order, with their weights.</summary>
    public required IReadOnlyList<KerasLayer> Layers { get; init; }

    /// <summary>What the optimizer of the training keeps, in its order, and the format that has it so; none when the file has none.</summary>
    public (string Format, IReadOnlyList<KerasWeight> Weights) Optimizer { get; init; } = ("", []);

    /// <summary>What the metrics of the training have counted, as archives keep it; none in other formats.</summary>
    public IReadOnlyList<KerasWeight> Metrics { get; init; } = [];

    /// <summary>All weights, in the order of the layers.</summary>
    public IEnumerable<KerasWeight> Weights => Layers.SelectMany(l => l.AllWeights);
}

/// <summary>A layer's weights. A model that is a layer has layers of its own instead; a wrapper of a model has that as its only layer.</summary>
/// <param name="Name">The name of the layer.</param>
/// <param name="Class">Its class, such as <c>Dense</c>.</param>
/// <param name="Weights">Its weights, in the order of Keras.</param>
/// <param name="Layers">The layers of a model.</param>
public sealed record KerasLayer(string Name, string Class, IReadOnlyList<KerasWeight> Weights, IReadOnlyList<KerasLayer> Layers)
{
    /// <summary>Whether training changes the layer.</summary>
    public bool IsTrainable { get; init; } = true;

    /// <summary>The shape of its first input with the batch, as far as all calls of the layer have the same.</summary>
    public Shape InputShape { get; init; } = Shape.Unknown;

    /// <summary>The part of a wrapper that a model in it is, as archives name it: <c>layer</c>; empty for others.</summary>
    public string Part { get; init; } = "";

    /// <summary>The layer's files, such as a vocabulary, by their paths in its folder of an archive.</summary>
    public IReadOnlyDictionary<string, BufferSlice> Assets { get; init; } = new Dictionary<string, BufferSlice>();

    /// <summary>Its weights and those of its layers.</summary>
    public IEnumerable<KerasWeight> AllWeights => Weights.Concat(Layers.SelectMany(l => l.AllWeights));
}

/// <summary>A weight of a layer.</summary>
/// <param name="Name">What Keras calls it: <c>dense/kernel</c>, <c>bidirectional/forward_lstm/kernel</c>.</param>
/// <param name="Value">Its value.</param>
public sealed record KerasWeight(string Name, TensorAttr Value)
{
    /// <summary>Whether training changes it, if it changes the layer.</summary>
    public bool IsTrainable => Name[(Name.LastIndexOf('/') + 1)..] is not ("moving_mean" or "moving_variance" or "mean" or "variance" or "count" or "vector_u");

    /// <summary>The part of the layer that has it, as archives name it, such as <c>forward_layer/cell</c>; empty for the layer itself.</summary>
    public string Part { get; init; } = "";

    /// <summary>The name that the file gives it, such as <c>dense/kernel:0</c>; null where weights have no names.</summary>
    public string? StoredName { get; init; }
}
