using Decant.IR;
using Decant.Ops.TFLite.Catalogue;
using Decant.Wire;
using Decant.Wire.FlatBuffers;
using F = Decant.Formats.TFLite.TFLiteFields;

namespace Decant.Formats.TFLite;

/// <summary>Reads a model. All of its structure is followed, and thereby checked, before anything is given out.</summary>
internal sealed class TFLiteReader(BufferSlice file)
{
    private const uint SupportedVersion = 3;

    // Buffers with an offset of 0 or 1 lie inside the FlatBuffer: the two mark places that a writer had not filled in.
    private const ulong LeastOffset = 2;

    private readonly List<BufferSlice> _buffers = [];
    private readonly List<(OpName Name, int Version, BuiltinOperator Builtin)> _operators = [];
    private readonly List<Function> _subgraphs = [];

    public Model Read()
    {
        FlatTable root = new FlatBuffer(file).Root();
        uint version = root.Scalar<uint>(F.Model.Version);
        if (version != SupportedVersion)
            throw FormatErrors.FormatNotSupported.At(new Location(file.Name, root.Offset), $"the model is of schema version {version}, expected {SupportedVersion}");
        foreach (FlatTable buffer in root.Tables(F.Model.Buffers, "the buffers"))
            _buffers.Add(BufferOf(buffer));
        foreach (FlatTable code in root.Tables(F.Model.OperatorCodes, "the operator codes"))
            _operators.Add(OperatorOf(code));
        FlatTable[] subgraphs = root.Tables(F.Model.Subgraphs, "the subgraphs");
        if (subgraphs.Length == 0)
            throw root.At(F.Model.Subgraphs, "the model has no subgraph, expected at least one");
        foreach (FlatTable subgraph in subgraphs)
            AddSubgraph(subgraph.String(F.Subgraph.Name, "the name of a subgraph"));

        // The last first: subgraphs call those behind them, mostly, and what has effects must be known then.
        var tensors = new Value[subgraphs.Length][];
        for (int i = subgraphs.Length - 1; i >= 0; i--)
            tensors[i] = new SubgraphReader(file, _buffers, _operators, _subgraphs).Read(subgraphs[i], _subgraphs[i]);
        SubgraphCycles.Refuse(file, _subgraphs);
        CaseQuantization.HandOn(_subgraphs);
        var model = new Model { Graph = _subgraphs[0], TFLite = Parts(root) };
        foreach (Function function in _subgraphs.Skip(1))
            model.Functions.Add(function.Name, function);
        foreach (FlatTable signature in root.Tables(F.Model.SignatureDefs, "the signatures"))
            model.Signatures.Add(SignatureOf(signature, tensors));
        return model;
    }

    private BufferSlice BufferOf(FlatTable table)
    {
        BufferSlice data = table.Bytes(F.Buffer.Data, "the data of a buffer") ?? default;
        (ulong offset, ulong size) = (table.Scalar<ulong>(F.Buffer.Offset), table.Scalar<ulong>(F.Buffer.Size));
        if (offset < LeastOffset)
            return data;
        if (offset > (ulong)file.Length || size > (ulong)file.Length - offset)
            throw WireErrors.Truncated.At(new Location(file.Name, table.Offset), $"a buffer of {size} bytes is said to be at offset {offset}, but the file has {file.Length} bytes");
        return file.Slice((long)offset, (long)size);
    }

    private (OpName, int, BuiltinOperator) OperatorOf(FlatTable table)
    {
        int code = Math.Max(table.Scalar<sbyte>(F.OperatorCode.DeprecatedBuiltinCode), table.Scalar<int>(F.OperatorCode.BuiltinCode));
        string? custom = table.String(F.OperatorCode.CustomCode, "the name of a custom operator");
        if (!TFLiteCatalogue.Operators.TryGetValue(code, out BuiltinOperator? builtin))
            throw table.At(F.OperatorCode.BuiltinCode, $"an operator has the code {code}, expected 0 to {TFLiteCatalogue.Operators.Keys.Max()}");
        string name = code != TFLiteCatalogue.CustomCode ? builtin.Name
            : custom is not { Length: > 0 } ? TFLiteAttributes.CustomPrefix
            : TFLiteCatalogue.Find(custom) is not null || custom == TFLiteParts.TensorOp.Name ? TFLiteAttributes.CustomPrefix + custom : custom;
        return (new OpName(Dialect.TFLite, name), table.Scalar(F.OperatorCode.Version, 1), builtin);
    }

    private void AddSubgraph(string? name)
    {
        string wanted = string.IsNullOrEmpty(name) ? _subgraphs.Count == 0 ? "main" : $"subgraph_{_subgraphs.Count}" : name;
        string free = wanted;
        for (int i = 1; _subgraphs.Exists(s => s.Name == free); i++)
            free = $"{wanted}_{i}";
        var function = new Function(free);
        if (free != name)
            function.Attributes.Set(TFLiteAttributes.SubgraphName, name ?? "");
        _subgraphs.Add(function);
    }

    private TFLiteParts Parts(FlatTable root)
    {
        var parts = new TFLiteParts { Description = root.String(F.Model.Description, "the description") };
        foreach (int buffer in root.Vector<int>(F.Model.MetadataBuffer, "the metadata buffers") ?? [])
            parts.UnnamedMetadata.Add(Buffer(root, (uint)buffer));
        foreach (FlatTable metadata in root.Tables(F.Model.Metadata, "the metadata"))
            parts.Metadata.Add((metadata.String(F.Metadata.Name, "the name of metadata"), Buffer(metadata, metadata.Scalar<uint>(F.Metadata.Buffer))));
        foreach (FlatTable group in root.Tables(F.Model.ExternalBufferGroups, "the external buffer groups"))
            parts.ExternalBufferGroups.Add(group.String(0, "the name of a group"));
        foreach (FlatTable buffer in root.Tables(F.Model.ExternalBuffers, "the external buffers"))
        {
            parts.ExternalBuffers.Add(new ExternalBuffer(
                buffer.Scalar<uint>(F.ExternalBuffer.Id), buffer.Scalar<uint>(F.ExternalBuffer.Group), buffer.Scalar<ulong>(F.ExternalBuffer.Offset),
                buffer.Scalar<ulong>(F.ExternalBuffer.Length), buffer.String(F.ExternalBuffer.Packing, "the packing of a buffer")));
        }

        return parts;
    }

    private BufferSlice Buffer(FlatTable owner, uint index) =>
        index < _buffers.Count ? _buffers[(int)index] : throw owner.At(F.Metadata.Buffer, $"metadata is in buffer {index}, but there are {_buffers.Count}");

    private Signature SignatureOf(FlatTable table, Value[][] tensors)
    {
        uint subgraph = table.Scalar<uint>(F.SignatureDef.SubgraphIndex);
        if (subgraph >= tensors.Length)
            throw table.At(F.SignatureDef.SubgraphIndex, $"a signature is of subgraph {subgraph}, but there are {tensors.Length}");
        string key = table.String(F.SignatureDef.SignatureKey, "the key of a signature") ?? "";
        return new Signature(key, "", Map(table, F.SignatureDef.Inputs, tensors[(int)subgraph]), Map(table, F.SignatureDef.Outputs, tensors[(int)subgraph]))
        {
            Function = subgraph == 0 ? null : _subgraphs[(int)subgraph].Name,
        };
    }

    private static List<SignatureTensor> Map(FlatTable table, int field, Value[] tensors)
    {
        var map = new List<SignatureTensor>();
        foreach (FlatTable entry in table.Tables(field, "the tensors of a signature"))
        {
            uint index = entry.Scalar<uint>(F.SignatureDef.TensorIndex);
            if (index >= tensors.Length)
                throw entry.At(F.SignatureDef.TensorIndex, $"a signature names tensor {index}, but there are {tensors.Length}");
            Fact fact = tensors[index].Node.Fact(tensors[index].Port);
            map.Add(new SignatureTensor(entry.String(F.SignatureDef.TensorName, "a name of a signature") ?? "", tensors[index].ToString(), fact.DType, fact.Shape));
        }

        return map;
    }
}
