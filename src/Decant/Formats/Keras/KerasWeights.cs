using System.Text.RegularExpressions;
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
        foreach (LayerConfig layer in layers.Where(l => !Layers.Operations.OperationTable.IsOfKeras3(l)))
        {
            string name = GroupName(layer.Class);
            int count = counts[name] = counts.GetValueOrDefault(name) + 1;
            string numbered = count == 1 ? name : $"{name}_{count - 1}";
            if (byName.TryGetValue(layer.Name, out Hdf5Group? named) || (named = container[numbered] as Hdf5Group ?? container[layer.Name] as Hdf5Group) is not null)
                _groups[layer.Name] = named;
        }
    }

    public override IReadOnlyList<KerasWeight> Of(LayerConfig layer)
    {
        var weights = new List<KerasWeight>();
        if (!_groups.TryGetValue(layer.Name, out Hdf5Group? group))
            return weights;
        IReadOnlyList<string> cells = layer.Class == "RNN" ? Layers.CellLayers.Parts(layer) : [];
        foreach (string cell in cells)
        {
            if (group[cell] is Hdf5Group inner)
                Collect(inner, cell, weights);
        }

        if (weights.Count == 0)
            Collect(group, "", weights);
        return weights;
    }

    public override KerasWeights Nested(LayerConfig model, IReadOnlyList<LayerConfig> layers) =>
        _groups.TryGetValue(model.Name, out Hdf5Group? group) ? new ArchiveWeights(group, layers) : new LegacyWeights(null);

    /// <summary>The name of a layer's group, without a number.</summary>
    internal static string GroupName(string type) => SnakeCase(type == "Model" ? "Functional" : type);

    /// <summary>Keras's names of classes in groups: <c>MaxPooling2D</c> is <c>max_pooling2d</c>, <c>PReLU</c> is <c>p_re_lu</c>.</summary>
    internal static string SnakeCase(string name) => LowerUpper().Replace(Capitalized().Replace(name, "$1_$2"), "$1_$2").ToLowerInvariant();

    [GeneratedRegex("(.)([A-Z][a-z]+)")]
    private static partial Regex Capitalized();

    [GeneratedRegex("([a-z])([A-Z])")]
    private static partial Regex LowerUpper();

    private static void Collect(Hdf5Group group, string part, List<KerasWeight> weights)
    {
        if (group["vars"] is Hdf5Group vars)
        {
            for (int i = 0; vars[$"{i}"] is Hdf5Dataset dataset; i++)
                weights.Add(new KerasWeight($"variable_{i}", new DatasetAttr(dataset)) { Part = part });
        }

        const int Most = 8;
        foreach (string name in Parts.Concat(group.Names.Where(n => n is not "vars" && !Parts.Contains(n))))
        {
            if (part.Count(c => c == '/') < Most && group[name] is Hdf5Group inner)
                Collect(inner, part.Length == 0 ? name : $"{part}/{name}", weights);
        }
    }
}
