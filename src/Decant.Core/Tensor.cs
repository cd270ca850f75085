using System.Runtime.CompilerServices;
using System.Text;

namespace Decant;

/// <summary>
/// An immutable, row-major view of elements of one type. Fixed-size elements lie in a <see cref="BufferSlice"/> (little
/// endian, bool as one byte); strings are byte strings; resources and variants are references to objects of a session.
/// </summary>
public sealed class Tensor
{
    private readonly BufferSlice _data;
    private readonly Array? _objects;

    /// <summary>A tensor over bytes that exist; they are not copied.</summary>
    /// <exception cref="ModelException">The byte count is not that of the shape.</exception>
    public Tensor(DType dtype, Shape shape, BufferSlice data)
    {
        if (!dtype.HasFixedSize())
            throw new ArgumentException($"a tensor of {dtype.Name()} is not made from bytes", nameof(dtype));
        long bytes = ByteCount(dtype, shape);
        if (data.Length != bytes)
            throw new ArgumentException($"a {dtype.Name()} tensor of shape {shape} has {bytes} bytes, not {data.Length}", nameof(data));
        (DType, Shape, _data) = (dtype, shape, data);
    }

    /// <summary>A string tensor; the elements are not copied.</summary>
    public Tensor(Shape shape, ReadOnlyMemory<byte>[] strings)
        : this(DType.String, shape, (Array)strings)
    {
    }

    /// <summary>A resource or variant tensor.</summary>
    public Tensor(DType dtype, Shape shape, object?[] handles)
        : this(dtype, shape, (Array)handles)
    {
    }

    private Tensor(DType dtype, Shape shape, Array objects)
    {
        if (shape.ElementCount != objects.Length)
            throw new ArgumentException($"the shape {shape} has {shape.ElementCount} elements, not {objects.Length}", nameof(objects));
        (DType, Shape, _objects) = (dtype, shape, objects);
    }

    /// <summary>The type of the elements.</summary>
    public DType DType { get; }

    /// <summary>The dimensions, all known.</summary>
    public Shape Shape { get; }

    /// <summary>The number of elements.</summary>
    public long ElementCount => Shape.ElementCount;

    /// <summary>The bytes of fixed-size elements; empty for strings and handles.</summary>
    public BufferSlice Data => _data;

    /// <summary>The elements of a string tensor, as bytes.</summary>
    public ReadOnlySpan<ReadOnlyMemory<byte>> Strings => _objects as ReadOnlyMemory<byte>[] ?? throw Mismatch("string");

    /// <summary>The objects of a resource or variant tensor.</summary>
    public ReadOnlySpan<object?> Handles => _objects as object?[] ?? throw Mismatch("resource or variant");

    /// <summary>Copies an array into a tensor; without a shape it is a vector.</summary>
    public static Tensor From<T>(ReadOnlySpan<T> elements, Shape? shape = null)
        where T : unmanaged => Wrap(elements.ToArray(), shape);

    /// <summary>A tensor over an array, which must not change afterwards; without a shape it is a vector.</summary>
    public static Tensor Wrap<T>(T[] elements, Shape? shape = null)
        where T : unmanaged
    {
        var owner = ArrayBuffer.Of(elements);
        return new Tensor(DTypes.Of<T>(), shape ?? new Shape(elements.Length), new BufferSlice(owner, 0, owner.Length));
    }

    /// <summary>A tensor of rank 0.</summary>
    public static Tensor Scalar<T>(T value)
        where T : unmanaged => Wrap([value], Shape.Scalar);

    /// <summary>A string tensor of UTF-8 text; without a shape it is a vector.</summary>
    public static Tensor FromStrings(IReadOnlyList<string> strings, Shape? shape = null) =>
        new(shape ?? new Shape(strings.Count), strings.Select(s => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(s)).ToArray());

    /// <summary>The elements. Quantized types are read as the integers they are stored in.</summary>
    /// <exception cref="ModelException">The elements are of another type.</exception>
    public ReadOnlySpan<T> Span<T>()
        where T : unmanaged
    {
        if (!Stores<T>())
            throw Mismatch(DTypes.Of<T>().Name());
        return _data.As<T>();
    }

    /// <summary>Whether the elements are stored as <typeparamref name="T"/>.</summary>
    public bool Stores<T>()
        where T : unmanaged
    {
        DType wanted = DTypes.Of<T>();
        return DType == wanted || wanted == StorageOf(DType);
    }

    /// <summary>The same elements in another shape of as many.</summary>
    public Tensor Reshaped(Shape shape) => _objects is null ? new Tensor(DType, shape, _data) : new Tensor(DType, shape, _objects);

    /// <summary>The same bytes as elements of another type of the same size (a quantized type as its integers, and back).</summary>
    public Tensor Reinterpreted(DType dtype) => new(dtype, Shape, _data);

    /// <summary>The bytes that elements of this type and shape take.</summary>
    /// <exception cref="ModelException">More than 2^63.</exception>
    public static long ByteCount(DType dtype, Shape shape) =>
        shape.TryElementCount(out long count) && count <= long.MaxValue / Math.Max(1, dtype.Size())
            ? count * dtype.Size()
            : throw CoreErrors.TensorTooLarge.At(null, $"a {dtype.Name()} tensor of shape {shape} cannot exist on any machine");

    /// <summary><c>float32[2,3]</c></summary>
    public override string ToString() => $"{DType.Name()}{Shape}";

    internal Span<T> Mutable<T>()
        where T : unmanaged => _data.AsMutable<T>();

    internal Span<ReadOnlyMemory<byte>> MutableStrings => _objects as ReadOnlyMemory<byte>[] ?? throw Mismatch("string");

    internal Span<object?> MutableHandles => _objects as object?[] ?? throw Mismatch("resource or variant");

    private static DType StorageOf(DType dtype) => dtype switch
    {
        DType.QInt8 or DType.Int4 or DType.Int2 => DType.Int8,
        DType.QUInt8 or DType.UInt4 or DType.UInt2 => DType.UInt8,
        >= DType.Float8E5M2 and <= DType.Float8E5M2FNUZ or DType.Float4E2M1FN => DType.UInt8,
        DType.QInt16 => DType.Int16,
        DType.QUInt16 => DType.UInt16,
        DType.QInt32 => DType.Int32,
        _ => dtype,
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ModelException Mismatch(string wanted) =>
        CoreErrors.DTypeMismatch.At(null, $"the tensor is {DType.Name()}{Shape}, but {wanted} elements are asked for");
}
