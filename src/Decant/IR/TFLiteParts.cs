namespace Decant.IR;

/// <summary>The parts of a TensorFlow Lite model beside its subgraphs.</summary>
public sealed class TFLiteParts
{
    /// <summary>The version of the schema: 3.</summary>
    public uint Version { get; set; } = 3;

    /// <summary>A text on the model, or null.</summary>
    public string? Description { get; set; }

    /// <summary>Named blocks of bytes, in the order of the file.</summary>
    public List<(string? Name, BufferSlice Bytes)> Metadata { get; private set; } = [];

    /// <summary>Unnamed blocks of bytes, as old converters wrote them.</summary>
    public List<BufferSlice> UnnamedMetadata { get; private set; } = [];

    /// <summary>The names of files with weights of several models.</summary>
    public List<string?> ExternalBufferGroups { get; private set; } = [];

    /// <summary>Weights in such files.</summary>
    public List<ExternalBuffer> ExternalBuffers { get; private set; } = [];

    /// <summary>The attribute that names a node's options table when it is not the one of its operator. Options of such a table mean nothing to kernels.</summary>
    public const string OptionsTable = "options_table";

    /// <summary>The attribute with the bytes of a custom operator's options.</summary>
    public const string CustomOptions = "custom_options";

    /// <summary>The attribute with the version of an operator, when it is not 1.</summary>
    public const string OpVersion = "op_version";

    /// <summary>In front of the name of a custom operator that is called as a builtin one.</summary>
    public const string CustomPrefix = "CUSTOM:";

    /// <summary>The op of nodes that stand for tensors that no operator writes: variables, and those that the file only declares.</summary>
    public static OpName TensorOp { get; } = new(Dialect.TFLite, "TENSOR");

    /// <summary>A copy that can be changed without changing this one.</summary>
    internal TFLiteParts Clone()
    {
        var clone = (TFLiteParts)MemberwiseClone();
        clone.Metadata = [.. Metadata];
        clone.UnnamedMetadata = [.. UnnamedMetadata];
        clone.ExternalBufferGroups = [.. ExternalBufferGroups];
        clone.ExternalBuffers = [.. ExternalBuffers];
        return clone;
    }
}

/// <summary>Where a constant lies in a file beside the model.</summary>
public sealed record ExternalBuffer(uint Id, uint Group, ulong Offset, ulong Length, string? Packing);
