using Decant.IR;
using Decant.Wire.Hdf5;

namespace Decant.Formats.Keras;

/// <summary>The weights of one layer in the order in which Keras keeps them. Each becomes one constant, however often the layer is called.</summary>
internal sealed class LayerWeights(LayerConfig layer, IReadOnlyList<Hdf5Dataset> datasets, string scope)
{
    private readonly Dictionary<int, Value> _values = [];

    public int Count => datasets.Count;

    /// <summary>The dimensions of a weight.</summary>
    public Shape Shape(int index) => At(index).Shape;

    /// <summary>A weight; the name is that of Keras, such as <c>kernel</c>.</summary>
    public Value Get(LayerGraph graph, int index, string name, Shape? shape = null)
    {
        if (_values.TryGetValue(index, out Value known))
            return known;
        Hdf5Dataset dataset = At(index);
        Tensor tensor = dataset.Read();
        if (shape is { } wanted && wanted != tensor.Shape)
        {
            if (!wanted.TryElementCount(out long count) || count != tensor.ElementCount)
                throw KerasErrors.BadWeights.At(layer.Location(), $"{dataset.Path} has the shape {tensor.Shape}, expected {wanted}");
            tensor = tensor.Reshaped(wanted);
        }

        return _values[index] = graph.Const($"{scope}/{name}", tensor);
    }

    /// <summary>The weights from an index on, for a layer inside of this one.</summary>
    public LayerWeights Part(int start, int count, string name) =>
        new(layer, [.. datasets.Skip(start).Take(count)], $"{scope}/{name}");

    private Hdf5Dataset At(int index) => index < datasets.Count
        ? datasets[index]
        : throw KerasErrors.BadWeights.At(layer.Location(), $"the file has {datasets.Count} weights for the layer, expected at least {index + 1}", "save the model again with its weights");
}
