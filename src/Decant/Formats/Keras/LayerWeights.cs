using Decant.IR;

namespace Decant.Formats.Keras;

/// <summary>The weights of one layer in the order in which Keras keeps them. Each becomes one constant, however often the layer is called.</summary>
internal sealed class LayerWeights(LayerConfig layer, IReadOnlyList<KerasWeight> weights, string scope, string part = "", string? path = null)
{
    private readonly string _path = path ?? layer.Name;
    private readonly Dictionary<int, Value> _values = [];
    private readonly List<(int Start, LayerWeights Weights)> _parts = [];
    private readonly Dictionary<int, string> _names = [];

    public int Count => weights.Count;

    /// <summary>The dimensions of a weight.</summary>
    public Shape Shape(int index) => At(index).Value.Shape;

    /// <summary>A weight; the name is that of Keras, such as <c>kernel</c>.</summary>
    public Value Get(LayerGraph graph, int index, string name, Shape? shape = null)
    {
        if (_values.TryGetValue(index, out Value known))
            return known;
        TensorAttr weight = At(index).Value;
        _names[index] = name;
        string constant = $"{scope}/{name}";
        if (shape is not { } wanted || wanted == weight.Shape)
            return _values[index] = graph.Const(constant, weight);
        if (!wanted.TryElementCount(out long count) || count != weight.Shape.ElementCount)
            throw KerasErrors.BadWeights.At(layer.Location(), $"{weights[index].StoredName ?? name} has the shape {weight.Shape}, expected {wanted}");
        return _values[index] = graph.Const(constant, weight.Value.Reshaped(wanted));
    }

    /// <summary>How many weights come before those of a part, where archives put the layer's own first.</summary>
    public int CountBefore(string of) => weights.Any(w => w.Part == of || w.Part.StartsWith($"{of}/", StringComparison.Ordinal)) ? weights.TakeWhile(w => w.Part.Length == 0).Count() : 0;

    /// <summary>The weights from an index on, for a layer inside of this one.</summary>
    /// <param name="start">The first.</param>
    /// <param name="count">How many there may be.</param>
    /// <param name="name">What precedes the names of constants, or nothing.</param>
    /// <param name="inner">The layer.</param>
    /// <param name="of">What archives call that part of this layer.</param>
    /// <param name="own">What precedes its weights' own names, or nothing.</param>
    public LayerWeights Part(int start, int count, string name, LayerConfig inner, string of, string own)
    {
        var inside = new LayerWeights(inner, [.. weights.Skip(start).Take(count)], Joined(scope, name), Joined(part, of), Joined(_path, own));
        _parts.Add((start, inside));
        return inside;
    }

    /// <summary>The weights with the names and parts by which they were asked for.</summary>
    public IReadOnlyList<KerasWeight> Named()
    {
        KerasWeight[] named = [.. weights.Select(w => w with { Name = Joined(_path, w.Name) })];
        string own = layer.Class is "LSTM" or "GRU" or "SimpleRNN" or "ConvLSTM1D" or "ConvLSTM2D" or "ConvLSTM3D" && !part.StartsWith("cell/", StringComparison.Ordinal) ? Joined(part, "cell") : part;
        foreach ((int index, string name) in _names)
            named[index] = named[index] with { Name = Joined(_path, name), Part = named[index].Part.Length > 0 ? named[index].Part : own };
        foreach ((int start, LayerWeights inside) in _parts)
        {
            foreach ((int i, KerasWeight weight) in inside.Named().Index())
                named[start + i] = weight;
        }

        return named;
    }

    private static string Joined(string outer, string inner) => outer.Length == 0 ? inner : inner.Length == 0 ? outer : $"{outer}/{inner}";

    private KerasWeight At(int index) => index < weights.Count
        ? weights[index]
        : throw KerasErrors.BadWeights.At(layer.Location(), $"the file has {weights.Count} weights for the layer, expected at least {index + 1}", "save the model again with its weights");
}
