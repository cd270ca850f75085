namespace Decant.IR;

/// <summary>The parts of a TensorFlow.js model beside its graph, as they were read; they are written again.</summary>
public sealed class TFJSParts
{
    /// <summary>What made the graph, such as a version of TensorFlow; null when the file does not say.</summary>
    public string? GeneratedBy { get; set; }

    /// <summary>What wrote the file; null when it does not say.</summary>
    public string? ConvertedBy { get; set; }

    /// <summary>Metadata of the model's author, as a JSON object; empty when there is none.</summary>
    public BufferSlice UserDefinedMetadata { get; set; }

    /// <summary>The file <c>assets.zip</c> beside the model's, of which decision forests read their trees; empty when there is none.</summary>
    public BufferSlice AssetsZip { get; set; }

    /// <summary>The bytes of the weights beside the file.</summary>
    internal long ShardBytes { get; set; }

    /// <summary>Fields of the file that Decant does not know, with their JSON.</summary>
    public List<(string Name, BufferSlice Json)> Unknown { get; private set; } = [];

    /// <summary>A copy that can be changed without changing this one.</summary>
    internal TFJSParts Clone()
    {
        var clone = (TFJSParts)MemberwiseClone();
        clone.Unknown = [.. Unknown];
        return clone;
    }
}
