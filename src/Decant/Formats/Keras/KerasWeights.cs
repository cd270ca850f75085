using Decant.IR;
using Decant.Wire.Hdf5;

namespace Decant.Formats.Keras;

/// <summary>Finds the weights of the layers of a model.</summary>
internal abstract class KerasWeights
{
    /// <summary>The weights of a layer, in Keras's order; none when it has none.</summary>
    public abstract IReadOnlyList<KerasWeight> Of(LayerConfig layer);

    /// <summary>Those of a model that is a layer, whose own layers are these.</summary>
    public abstract KerasWeights Nested(LayerConfig model, IReadOnlyList<LayerConfig> layers);

    /// <summary>Those of a model inside of a wrapper such as TimeDistributed.</summary>
    public virtual KerasWeights Wrapped(LayerConfig wrapper, IReadOnlyList<LayerConfig> layers) => Nested(wrapper, layers);

    /// <summary>The files of a layer by their paths in its folder.</summary>
    public virtual IReadOnlyDictionary<string, BufferSlice> AssetsOf(LayerConfig layer) => NoAssets;

    private static readonly Dictionary<string, BufferSlice> NoAssets = [];
}

/// <summary>Weights by names such as <c>dense/kernel:0</c>: the first part names the layer, or another where that is in a model that is a layer.</summary>
internal sealed class NamedWeights(IReadOnlyList<KerasWeight> all) : KerasWeights
{
    public override IReadOnlyList<KerasWeight> Of(LayerConfig layer)
    {
        KerasWeight[] own = [.. all.Where(w => w.StoredName!.StartsWith($"{layer.Name}/", StringComparison.Ordinal))];
        return own.Length > 0 ? own : [.. all.Where(w => w.StoredName!.Split('/').Contains(layer.Name))];
    }

    public override KerasWeights Nested(LayerConfig model, IReadOnlyList<LayerConfig> layers) =>
        Of(model) is { Count: > 0 } own ? new NamedWeights(own) : this;

    /// <summary>A weight's own name: <c>kernel</c> of <c>dense/kernel:0</c>.</summary>
    public static string LastPart(string name) => name[(name.LastIndexOf('/') + 1)..].Split(':')[0];
}

/// <summary>Weights that are at hand, by the names of layers.</summary>
internal sealed class KnownWeights(IReadOnlyList<KerasLayer> layers) : KerasWeights
{
    private readonly Dictionary<string, KerasLayer> _layers = layers.GroupBy(l => l.Name).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);

    public override IReadOnlyList<KerasWeight> Of(LayerConfig layer) =>
        _layers.TryGetValue(layer.Name, out KerasLayer? known) ? [.. known.Weights.Select(w => w with { Name = NamedWeights.LastPart(w.Name) })] : [];

    public override KerasWeights Nested(LayerConfig model, IReadOnlyList<LayerConfig> layers) => new KnownWeights(_layers.TryGetValue(model.Name, out KerasLayer? known) ? known.Layers : []);

    public override KerasWeights Wrapped(LayerConfig wrapper, IReadOnlyList<LayerConfig> layers) => new KnownWeights(_layers.TryGetValue(wrapper.Name, out KerasLayer? known) ? known.Layers.FirstOrDefault()?.Layers ?? [] : []);

    public override IReadOnlyDictionary<string, BufferSlice> AssetsOf(LayerConfig layer) => _layers.TryGetValue(layer.Name, out KerasLayer? known) ? known.Assets : base.AssetsOf(layer);
}

/// <summary>The layout of <c>.h5</c> files: a group per layer, whose attribute <c>weight_names</c> tells the order. A model that is a layer has one group.</summary>
internal sealed class LegacyWeights(Hdf5Group? root) : KerasWeights
{
    public override IReadOnlyList<KerasWeight> Of(LayerConfig layer)
    {
        if (root?[layer.Name] is not Hdf5Group group)
            return [];
        return [.. (group.Texts("weight_names") ?? []).Select(name => group[name] is Hdf5Dataset dataset
            ? new KerasWeight(NamedWeights.LastPart(name), new DatasetAttr(dataset)) { StoredName = name }
            : throw KerasErrors.BadWeights.At(layer.Location(), $"the weight '{name}' is listed in {group.Path} and is not there"))];
    }

    public override KerasWeights Nested(LayerConfig model, IReadOnlyList<LayerConfig> layers) => new NamedWeights(Of(model));
}
