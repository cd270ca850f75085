namespace Decant.Wire.Hdf5;

/// <summary>How an element is stored: a number, text of a fixed length, or text in a global heap.</summary>
/// <param name="Kind">Which of these.</param>
/// <param name="Size">Bytes of an element.</param>
/// <param name="DType">The element type of tensors of this type; <see cref="DType.Invalid"/> for what no tensor has.</param>
/// <param name="IsBigEndian">Whether numbers begin with their highest byte.</param>
/// <param name="Padding">0: text ends with a zero byte, 1: is padded with them, 2: is padded with spaces.</param>
/// <param name="Description">What to call it in messages.</param>
internal sealed record Hdf5Type(Hdf5Kind Kind, int Size, DType DType, bool IsBigEndian, int Padding, string Description)
{
    private static readonly string[] ClassNames =
        ["integer", "float", "time", "string", "bit field", "opaque", "compound", "reference", "enumeration", "variable-length", "array"];

    public static Hdf5Type Read(ref Hdf5Fields fields, int depth = 0)
    {
        byte first = fields.Byte();
        int version = first >> 4;
        int kind = first & 15;
        uint bits = (uint)fields.UInt(3);
        uint size = fields.UInt32();
        if (version is < 1 or > 4 || kind >= ClassNames.Length || depth > 8)
            throw fields.Malformed($"a datatype has class {kind} and version {version}");
        if (size is 0 or > Hdf5Limits.StructureBytes)
            throw fields.Malformed($"the elements of a datatype have {size} bytes");
        switch (kind)
        {
            case 0:
                fields.Skip(4);
                bool signed = (bits & 8) != 0;
                return Number((int)size, (bits & 1) != 0, (size, signed) switch
                {
                    (1, true) => DType.Int8,
                    (1, false) => DType.UInt8,
                    (2, true) => DType.Int16,
                    (2, false) => DType.UInt16,
                    (4, true) => DType.Int32,
                    (4, false) => DType.UInt32,
                    (8, true) => DType.Int64,
                    (8, false) => DType.UInt64,
                    _ => DType.Invalid,
                }, $"integers of {size} bytes");
            case 1:
                fields.Skip(5);
                byte exponent = fields.Byte();
                fields.Skip(1);
                byte mantissa = fields.Byte();
                fields.Skip(4);
                return Number((int)size, (bits & 1) != 0, (size, exponent, mantissa) switch
                {
                    (2, 5, 10) => DType.Float16,
                    (2, 8, 7) => DType.BFloat16,
                    (4, 8, 23) => DType.Float32,
                    (8, 11, 52) => DType.Float64,
                    _ => DType.Invalid,
                }, $"floats of {size} bytes with {exponent} of exponent and {mantissa} of mantissa");
            case 3:
                return new Hdf5Type(Hdf5Kind.FixedText, (int)size, DType.String, false, (int)(bits & 15), "text");
            case 8:
                return Enumeration(ref fields, version, (int)(bits & 0xFFFF), (int)size, depth);
            case 9 when (bits & 15) == 1:
                Read(ref fields, depth + 1);
                return new Hdf5Type(Hdf5Kind.HeapText, (int)size, DType.String, false, 0, "text");
            default:
                return new Hdf5Type(Hdf5Kind.Number, (int)size, DType.Invalid, false, 0, $"elements of class {ClassNames[kind]}");
        }
    }

    private static Hdf5Type Number(int size, bool isBigEndian, DType dtype, string description) => new(Hdf5Kind.Number, size, dtype, isBigEndian, 0, description);

    // h5py's bool: an enumeration of one byte with the members FALSE and TRUE. Other enumerations are their integers.
    private static Hdf5Type Enumeration(ref Hdf5Fields fields, int version, int members, int size, int depth)
    {
        Hdf5Type inner = Read(ref fields, depth + 1);
        if (inner.Size != size || inner.Kind != Hdf5Kind.Number)
            throw fields.Malformed("the members of an enumeration have another size than the enumeration");
        if (members != 2 || size != 1)
            return inner;
        var names = new string[2];
        for (int i = 0; i < 2; i++)
        {
            int start = fields.At;
            names[i] = fields.Text();
            if (version < 3)
                fields.Skip(Math.Min(fields.Left, (8 - ((fields.At - start) % 8)) % 8));
        }

        byte[] values = fields.Take(2).ToArray();
        return names is ["FALSE", "TRUE"] && values is [0, 1] ? inner with { DType = DType.Bool } : inner;
    }

    /// <summary>The text of a fixed-length element without its padding.</summary>
    public ReadOnlyMemory<byte> Trim(ReadOnlySpan<byte> element)
    {
        if (Padding == 2)
            return element.TrimEnd((byte)' ').ToArray();
        int end = Padding == 0 ? element.IndexOf((byte)0) : element.LastIndexOfAnyExcept((byte)0) + 1;
        return element[..(end < 0 ? element.Length : end)].ToArray();
    }

    public override string ToString() => Kind == Hdf5Kind.Number && DType != DType.Invalid ? DType.Name() : Description;
}

internal enum Hdf5Kind
{
    Number,
    FixedText,
    HeapText,
}
