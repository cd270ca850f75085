using System.Buffers.Binary;
using System.Numerics.Tensors;
using Decant.IR;

namespace Decant.Formats.TFJS;

/// <summary>
/// A weight as it lies in the shards, with the element type that the graph says: TensorFlow.js has one integer and one real
/// type, so an <c>int64</c> is stored as <c>int32</c>. Decoded when it is asked for.
/// </summary>
internal sealed record StoredWeight : TensorAttr
{
    private StoredWeight(WeightEntry entry, DType dtype, IReadOnlyList<BufferSlice> pieces)
        : base(dtype, entry.Shape) => (Entry, Pieces) = (entry, pieces);

    /// <summary>What the manifest says.</summary>
    public WeightEntry Entry { get; }

    /// <summary>The bytes.</summary>
    public IReadOnlyList<BufferSlice> Pieces { get; }

    /// <summary>A weight for a constant of a type; null when the weight's type does not stand for that.</summary>
    public static StoredWeight? For(WeightEntry entry, DType dtype, IReadOnlyList<BufferSlice> pieces) =>
        Stands(entry.DType, dtype) ? new StoredWeight(entry, dtype, pieces) : null;

    /// <inheritdoc />
    protected override Tensor Decode()
    {
        if (Entry.DType == DType.String)
            return new Tensor(Shape, Strings());
        if ((Entry.Quantization is not null || DType != Entry.DType) && Shape.ElementCount > Array.MaxLength / sizeof(double))
            throw CoreErrors.TensorTooLarge.At(new Location(Pieces[0].Name, Pieces[0].Offset), $"the weight '{Entry.Name}' has {Shape.ElementCount} elements that are not stored as {DType.Name()}, which are more than can be unpacked");
        BufferSlice bytes = ShardedBytes.Join(Pieces);
        var stored = new Tensor(Entry.Stored, Shape, bytes);
        Tensor plain = Entry.Quantization is null ? stored : Dequantize(stored, Entry.Quantization);
        return plain.DType == DType ? plain : Convert(plain);
    }

    public bool Equals(StoredWeight? other) => base.Equals(other);

    public override int GetHashCode() => base.GetHashCode();

    private static bool Stands(DType weight, DType constant) => weight == constant || weight switch
    {
        DType.Float32 => constant is DType.Float16 or DType.Float64 or DType.BFloat16,
        DType.Int32 => constant is DType.Int64 or DType.Int16 or DType.Int8 or DType.UInt8 or DType.UInt16 or DType.UInt32 or DType.UInt64,
        DType.UInt8 or DType.UInt16 => constant is DType.Int32 or DType.Int64,
        DType.Complex64 => constant is DType.Complex128,
        _ => false,
    };

    private Tensor Dequantize(Tensor stored, WeightQuantization q)
    {
        if (q.DType == DType.Float16)
        {
            float[] halves = new float[stored.ElementCount];
            TensorPrimitives.ConvertToSingle(stored.Span<Half>(), halves);
            return Tensor.Wrap(halves, Shape);
        }

        float[] values = q.DType == DType.UInt8 ? Real(stored.Span<byte>(), q) : Real(stored.Span<ushort>(), q);
        return Entry.DType == DType.Float32 ? Tensor.Wrap(values, Shape) : Tensor.Wrap(Array.ConvertAll(values, v => int.CreateSaturating(MathF.Floor(v + 0.5f))), Shape);
    }

    private static float[] Real<T>(ReadOnlySpan<T> stored, WeightQuantization q)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        float[] values = new float[stored.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)((double.CreateTruncating(stored[i]) * q.Scale) + q.Min);
        return values;
    }

    private ReadOnlyMemory<byte>[] Strings()
    {
        ReadOnlyMemory<byte> all = ShardedBytes.Join(Pieces).ToArray();
        var strings = new ReadOnlyMemory<byte>[Shape.ElementCount];
        for (int i = 0; i < strings.Length; i++)
        {
            int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(all.Span);
            strings[i] = all.Slice(sizeof(uint), length);
            all = all[(sizeof(uint) + length)..];
        }

        return strings;
    }

    private Tensor Convert(Tensor plain) => plain.DType switch
    {
        DType.Float32 => Real(plain.Span<float>()),
        DType.Int32 => Integer(plain.Span<int>()),
        DType.UInt8 => Integer(plain.Span<byte>()),
        DType.UInt16 => Integer(plain.Span<ushort>()),
        _ => Tensor.Wrap(Array.ConvertAll(plain.Span<Complex64>().ToArray(), c => new System.Numerics.Complex(c.Real, c.Imaginary)), Shape),
    };

    private Tensor Real(ReadOnlySpan<float> values) => DType switch
    {
        DType.Float16 => To<float, Half>(values),
        DType.BFloat16 => Tensor.Wrap(Array.ConvertAll(values.ToArray(), v => (BFloat16)v), Shape),
        _ => To<float, double>(values),
    };

    private Tensor Integer<T>(ReadOnlySpan<T> values)
        where T : unmanaged, System.Numerics.INumberBase<T> => DType switch
        {
            DType.Int64 => To<T, long>(values),
            DType.Int32 => To<T, int>(values),
            DType.Int16 => To<T, short>(values),
            DType.Int8 => To<T, sbyte>(values),
            DType.UInt8 => To<T, byte>(values),
            DType.UInt16 => To<T, ushort>(values),
            DType.UInt32 => To<T, uint>(values),
            _ => To<T, ulong>(values),
        };

    private Tensor To<TFrom, TTo>(ReadOnlySpan<TFrom> values)
        where TFrom : unmanaged, System.Numerics.INumberBase<TFrom>
        where TTo : unmanaged, System.Numerics.INumberBase<TTo>
    {
        TTo[] converted = new TTo[values.Length];
        TensorPrimitives.ConvertTruncating(values, converted);
        return Tensor.Wrap(converted, Shape);
    }
}
