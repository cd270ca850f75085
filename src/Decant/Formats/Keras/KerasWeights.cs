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

/// <summary>
/// Weights by names such as <c>dense/kernel:0</c>: the first part names the layer, or another where that is in a model that is a layer. Keras 1 has
/// <c>dense_1_W</c>, which is of the layer with the longest name that precedes it.
/// </summary>
internal sealed class NamedWeights(IReadOnlyList<KerasWeight> all, IReadOnlyList<LayerConfig>? layers = null) : KerasWeights
{
    public override IReadOnlyList<KerasWeight> Of(LayerConfig layer)
    {
        KerasWeight[] own = [.. all.Where(w => w.StoredName!.StartsWith($"{layer.Name}/", StringComparison.Ordinal))];
        if (own.Length == 0)
            own = [.. all.Where(w => w.StoredName!.Split('/').Contains(layer.Name))];
        return own.Length > 0 || layer.KerasVersion.Major > 1 ? own : [.. all.Where(w => Precedes(layer, w) && !(layers ?? []).Any(l => l.Name.Length > layer.Name.Length && Precedes(l, w)))];
    }

    public override KerasWeights Nested(LayerConfig model, IReadOnlyList<LayerConfig> layers) =>
        new NamedWeights(Of(model) is { Count: > 0 } own ? own : all, layers);

    private static bool Precedes(LayerConfig layer, KerasWeight weight) => weight.StoredName!.StartsWith($"{layer.Name}_", StringComparison.Ordinal);

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

/// <summary>
/// The layout of <c>.h5</c> files: a group per layer, whose attribute <c>weight_names</c> tells the order. A model that is a layer has one group.
/// Keras gives weights to layers in their order, whatever the names: where a model was described in one session and saved in another, the
/// numbers in the names that Keras gave differ, as <c>dense_4</c> and <c>dense_1</c>. Layers of one name but for the number are then taken in order.
/// </summary>
internal sealed class LegacyWeights(Hdf5Group? root, IReadOnlyList<LayerConfig>? layers = null) : KerasWeights
{
    private readonly Dictionary<string, string> _renumbered = Renumbered(root?.Texts("layer_names") ?? [], layers ?? []);

    public override IReadOnlyList<KerasWeight> Of(LayerConfig layer)
    {
        if (root?[_renumbered.GetValueOrDefault(layer.Name, layer.Name)] is not Hdf5Group group)
            return [];
        return [.. (group.Texts("weight_names") ?? []).Select(name => group[name] is Hdf5Dataset dataset
            ? new KerasWeight(NamedWeights.LastPart(name), new DatasetAttr(dataset)) { StoredName = name }
            : throw KerasErrors.BadWeights.At(layer.Location(), $"the weight '{name}' is listed in {group.Path} and is not there", "save the model again with its weights"))];
    }

    public override KerasWeights Nested(LayerConfig model, IReadOnlyList<LayerConfig> layers) => new NamedWeights(Of(model), layers);

    /// <summary>The names of groups by those of layers, where the numbers in them differ and there are as many of a name.</summary>
    private static Dictionary<string, string> Renumbered(IReadOnlyList<string> stored, IReadOnlyList<LayerConfig> layers)
    {
        var groups = new Dictionary<string, string>(StringComparer.Ordinal);
        ILookup<string, string> byName = stored.ToLookup(WithoutNumber, StringComparer.Ordinal);
        foreach (IGrouping<string, string> same in layers.Select(l => l.Name).GroupBy(WithoutNumber, StringComparer.Ordinal))
        {
            string[] own = [.. same], other = [.. byName[same.Key]];
            if (own.Length != other.Length || own.ToHashSet(StringComparer.Ordinal).SetEquals(other))
                continue;
            foreach ((string name, string group) in own.Zip(other))
                groups[name] = group;
        }

        return groups;
    }

    private static string WithoutNumber(string name) =>
        name.LastIndexOf('_') is > 0 and var at && name.AsSpan(at + 1) is { Length: > 0 } number && !number.ContainsAnyExceptInRange('0', '9') ? name[..at] : name;
}

/// <summary>The layout before Keras 1: groups <c>layer_0</c>, <c>layer_1</c>, ... in the order of the layers, with <c>param_0</c>, <c>param_1</c>, ...</summary>
internal sealed class NumberedWeights(Hdf5Group root, IReadOnlyList<LayerConfig> layers) : KerasWeights
{
    /// <summary>The attribute that tells how many groups there are.</summary>
    public const string CountAttribute = "nb_layers";

    private readonly Dictionary<string, int> _numbers = layers.Select((layer, i) => (layer.Name, i)).GroupBy(l => l.Name).ToDictionary(g => g.Key, g => g.First().i, StringComparer.Ordinal);

    public override IReadOnlyList<KerasWeight> Of(LayerConfig layer)
    {
        var weights = new List<KerasWeight>();
        if (!_numbers.TryGetValue(layer.Name, out int number) || root[$"layer_{number}"] is not Hdf5Group group)
            return weights;
        for (int i = 0; group[$"param_{i}"] is Hdf5Dataset dataset; i++)
            weights.Add(new KerasWeight($"param_{i}", new DatasetAttr(dataset)) { StoredName = $"{layer.Name}/param_{i}" });
        return weights;
    }

    public override KerasWeights Nested(LayerConfig model, IReadOnlyList<LayerConfig> nested) =>
        throw KerasErrors.BadWeights.At(model.Location(), "the weights are numbered, as before Keras 1, and the model has a model as a layer", "load the weights with the Keras that saved them, and save the whole model");
}
