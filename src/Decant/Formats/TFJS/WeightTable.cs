using Decant.Formats.Files;
using Decant.Formats.GraphDef;
using Decant.IR;
using Decant.Wire.Protobuf;

namespace Decant.Formats.TFJS;

/// <summary>The weights of a manifest by name, with where their bytes are. Every length is checked when it is opened.</summary>
internal sealed class WeightTable
{
    private readonly Dictionary<string, (WeightEntry Entry, IReadOnlyList<BufferSlice> Pieces)> _weights = new(StringComparer.Ordinal);
    private readonly string? _file;

    private WeightTable(string? file) => _file = file;

    /// <summary>The weights in the order of the manifest.</summary>
    public IReadOnlyList<StoredWeight> Weights => [.. _weights.Values.Select(w => StoredWeight.For(w.Entry, w.Entry.DType, w.Pieces)!)];

    /// <summary>The bytes of all weights as they are stored.</summary>
    public long Bytes => _weights.Values.Sum(w => w.Pieces.Sum(p => p.Length));

    /// <summary>Reads a manifest and opens its shards.</summary>
    /// <exception cref="ModelException">A shard is missing or too short or too long, or a path leads out of the folder.</exception>
    public static WeightTable Open(BufferSlice manifest, FileTree folder)
    {
        var table = new WeightTable(manifest.Name);
        List<Diagnostic> faults = [];
        foreach (WeightGroup group in ManifestReader.Read(manifest))
        {
            try
            {
                table.Add(group, folder);
            }
            catch (ModelException e)
            {
                faults.AddRange(e.Diagnostics);
            }
        }

        return faults.Count == 0 ? table : throw new ModelException(faults);
    }

    /// <summary>Gives the constants of a model and its functions their values.</summary>
    /// <exception cref="ModelException">A constant has none, or one of another type or shape.</exception>
    public void Assign(Model model)
    {
        List<Diagnostic> faults = [];
        foreach (Graph graph in model.Functions.Values.Prepend(model.Graph))
        {
            foreach (Node node in graph.Nodes.Where(n => n.Op == "Const"))
            {
                if (!_weights.TryGetValue(node.Name, out (WeightEntry Entry, IReadOnlyList<BufferSlice> Pieces) weight)
                    && !(graph is Function function && _weights.TryGetValue($"{function.Name}/{node.Name}", out weight)))
                {
                    if (!HasValue(node))
                        faults.Add(Fault(node, "is a constant that the weights manifest has no weight for"));
                    continue;
                }

                var given = node.Attributes["value"] as TensorAttr;
                DType dtype = (node.Attributes["dtype"] as TypeAttr)?.Value ?? given?.DType ?? weight.Entry.DType;
                if (given is { Shape: { IsFullyKnown: true } shape } && !shape.Equals(weight.Entry.Shape))
                    faults.Add(Fault(node, $"is a constant of shape {shape}, but the weights manifest says {weight.Entry.Shape}"));
                else if (StoredWeight.For(weight.Entry, dtype, weight.Pieces) is { } stored)
                    node.Attributes["value"] = stored;
                else
                    faults.Add(Fault(node, $"is a constant of type {dtype.Name()}, but the weights manifest says {weight.Entry.DType.Name()}"));
            }
        }

        if (faults.Count > 0)
            throw new ModelException(faults);
    }

    private Diagnostic Fault(Node node, string message) => new(FormatErrors.BadWeights, message, node.At() with { File = _file });

    private void Add(WeightGroup group, FileTree folder)
    {
        var bytes = new ShardedBytes([.. group.Paths.Select(p => folder.Read(Checked(p, folder)))]);
        long at = 0;
        foreach (WeightEntry weight in group.Weights)
        {
            long length = bytes.Measure(weight, at);
            if (length < 0)
                throw FormatErrors.BadWeights.At(Place(group, folder), $"the weight '{weight.Name}' ({weight.Stored.Name()}{weight.Shape}) begins at byte {at} and ends behind the {bytes.Length} bytes that there are", "a shard is cut off or from another model: copy all shards again");
            if (!_weights.TryAdd(weight.Name, (weight, bytes.Range(at, length))))
                throw FormatErrors.BadWeights.At(new Location(_file), $"the weights manifest has '{weight.Name}' twice", "convert the model again");
            at += length;
        }

        if (at != bytes.Length)
            throw FormatErrors.BadWeights.At(Place(group, folder), $"the weights take {at} bytes, but there are {bytes.Length}", "a shard is from another model: copy all shards again");
    }

    private Location Place(WeightGroup group, FileTree folder) => new(group.Paths.Count == 1 ? folder.PathOf(group.Paths[0]) : _file);

    private string Checked(string path, FileTree folder)
    {
        string[] parts = path.Split('/');
        if (path.Length == 0 || path.Contains('\\') || path.Contains('\0') || Path.IsPathRooted(path) || path.Contains("://", StringComparison.Ordinal) || parts.Contains(".."))
            throw FormatErrors.BadWeights.At(new Location(_file), $"the shard '{path}' is not a file in the model's folder", "put the shards beside model.json and name them without folders");
        string name = string.Join('/', parts.Where(p => p is not ("." or "")));
        return folder.Has(name) ? name : throw FormatErrors.BadWeights.At(new Location(folder.PathOf(name)), "the shard is missing", $"copy it to where {_file} is");
    }

    // A value that the graph itself has: no element, or anything but type and shape.
    private static bool HasValue(Node node)
    {
        if (node.Attributes["value"] is not TensorAttr value)
            return false;
        if (value is not EncodedTensor { Encoded: var encoded } || (value.Shape.IsFullyKnown && value.Shape.ElementCount == 0))
            return true;
        var reader = new ProtoReader(encoded);
        while (reader.Next())
        {
            if (reader.Field > IR.Protos.TensorProtoFields.Version)
                return true;
        }

        return false;
    }
}
