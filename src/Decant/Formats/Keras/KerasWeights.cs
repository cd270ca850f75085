using System.Text.RegularExpressions;
using Decant.Wire.Hdf5;

namespace Decant.Formats.Keras;

/// <summary>Finds the weights of the layers of a model.</summary>
internal abstract class KerasWeights
{
    /// <summary>The weights of a layer, in Keras's order; none when it has none.</summary>
    public abstract IReadOnlyList<Hdf5Dataset> Of(LayerConfig layer);

    /// <summary>Those of a model that is a layer, whose own layers are these.</summary>
    public abstract KerasWeights Nested(LayerConfig model, IReadOnlyList<LayerConfig> layers);
}

/// <summary>
/// The layout of <c>.h5</c> files: a group per layer, whose attribute <c>weight_names</c> tells the order. A model that is a layer has
/// one group, and its own layers are the first parts of the names in it.
/// </summary>
internal sealed class LegacyWeights(Hdf5Group? root, IReadOnlyList<(string Name, Hdf5Dataset Dataset)>? within = null) : KerasWeights
{
    public override IReadOnlyList<Hdf5Dataset> Of(LayerConfig layer) => [.. Named(layer).Select(w => w.Dataset)];

    public override KerasWeights Nested(LayerConfig model, IReadOnlyList<LayerConfig> layers)
    {
        List<(string, Hdf5Dataset)> named = Named(model);
        return new LegacyWeights(null, named.Count == 0 && within is not null ? within : named);
    }

    private List<(string Name, Hdf5Dataset Dataset)> Named(LayerConfig layer)
    {
        if (within is not null)
            return [.. within.Where(w => w.Name.Split('/').Contains(layer.Name))];
        if (root?[layer.Name] is not Hdf5Group group)
            return [];
        return [.. (group.Texts("weight_names") ?? []).Select(name => (name, group[name] as Hdf5Dataset
            ?? throw KerasErrors.BadWeights.At(layer.Location(), $"the weight '{name}' is listed in {group.Path} and is not there")))];
    }
}

/// <summary>
/// The layout of <c>model.weights.h5</c>: groups named by class, numbered in the order of the layers, with the weights in
/// <c>vars/0</c>, <c>vars/1</c>, ... Where <c>vars</c> tells the layer's name, that counts.
/// </summary>
internal sealed partial class ArchiveWeights : KerasWeights
{
    private static readonly string[] Containers = ["layers", "_layer_checkpoint_dependencies"];

    // The parts of layers that have layers inside, in the order of the weights of the whole.
    private static readonly string[] Parts =
    [
        "cell", "forward_layer", "backward_layer", "layer", "query_dense", "key_dense", "value_dense", "output_dense",
        "_query_dense", "_key_dense", "_value_dense", "_output_dense",
    ];

    private readonly Dictionary<string, Hdf5Group> _groups = new(StringComparer.Ordinal);

    public ArchiveWeights(Hdf5Group model, IReadOnlyList<LayerConfig> layers)
    {
        Hdf5Group? container = Containers.Select(c => model[c] as Hdf5Group).FirstOrDefault(g => g is not null);
        if (container is null)
            return;
        var byName = new Dictionary<string, Hdf5Group>(StringComparer.Ordinal);
        foreach (string name in container.Names)
        {
            if (container[name] is Hdf5Group group && (group["vars"] as Hdf5Group)?.Text("name") is { } layer)
                byName[layer] = group;
        }

        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (LayerConfig layer in layers)
        {
            string name = SnakeCase(layer.Class);
            int count = counts[name] = counts.GetValueOrDefault(name) + 1;
            string numbered = count == 1 ? name : $"{name}_{count - 1}";
            if (byName.TryGetValue(layer.Name, out Hdf5Group? named) || (named = container[numbered] as Hdf5Group ?? container[layer.Name] as Hdf5Group) is not null)
                _groups[layer.Name] = named;
        }
    }

    public override IReadOnlyList<Hdf5Dataset> Of(LayerConfig layer)
    {
        var datasets = new List<Hdf5Dataset>();
        if (_groups.TryGetValue(layer.Name, out Hdf5Group? group))
            Collect(group, datasets, 0);
        return datasets;
    }

    public override KerasWeights Nested(LayerConfig model, IReadOnlyList<LayerConfig> layers) =>
        _groups.TryGetValue(model.Name, out Hdf5Group? group) ? new ArchiveWeights(group, layers) : new LegacyWeights(null, []);

    /// <summary>Keras's names of classes in groups: <c>MaxPooling2D</c> is <c>max_pooling2d</c>, <c>PReLU</c> is <c>p_re_lu</c>.</summary>
    internal static string SnakeCase(string name) => LowerUpper().Replace(Capitalized().Replace(name, "$1_$2"), "$1_$2").ToLowerInvariant();

    [GeneratedRegex("(.)([A-Z][a-z]+)")]
    private static partial Regex Capitalized();

    [GeneratedRegex("([a-z])([A-Z])")]
    private static partial Regex LowerUpper();

    private static void Collect(Hdf5Group group, List<Hdf5Dataset> datasets, int depth)
    {
        if (group["vars"] is Hdf5Group vars)
        {
            for (int i = 0; vars[$"{i}"] is Hdf5Dataset dataset; i++)
                datasets.Add(dataset);
        }

        const int Most = 8;
        foreach (string part in Parts)
        {
            if (depth < Most && group[part] is Hdf5Group inner)
                Collect(inner, datasets, depth + 1);
        }
    }
}
