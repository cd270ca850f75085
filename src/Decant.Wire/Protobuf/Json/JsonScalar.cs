using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Decant.Wire.Json;
using Decant.Wire.Protobuf.Text;

namespace Decant.Wire.Protobuf.Json;

/// <summary>Numbers, bools, enum values and bytes of the JSON form.</summary>
internal static class JsonScalar
{
    /// <summary>Reads a value and adds it to a message.</summary>
    public static void Add(ref JsonTokens tokens, ProtoField field, EncodedMessage message)
    {
        ulong bits = field.Type switch
        {
            ProtoType.Bool => Bool(tokens, field),
            ProtoType.Enum => Enum(tokens, field),
            ProtoType.Float => BitConverter.SingleToUInt32Bits((float)Real(tokens, field)),
            ProtoType.Double => BitConverter.DoubleToUInt64Bits(Real(tokens, field)),
            ProtoType.Int32 => (ulong)(long)Integer(tokens, field, int.MinValue, int.MaxValue),
            ProtoType.UInt32 or ProtoType.Fixed32 => (ulong)Integer(tokens, field, 0, uint.MaxValue),
            ProtoType.UInt64 or ProtoType.Fixed64 => (ulong)Integer(tokens, field, 0, ulong.MaxValue),
            ProtoType.SInt64 => ZigZag((long)Integer(tokens, field, long.MinValue, long.MaxValue)),
            _ => (ulong)(long)Integer(tokens, field, long.MinValue, long.MaxValue),
        };
        if (field.WireType == WireType.Varint)
            message.AddVarint(field, bits);
        else
            message.AddFixed(field, bits);
    }

    /// <summary>Reads base64, of either alphabet and padded or not, or a list of numbers.</summary>
    public static byte[] Bytes(ref JsonTokens tokens, ProtoField field)
    {
        if (tokens.Type == JsonTokenType.StartArray)
        {
            List<byte> list = [];
            for (tokens.Next(); tokens.Type != JsonTokenType.EndArray; tokens.Next())
                list.Add((byte)Integer(tokens, field, 0, byte.MaxValue));
            return [.. list];
        }

        tokens.Expect(JsonTokenType.String, $"base64 for '{field.Name}'");
        string text = tokens.Text().Replace('+', '-').Replace('/', '_');
        byte[] bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        OperationStatus status = Base64Url.DecodeFromChars(text, bytes, out int consumed, out int written);
        return status == OperationStatus.Done && consumed == text.Length ? bytes[..written] : throw tokens.Fail($"'{field.Name}' is not base64");
    }

    private static ulong ZigZag(long value) => (ulong)(value << 1 ^ value >> 63);

    private static ulong Bool(in JsonTokens tokens, ProtoField field) => tokens.Type switch
    {
        JsonTokenType.True => 1,
        JsonTokenType.False => 0,
        _ => throw tokens.Fail($"expected true or false for '{field.Name}', found {tokens.Shown}"),
    };

    private static ulong Enum(in JsonTokens tokens, ProtoField field)
    {
        if (tokens.Type == JsonTokenType.Number)
            return (ulong)(long)Integer(tokens, field, int.MinValue, int.MaxValue);
        string name = tokens.Type == JsonTokenType.String ? tokens.Text() : "";
        return (ulong)(field.Enum!.Number(name) ?? throw tokens.Fail($"expected a value of {field.Enum.Name} for '{field.Name}', found {tokens.Shown}"));
    }

    // Integers may be written with a fraction of zeros or an exponent, as JavaScript prints large ones.
    private static Int128 Integer(in JsonTokens tokens, ProtoField field, Int128 least, Int128 most)
    {
        Int128 value = 0;
        bool ok = tokens.Type is JsonTokenType.Number or JsonTokenType.String or JsonTokenType.PropertyName;
        if (ok && !Int128.TryParse(tokens.Text(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
        {
            ok = double.TryParse(tokens.Text(), NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsInteger(real) && Math.Abs(real) < 1e19;
            value = ok ? (Int128)real : 0;
        }

        return ok && value >= least && value <= most ? value : throw tokens.Fail($"expected an integer from {least} to {most} for '{field.Name}', found {tokens.Shown}");
    }

    private static double Real(in JsonTokens tokens, ProtoField field) => (tokens.Type, tokens.Type is JsonTokenType.Number or JsonTokenType.String ? tokens.Text() : "") switch
    {
        (JsonTokenType.String, "NaN") => double.NaN,
        (JsonTokenType.String, "Infinity") => double.PositiveInfinity,
        (JsonTokenType.String, "-Infinity") => double.NegativeInfinity,
        (_, { Length: > 0 } text) when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) => value,
        _ => throw tokens.Fail($"expected a number for '{field.Name}', found {tokens.Shown}"),
    };
}
