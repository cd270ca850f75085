using System.Text.RegularExpressions;
using Decant.IR;
using Decant.Wire.Hdf5;

namespace Decant.Formats.Keras;

/// <summary>
/// The layout of <c>model.weights.h5</c>: groups named by class, numbered in the order of the layers, with the weights in
/// <c>vars/0</c>, <c>vars/1</c>, ... Where <c>vars</c> tells the layer's name, that counts. Keras 2.12 to 2.14 number what a model
/// depends on, <c>layer-0</c>, <c>layer_with_weights-0</c>, ...: layers with weights twice.
/// </summary>
internal sealed partial class ArchiveWeights : KerasWeights
{
    private static readonly string[] Containers = ["layers", "_layer_checkpoint_dependencies"];

    // The parts of layers that have layers inside, in the order of the weights of the whole.
    private static readonly string[] Parts =
    [
        "cell", "forward_layer", "backward_layer", "layer", "_mixing_layer_norm", "_output_layer_norm", "_intermediate_dense", "_intermediate_layer_norm", "query_dense", "_query_dense", "key_dense", "_key_dense", "_gate_dense", "value_dense", "_value_dense",
        "output_dense", "_output_dense", "token_embedding", "position_embedding", "_self_attention_layer", "_self_attention_layer_norm", "_cross_attention_layer",
        "_cross_attention_layer_norm", "_feedforward_intermediate_dense", "_feedforward_output_dense", "_feedforward_layer_norm",
    ];

    // Encoders have the normalization before the dense layers that come behind it in decoders.
    private static readonly string[] EncoderParts =
    [
        .. Parts.Where(p => !p.StartsWith("_feedforward", StringComparison.Ordinal)), "_feedforward_layer_norm", "_feedforward_intermediate_dense", "_feedforward_output_dense",
    ];

    private readonly Dictionary<string, ArchiveGroup> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, BufferSlice> _assets;

    /// <summary>Finds the groups of layers.</summary>
    /// <param name="model">The group of the model.</param>
    /// <param name="layers">The layers of the model.</param>
    /// <param name="assets">The files of the archive's layers, by their paths.</param>
    public ArchiveWeights(ArchiveGroup model, IReadOnlyList<LayerConfig> layers, IReadOnlyDictionary<string, BufferSlice> assets)
    {
        _assets = assets;
        ArchiveGroup? container = Containers.Select(c => model[c]).FirstOrDefault(g => g is not null);
        var byName = new Dictionary<string, ArchiveGroup>(StringComparer.Ordinal);
        foreach (string name in container?.Names ?? [])
        {
            if (container![name] is { } group && group.Vars?.Text("name") is { } layer)
                byName[layer] = group;
        }

        bool countsTwice = model[Containers[0]] is null;
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (LayerConfig layer in layers.Where(l => !Layers.Operations.OperationTable.IsOfKeras3(l)))
        {
            string name = GroupName(layer.Class);
            int number = counts.GetValueOrDefault(name);
            string numbered = number == 0 ? name : $"{name}_{number}";
            if (byName.TryGetValue(layer.Name, out ArchiveGroup? named) || (named = container?[numbered] ?? container?[layer.Name]) is not null)
                _groups[layer.Name] = named;
            counts[name] = number + (countsTwice && Of(layer).Count > 0 ? 2 : 1);
            _folders[layer.Name] = named?.Path ?? $"{container?.Path ?? $"{model.Path}/{Containers[0]}".TrimStart('/')}/{numbered}";
        }
    }

    /// <summary>Whether a file has this layout.</summary>
    public static bool Are(Hdf5Group root)
    {
        var top = ArchiveGroup.Of(root);
        return Containers.Any(c => top[c] is not null);
    }

    public override IReadOnlyList<KerasWeight> Of(LayerConfig layer)
    {
        var weights = new List<KerasWeight>();
        if (!_groups.TryGetValue(layer.Name, out ArchiveGroup? group))
            return weights;
        string[] parts = layer.Class == "TransformerEncoder" ? EncoderParts : Parts;
        IReadOnlyList<string> cells = layer.Class == "RNN" ? Layers.CellLayers.Parts(layer) : [];
        foreach (string cell in cells)
        {
            if (group[cell] is { } inner)
                Collect(inner, cell, parts, weights);
        }

        if (weights.Count == 0)
            Collect(group, "", parts, weights);
        return weights;
    }

    public override KerasWeights Nested(LayerConfig model, IReadOnlyList<LayerConfig> layers) =>
        _groups.TryGetValue(model.Name, out ArchiveGroup? group) ? new ArchiveWeights(group, layers, _assets) : new LegacyWeights(null);

    public override KerasWeights Wrapped(LayerConfig wrapper, IReadOnlyList<LayerConfig> layers) =>
        _groups.TryGetValue(wrapper.Name, out ArchiveGroup? group) && group[PartOf(wrapper)] is { } inner ? new ArchiveWeights(inner, layers, _assets) : new LegacyWeights(null);

    /// <summary>What archives call the model in a wrapper: <c>layer</c>, or <c>layer/layer</c> if that is one wrapper in another.</summary>
    public static string PartOf(LayerConfig wrapper)
    {
        const int Deepest = 16;
        string part = "layer";
        LayerConfig inner = wrapper.Inner();
        for (int depth = 0; !ModelLayers.IsModel(inner) && depth < Deepest; depth++)
            (part, inner) = ($"{part}/layer", inner.Inner());
        return part;
    }

    public override IReadOnlyDictionary<string, BufferSlice> AssetsOf(LayerConfig layer) => !_folders.TryGetValue(layer.Name, out string? folder) ? base.AssetsOf(layer)
        : _assets.Where(a => a.Key.StartsWith($"{folder}/", StringComparison.Ordinal)).ToDictionary(a => a.Key[(folder.Length + 1)..], a => a.Value, StringComparer.Ordinal);

    /// <summary>The name of a layer's group, without a number.</summary>
    internal static string GroupName(string type) => SnakeCase(type switch { "Model" => "Functional", "GroupQueryAttention" => "GroupedQueryAttention", _ => type });

    /// <summary>Keras's names of classes in groups: <c>MaxPooling2D</c> is <c>max_pooling2d</c>, <c>PReLU</c> is <c>p_re_lu</c>.</summary>
    internal static string SnakeCase(string name) => LowerUpper().Replace(Capitalized().Replace(name, "$1_$2"), "$1_$2").ToLowerInvariant();

    [GeneratedRegex("(.)([A-Z][a-z]+)")]
    private static partial Regex Capitalized();

    [GeneratedRegex("([a-z])([A-Z])")]
    private static partial Regex LowerUpper();

    private static void Collect(ArchiveGroup group, string part, string[] parts, List<KerasWeight> weights)
    {
        if (group.Vars is { } vars)
        {
            for (int i = 0; vars[$"{i}"] is Hdf5Dataset dataset; i++)
                weights.Add(new KerasWeight($"variable_{i}", new DatasetAttr(dataset)) { Part = part });
        }

        const int Most = 8;
        foreach (string name in parts.Concat(group.Names.Where(n => n is not "vars" && !parts.Contains(n))))
        {
            if (part.Count(c => c == '/') < Most && group[name] is { } inner)
                Collect(inner, part.Length == 0 ? name : $"{part}/{name}", parts, weights);
        }
    }
}
