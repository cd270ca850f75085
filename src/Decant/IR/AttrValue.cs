using System.Text;

namespace Decant.IR;

/// <summary>The value of an attribute: one of the records below.</summary>
public abstract record AttrValue
{
    /// <summary>Fields of the value's encoding that Decant does not know, kept as they were.</summary>
    public BufferSlice Unknown { get; init; }

    public static implicit operator AttrValue(long value) => new IntAttr(value);

    public static implicit operator AttrValue(int value) => new IntAttr(value);

    public static implicit operator AttrValue(float value) => new FloatAttr(value);

    public static implicit operator AttrValue(bool value) => value ? BoolAttr.True : BoolAttr.False;

    public static implicit operator AttrValue(DType value) => TypeAttr.Of(value);

    public static implicit operator AttrValue(string value) => new StringAttr(value);

    public static implicit operator AttrValue(Shape value) => new ShapeAttr(value);

    public static implicit operator AttrValue(Tensor value) => new TensorAttr(value);
}

/// <summary>No value at all: an attribute whose AttrValue is an empty message.</summary>
public sealed record EmptyAttr : AttrValue
{
    public static readonly EmptyAttr Instance = new();
}

/// <summary>A byte string; text is UTF-8.</summary>
public sealed record StringAttr(ReadOnlyMemory<byte> Bytes) : AttrValue
{
    public StringAttr(string text)
        : this(Encoding.UTF8.GetBytes(text))
    {
    }

    /// <summary>The bytes as UTF-8 text.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    public bool Equals(StringAttr? other) => other is not null && Bytes.Span.SequenceEqual(other.Bytes.Span);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }
}

/// <summary>A 64-bit integer.</summary>
public sealed record IntAttr(long Value) : AttrValue;

/// <summary>A float32.</summary>
public sealed record FloatAttr(float Value) : AttrValue;

/// <summary>A bool.</summary>
public sealed record BoolAttr(bool Value) : AttrValue
{
    public static readonly BoolAttr True = new(true);
    public static readonly BoolAttr False = new(false);
}

/// <summary>An element type, possibly a reference.</summary>
public sealed record TypeAttr(DType Value) : AttrValue
{
    private static readonly TypeAttr?[] Known = new TypeAttr?[256];

    /// <summary>The shared value of a type.</summary>
    public static TypeAttr Of(DType dtype) => Known[(byte)dtype] ??= new TypeAttr(dtype);
}

/// <summary>A shape. <see cref="DimNames"/> are kept for writing only.</summary>
public sealed record ShapeAttr(Shape Value) : AttrValue
{
    /// <summary>TensorShapeProto's optional names of dimensions, or null.</summary>
    public IReadOnlyList<string>? DimNames { get; init; }
}

/// <summary>A function and the values of its own attributes.</summary>
public sealed record FunctionAttr(string Name, AttributeMap Attributes) : AttrValue;

/// <summary>The name of an attribute of the surrounding function that gives the value when it is instantiated.</summary>
public sealed record PlaceholderAttr(string Name) : AttrValue;

/// <summary>A list; TensorFlow allows one kind per list, and an empty list has none.</summary>
public sealed record ListAttr : AttrValue
{
    public IReadOnlyList<ReadOnlyMemory<byte>> Strings { get; init; } = [];

    public IReadOnlyList<long> Ints { get; init; } = [];

    public IReadOnlyList<float> Floats { get; init; } = [];

    public IReadOnlyList<bool> Bools { get; init; } = [];

    public IReadOnlyList<DType> Types { get; init; } = [];

    public IReadOnlyList<ShapeAttr> Shapes { get; init; } = [];

    public IReadOnlyList<TensorAttr> Tensors { get; init; } = [];

    public IReadOnlyList<FunctionAttr> Functions { get; init; } = [];

    /// <summary>The number of elements.</summary>
    public int Count => Strings.Count + Ints.Count + Floats.Count + Bools.Count + Types.Count + Shapes.Count + Tensors.Count + Functions.Count;
}
