using Decant.Wire;
using Decant.Wire.Protobuf;

namespace Decant.Formats.Recognition;

/// <summary>Guesses which message some bytes are, from a few of its fields. Never fails, also on bytes that are cut off.</summary>
internal static class MessagePeek
{
    private const int FieldsToLookAt = 16;

    /// <summary>SavedModel: a schema version (1), MetaGraphs (2).</summary>
    public static bool IsSavedModel(ReadOnlySpan<byte> message)
    {
        for (int i = 0; i < FieldsToLookAt && Next(ref message, out int field, out WireType type, out ReadOnlySpan<byte> value); i++)
        {
            if (field == 1 && type == WireType.Varint)
                continue;
            return field == 2 && type == WireType.Bytes && IsMetaGraph(value);
        }

        return false;
    }

    /// <summary>MetaGraphDef: MetaInfoDef (1), which has not the form of a node, and a GraphDef (2).</summary>
    public static bool IsMetaGraph(ReadOnlySpan<byte> message)
    {
        for (int i = 0; i < FieldsToLookAt && Next(ref message, out int field, out WireType type, out ReadOnlySpan<byte> value); i++)
        {
            if (type != WireType.Bytes || (field == 1 && IsNode(value)))
                return false;
            if (field == 2)
                return IsGraph(value);
        }

        return false;
    }

    /// <summary>GraphDef: nodes (1), a function library (2), versions (4).</summary>
    public static bool IsGraph(ReadOnlySpan<byte> message)
    {
        for (int i = 0; i < FieldsToLookAt && Next(ref message, out int field, out WireType type, out ReadOnlySpan<byte> value); i++)
        {
            switch (field, type)
            {
                case (1, WireType.Bytes):
                    return IsNode(value);
                case (4, WireType.Bytes):
                    return IsVersions(value);
                case (2, WireType.Bytes) when IsLibrary(value):
                    return true;
                case (3, WireType.Varint):
                    break;
                default:
                    return false;
            }
        }

        return false;
    }

    // NodeDef: name (1), op (2), then strings, attributes and messages up to 7.
    private static bool IsNode(ReadOnlySpan<byte> message)
    {
        bool hasName = false;
        while (Next(ref message, out int field, out WireType type, out ReadOnlySpan<byte> value))
        {
            if (type != WireType.Bytes || field > 7)
                return false;
            if (field == 1)
                hasName = value.Length > 0 && !HasControl(value);
            if (field == 2)
                return hasName && value.Length > 0 && IsOp(value);
        }

        return hasName;
    }

    // Plain loops: names are short, and vectorized searches are compiled anew at every start of the tool.
    private static bool HasControl(ReadOnlySpan<byte> name)
    {
        foreach (byte c in name)
        {
            if (c < 32)
                return true;
        }

        return false;
    }

    private static bool IsOp(ReadOnlySpan<byte> name)
    {
        foreach (byte c in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)c) && c is not ((byte)'_' or (byte)'>' or (byte)'.' or (byte)'-'))
                return false;
        }

        return true;
    }

    private static bool IsVersions(ReadOnlySpan<byte> message) => Next(ref message, out int field, out WireType type, out _) && field <= 3 && (type == WireType.Varint || field == 3);

    // FunctionDef (1) with an OpDef (1) with a name (1).
    private static bool IsLibrary(ReadOnlySpan<byte> message) =>
        Next(ref message, out int field, out WireType type, out ReadOnlySpan<byte> function) && field == 1 && type == WireType.Bytes
        && Next(ref function, out field, out type, out ReadOnlySpan<byte> signature) && field == 1 && type == WireType.Bytes
        && Next(ref signature, out field, out type, out ReadOnlySpan<byte> name) && field == 1 && type == WireType.Bytes
        && name.Length > 0 && !HasControl(name);

    // The next field; a value that is longer than what is left is cut off.
    private static bool Next(ref ReadOnlySpan<byte> message, out int field, out WireType type, out ReadOnlySpan<byte> value)
    {
        int at = 0;
        value = default;
        bool ok = Varint.TryRead(message, ref at, out ulong tag);
        (field, type) = ((int)Math.Min(tag >> 3, int.MaxValue), (WireType)(tag & 7));
        ulong length = type switch { WireType.Fixed32 => 4, WireType.Fixed64 => 8, _ => 0 };
        if (!ok || field == 0 || type is not (WireType.Varint or WireType.Bytes or WireType.Fixed32 or WireType.Fixed64))
            return false;
        if (type is WireType.Varint or WireType.Bytes && !Varint.TryRead(message, ref at, out length))
            return false;
        if (type == WireType.Varint)
            length = 0;
        value = message.Slice(at, (int)Math.Min((ulong)(message.Length - at), length));
        message = message[(at + value.Length)..];
        return true;
    }
}
