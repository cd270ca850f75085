using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Decant.IR.TextForm;

/// <summary>Spells names, values and attributes.</summary>
internal static class TextValues
{
    public static bool IsBare(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '/' or '\\' or '-' or '+' or '>';

    public static StringBuilder Separate(this StringBuilder text, int index) => index == 0 ? text : text.Append(", ");

    public static StringBuilder Name(this StringBuilder text, string name) =>
        name.Length > 0 && name.All(IsBare) ? text.Append(name) : text.Quoted(Encoding.UTF8.GetBytes(name));

    public static StringBuilder Value(this StringBuilder text, Value value)
    {
        if (!value.IsPresent)
            return text.Append('?');
        text.Name(value.Node.Name);
        return value.Port == 0 ? text : text.Append(':').Append(value.Port);
    }

    public static StringBuilder Quoted(this StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        text.Append('"');
        foreach (byte b in bytes)
        {
            _ = b switch
            {
                (byte)'"' => text.Append("\\\""),
                (byte)'\\' => text.Append("\\\\"),
                (byte)'\n' => text.Append("\\n"),
                (byte)'\t' => text.Append("\\t"),
                >= 32 and < 127 => text.Append((char)b),
                _ => text.Append("\\x").Append(b.ToString("x2", CultureInfo.InvariantCulture)),
            };
        }

        return text.Append('"');
    }

    public static StringBuilder Attributes(this StringBuilder text, AttributeMap attributes, TextOptions options)
    {
        text.Append('{');
        int i = 0;
        foreach ((string name, AttrValue value) in attributes)
            text.Separate(i++).Name(name).Append(": ").Attribute(value, options);
        return text.Append('}');
    }

    private static StringBuilder Attribute(this StringBuilder text, AttrValue value, TextOptions options) => value switch
    {
        IntAttr i => text.Append(CultureInfo.InvariantCulture, $"{i.Value}"),
        FloatAttr f => text.Float(f.Value).Append('f'),
        BoolAttr b => text.Append(b.Value ? "true" : "false"),
        StringAttr s => text.Quoted(s.Bytes.Span),
        TypeAttr t => text.Append(t.Value.Name()),
        ShapeAttr s => text.Append("shape").Append(s.Value.HasRank ? s.Value.ToString() : "?"),
        TensorAttr t => text.Tensor(t, options),
        FunctionAttr f => f.Attributes.Count == 0 ? text.Append('@').Name(f.Name) : text.Append('@').Name(f.Name).Append(' ').Attributes(f.Attributes, options),
        PlaceholderAttr p => text.Append('$').Name(p.Name),
        ListAttr l => text.List(l, options),
        _ => text.Append("none"),
    };

    private static StringBuilder List(this StringBuilder text, ListAttr list, TextOptions options)
    {
        IEnumerable<AttrValue> items =
        [
            .. list.Strings.Select(s => new StringAttr(s)), .. list.Ints.Select(i => new IntAttr(i)), .. list.Floats.Select(f => new FloatAttr(f)),
            .. list.Bools.Select(b => new BoolAttr(b)), .. list.Types.Select(TypeAttr.Of), .. list.Shapes, .. list.Tensors, .. list.Functions,
        ];
        text.Append('[');
        int i = 0;
        foreach (AttrValue item in items)
            text.Separate(i++).Attribute(item, options);
        return text.Append(']');
    }

    private static StringBuilder Tensor(this StringBuilder text, TensorAttr attribute, TextOptions options)
    {
        text.Append(attribute.DType.Name()).Append(attribute.Shape);
        Tensor tensor = attribute.Value;
        if (tensor.ElementCount > options.MaxElements)
            return text.Append(" ~").Append(Hash(tensor));
        text.Append(" {");
        for (int i = 0; i < tensor.ElementCount; i++)
            text.Separate(i).Element(tensor, i);
        return text.Append('}');
    }

    private static StringBuilder Element(this StringBuilder text, Tensor tensor, int i)
    {
        if (tensor.DType == DType.String)
            return text.Quoted(tensor.Strings[i].Span);
        return tensor.DType switch
        {
            DType.Float32 => text.Float(tensor.Span<float>()[i]),
            DType.Float64 => text.Float(tensor.Span<double>()[i]),
            DType.Float16 => text.Float((float)tensor.Span<Half>()[i]),
            DType.BFloat16 => text.Float((float)tensor.Span<BFloat16>()[i]),
            DType.Bool => text.Append(tensor.Data.Span[i] != 0 ? "true" : "false"),
            DType.Complex64 => text.Float(tensor.Span<Complex64>()[i].Real).Append(' ').Float(tensor.Span<Complex64>()[i].Imaginary),
            DType.Complex128 => text.Float(tensor.Span<System.Numerics.Complex>()[i].Real).Append(' ').Float(tensor.Span<System.Numerics.Complex>()[i].Imaginary),
            DType.UInt64 => text.Append(CultureInfo.InvariantCulture, $"{tensor.Span<ulong>()[i]}"),
            _ => text.Append(CultureInfo.InvariantCulture, $"{Integer(tensor, i)}"),
        };
    }

    private static long Integer(Tensor tensor, int i)
    {
        ReadOnlySpan<byte> bytes = tensor.Data.Span.Slice(i * tensor.DType.Size(), tensor.DType.Size());
        return tensor.DType switch
        {
            DType.Int8 or DType.QInt8 or DType.Int4 or DType.Int2 => (sbyte)bytes[0],
            DType.Int16 or DType.QInt16 => BitConverter.ToInt16(bytes),
            DType.UInt16 or DType.QUInt16 => BitConverter.ToUInt16(bytes),
            DType.Int32 or DType.QInt32 => BitConverter.ToInt32(bytes),
            DType.UInt32 => BitConverter.ToUInt32(bytes),
            DType.Int64 => BitConverter.ToInt64(bytes),
            _ => bytes[0],
        };
    }

    private static StringBuilder Float(this StringBuilder text, double value) =>
        double.IsPositiveInfinity(value) ? text.Append("inf") : double.IsNegativeInfinity(value) ? text.Append("-inf") : double.IsNaN(value) ? text.Append("nan")
        : text.Append(CultureInfo.InvariantCulture, $"{value:R}");

    private static StringBuilder Float(this StringBuilder text, float value) =>
        float.IsFinite(value) ? text.Append(CultureInfo.InvariantCulture, $"{value:R}") : text.Float((double)value);

    /// <summary>The first 12 hexadecimal digits of the SHA-256 of the elements; strings are hashed each with its length before it.</summary>
    private static string Hash(Tensor tensor)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (tensor.DType.HasFixedSize())
        {
            tensor.Data.Visit(hash.AppendData);
        }
        else if (tensor.DType == DType.String)
        {
            foreach (ReadOnlyMemory<byte> element in tensor.Strings)
            {
                hash.AppendData(BitConverter.GetBytes(element.Length));
                hash.AppendData(element.Span);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 6));
    }
}
