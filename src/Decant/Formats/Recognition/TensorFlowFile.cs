namespace Decant.Formats.Recognition;

/// <summary>
/// Recognizes TensorFlow's own files by content: protobufs have no magic number, so the first fields are looked at. The name
/// decides only for files in which nothing can be recognized.
/// </summary>
internal static class TensorFlowFile
{
    private const ulong TableMagic = 0xDB4775248B80FB57;
    private const int TableFooter = 48;

    public static TensorFlowFileKind Recognize(BufferSlice bytes, string path)
    {
        if (bytes.IsEmpty || ForeignFile.Find(bytes) is not null || IsTFLite(bytes))
            return TensorFlowFileKind.Other;
        if (bytes.Length >= TableFooter && BitConverter.ToUInt64(bytes.Slice(bytes.Length - 8).Span) == TableMagic)
            return TensorFlowFileKind.Table;
        ReadOnlySpan<byte> span = bytes.Slice(0, Math.Min(bytes.Length, int.MaxValue)).Span;
        if (TextFile.Recognize(span) is { } text)
            return text;
        if (MessagePeek.IsSavedModel(span))
            return TensorFlowFileKind.SavedModel;
        if (MessagePeek.IsMetaGraph(span))
            return TensorFlowFileKind.MetaGraphDef;
        return MessagePeek.IsGraph(span) ? TensorFlowFileKind.GraphDef : ByName(path);
    }

    private static bool IsTFLite(BufferSlice bytes) => bytes.Slice(0, Math.Min(bytes.Length, 8)).Span is [_, _, _, _, (byte)'T', (byte)'F', (byte)'L', (byte)'3'];

    private static TensorFlowFileKind ByName(string path) => Path.GetFileName(path) switch
    {
        "saved_model.pb" => TensorFlowFileKind.SavedModel,
        { } name when name.EndsWith(".meta", StringComparison.Ordinal) => TensorFlowFileKind.MetaGraphDef,
        { } name when name.EndsWith(".pb", StringComparison.Ordinal) => TensorFlowFileKind.GraphDef,
        _ => TensorFlowFileKind.Other,
    };
}
