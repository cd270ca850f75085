using Decant.IR;
using Decant.Ops;

namespace Decant;

/// <summary>
/// A model: its main graph, its functions, its signatures and what else its file holds. Weights stay in the files, which
/// the model keeps open until it is disposed.
/// </summary>
public sealed partial class Model : IDisposable
{
    private readonly List<IDisposable> _resources = [];

    /// <summary>The main graph.</summary>
    public Graph Graph { get; init; } = new();

    /// <summary>The functions that nodes call, by name.</summary>
    public Dictionary<string, Function> Functions { get; } = new(StringComparer.Ordinal);

    /// <summary>The named ways to call the model, in the order of the file.</summary>
    public List<Signature> Signatures { get; } = [];

    /// <summary>The name of the format the model was read from (<c>graphdef</c>, <c>saved_model</c>, ...), or empty.</summary>
    public string Format { get; set; } = "";

    /// <summary>The path it was read from, or empty.</summary>
    public string Path { get; set; } = "";

    /// <summary>What is particular to TensorFlow's containers: versions, saver, collections, object graph, variables.</summary>
    public TensorFlowParts TensorFlow { get; init; } = new();

    /// <summary>What is particular to TensorFlow Lite's container; null for models of other formats.</summary>
    public TFLiteParts? TFLite { get; init; }

    /// <summary>What is particular to TensorFlow.js's <c>model.json</c>; null for models of other formats.</summary>
    public TFJSParts? TFJS { get; set; }

    /// <summary>The Keras model that the graph was made of; null for others, and when the graph is not that model's any more.</summary>
    public KerasParts? Keras
    {
        get;
        set
        {
            field = value;
            FindKeras = null;
        }
    }

    /// <summary>Finds <see cref="Keras"/> for a SavedModel, which it takes time for; null when there is nothing to find.</summary>
    internal Func<KerasParts?>? FindKeras { get; set; }

    /// <summary>The weights, where a file holds them alone; null for all others.</summary>
    internal LooseWeights? LooseWeights { get; set; }

    /// <summary>How many bytes the constants of the graph and the functions have, those of strings left out.</summary>
    public long ConstantBytes => Functions.Values.Prepend(Graph).SelectMany(g => g.Nodes).Where(n => n.Op.Name == "Const").Select(n => n.Attributes["value"]).OfType<TensorAttr>()
        .Aggregate(0L, (sum, t) => t.DType.HasFixedSize() && t.Shape.TryElementCount(out long elements) ? Saturating.Add(sum, Saturating.Multiply(elements, t.DType.Size())) : sum);

    /// <summary>Makes the model keep something open until it is disposed.</summary>
    public void Hold(IDisposable resource) => _resources.Add(resource);

    /// <summary>Closes the files. Tensors that lie in them can no longer be read.</summary>
    public void Dispose()
    {
        foreach (IDisposable resource in _resources)
            resource.Dispose();
        _resources.Clear();
    }
}
