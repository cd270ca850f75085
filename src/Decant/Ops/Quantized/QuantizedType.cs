namespace Decant.Ops.Quantized;

/// <summary>The integers of a quantized element type: qint8, quint8, qint16, quint16, qint32.</summary>
internal readonly record struct QuantizedType(int Bits, int Lowest, int Highest)
{
    /// <summary>The number of values, less one: 255 for 8 bits.</summary>
    public double Steps => (1L << Bits) - 1;

    /// <summary>Whether there are negative values.</summary>
    public bool IsSigned => Lowest < 0;

    /// <summary>The lowest value of the range that is symmetric around 0: -127 for qint8, as oneDNN's kernels use it.</summary>
    public int SymmetricLowest => Math.Max(Lowest, -Highest);

    /// <summary>The integers of a type, or null if it is no quantized one.</summary>
    public static QuantizedType? Of(DType dtype) => dtype switch
    {
        DType.QInt8 => new(8, sbyte.MinValue, sbyte.MaxValue),
        DType.QUInt8 => new(8, byte.MinValue, byte.MaxValue),
        DType.QInt16 => new(16, short.MinValue, short.MaxValue),
        DType.QUInt16 => new(16, ushort.MinValue, ushort.MaxValue),
        DType.QInt32 => new(32, int.MinValue, int.MaxValue),
        _ => null,
    };

    /// <summary>The nearest value of the type.</summary>
    public int Saturate(long value) => (int)Math.Clamp(value, Lowest, Highest);
}
