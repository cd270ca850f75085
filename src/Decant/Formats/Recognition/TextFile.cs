using System.Text;

namespace Decant.Formats.Recognition;

/// <summary>Recognizes protobuf's text form by the name of its first field.</summary>
internal static class TextFile
{
    private const int HeadLength = 4096;

    public static TensorFlowFileKind? Recognize(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        if (IsBinary(bytes[..Math.Min(bytes.Length, HeadLength)]))
            return null;
        while (true)
        {
            bytes = bytes.TrimStart(" \t\r\n\v\f"u8);
            if (bytes is not [(byte)'#', ..])
                break;
            int line = bytes.IndexOf((byte)'\n');
            bytes = line < 0 ? default : bytes[line..];
        }

        int end = bytes.IndexOfAnyExcept("abcdefghijklmnopqrstuvwxyz_"u8);
        if (end <= 0 || bytes[end..].TrimStart(" \t\r\n"u8) is not [(byte)':' or (byte)'{' or (byte)'<', ..])
            return null;
        string name = Encoding.ASCII.GetString(bytes[..end]);
        return (TensorFlowSchema.Message("GraphDef").Find(name), TensorFlowSchema.Message("MetaGraphDef").Find(name), TensorFlowSchema.Message("SavedModel").Find(name), TensorFlowSchema.Message("CheckpointState").Find(name)) switch
        {
            ({ }, _, _, _) => TensorFlowFileKind.GraphDefText,
            (_, { }, _, _) => TensorFlowFileKind.MetaGraphDefText,
            (_, _, { }, _) => TensorFlowFileKind.SavedModelText,
            (_, _, _, { }) => TensorFlowFileKind.CheckpointStateText,
            _ => null,
        };
    }

    /// <summary>Control characters are what text does not have, and binary messages have within their first node.</summary>
    private static bool IsBinary(ReadOnlySpan<byte> bytes)
    {
        foreach (byte c in bytes)
        {
            if (c is < (byte)'\t' or (> (byte)'\r' and < (byte)' ') or 127)
                return true;
        }

        return false;
    }
}
