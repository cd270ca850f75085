using System.Globalization;
using Decant.IR;
using Decant.Wire.FlatBuffers;
using F = Decant.Formats.TFLite.TFLiteFields;

namespace Decant.Formats.TFLite;

/// <summary>Writes a model whose nodes are TensorFlow Lite's. The same model gives the same bytes.</summary>
internal sealed class TFLiteWriter
{
    private readonly Model _model;
    private readonly string _path;
    private readonly BufferTable _buffers = new();
    private readonly OperatorCodes _codes = new();
    private readonly List<Function> _subgraphs = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    public TFLiteWriter(Model model, string path)
    {
        (_model, _path) = (model, path);
        if (model.Graph is not Function main)
            throw Unfit("its inputs and outputs are not those of a subgraph");
        _subgraphs.Add(main);
        _subgraphs.AddRange(model.Functions.Values);
        for (int i = 0; i < _subgraphs.Count; i++)
            _numbers[_subgraphs[i].Name] = i;
        foreach (Node node in _subgraphs.SelectMany(s => s.Nodes))
        {
            if (node.Op.Dialect != Dialect.TFLite && node.Op != Function.ArgOp && node.Op != "Const")
                throw Unfit($"node '{node.Name}' is of TensorFlow's op {node.Op}");
        }
    }

    public void Write(Stream stream)
    {
        TFLiteParts parts = _model.TFLite ?? new TFLiteParts();
        FlatObject[] subgraphs = [.. _subgraphs.Select(s => new SubgraphWriter(s, _buffers, _codes, name => _numbers.TryGetValue(name, out int i) ? i : throw Unfit($"it calls '{name}', which it does not have")).Write())];
        FlatObject[] metadata = [.. parts.Metadata.Select(m => new FlatObject().Set(F.Metadata.Name, m.Name).Set(F.Metadata.Buffer, _buffers.Add(m.Bytes)))];
        int[] unnamed = [.. parts.UnnamedMetadata.Select(m => (int)_buffers.Add(m))];
        FlatObject[] signatures = [.. _model.Signatures.Select(SignatureOf)];
        FlatObject root = new FlatObject()
            .Set(F.Model.Version, parts.Version)
            .Set(F.Model.OperatorCodes, _codes.Tables)
            .Set(F.Model.Subgraphs, subgraphs)
            .Set(F.Model.Description, parts.Description)
            .Set(F.Model.Buffers, _buffers.Tables(out bool isOutside))
            .Set(F.Model.MetadataBuffer, unnamed.Length > 0 ? unnamed : null)
            .Set(F.Model.Metadata, NullIfEmpty(metadata))
            .Set(F.Model.SignatureDefs, NullIfEmpty(signatures))
            .Set(F.Model.ExternalBufferGroups, NullIfEmpty([.. parts.ExternalBufferGroups.Select(name => new FlatObject().Set(0, name))]))
            .Set(F.Model.ExternalBuffers, NullIfEmpty([.. parts.ExternalBuffers.Select(ExternalBufferOf)]));
        if (isOutside)
            _buffers.WriteOutside(root, stream);
        else
            FlatWriter.Write(root, F.Identifier, stream);
    }

    private static FlatObject ExternalBufferOf(ExternalBuffer buffer) => new FlatObject()
        .Set(F.ExternalBuffer.Id, buffer.Id).Set(F.ExternalBuffer.Group, buffer.Group).Set(F.ExternalBuffer.Offset, buffer.Offset)
        .Set(F.ExternalBuffer.Length, buffer.Length).Set(F.ExternalBuffer.Packing, buffer.Packing);

    private FlatObject SignatureOf(Signature signature)
    {
        int subgraph = signature.Function is { } function ? _numbers[function] : 0;
        return new FlatObject()
            .Set(F.SignatureDef.Inputs, Map(signature.Inputs, _subgraphs[subgraph]))
            .Set(F.SignatureDef.Outputs, Map(signature.Outputs, _subgraphs[subgraph]))
            .Set(F.SignatureDef.SignatureKey, signature.Key)
            .Set(F.SignatureDef.SubgraphIndex, (uint)subgraph);
    }

    private static FlatObject[] Map(IReadOnlyList<SignatureTensor> tensors, Function subgraph)
    {
        IReadOnlyDictionary<Value, int> numbers = TensorNumbers.Of(subgraph);
        return [.. tensors.Select(t => new FlatObject().Set(F.SignatureDef.TensorName, t.Name).Set(F.SignatureDef.TensorIndex, (uint)numbers[Find(t.Tensor, subgraph)]))];
    }

    private static Value Find(string tensor, Function subgraph)
    {
        int colon = tensor.LastIndexOf(':');
        return colon < 0 ? subgraph[tensor] : new Value(subgraph[tensor[..colon]], int.Parse(tensor.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }

    private static FlatObject[]? NullIfEmpty(FlatObject[] tables) => tables.Length > 0 ? tables : null;

    private ModelException Unfit(string reason) =>
        FormatErrors.FormatNotSupported.At(new Location(_path), $"the model cannot be written as a TensorFlow Lite model: {reason}", $"write one of {string.Join(", ", FormatTable.All.Where(f => f.CanSave && f.Name != "tflite").Select(f => f.Name))}");
}
