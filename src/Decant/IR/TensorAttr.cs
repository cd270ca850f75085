namespace Decant.IR;

/// <summary>A tensor. One that was read from a file keeps its encoding, and is decoded when <see cref="Value"/> is asked for.</summary>
public record TensorAttr : AttrValue
{
    /// <summary>What decoding puts into memory of its own is held up to this many bytes; larger ones are decoded again when nobody has them.</summary>
    private const long LargestHeld = 4096;

    private Tensor? _value;
    private WeakReference<Tensor>? _decoded;

    /// <summary>A tensor at hand.</summary>
    public TensorAttr(Tensor value) => (_value, DType, Shape) = (value, value.DType, value.Shape);

    /// <summary>A tensor that <see cref="Decode"/> will give.</summary>
    protected TensorAttr(DType dtype, Shape shape) => (DType, Shape) = (dtype, shape);

    /// <summary>The type of the elements.</summary>
    public DType DType { get; }

    /// <summary>The dimensions.</summary>
    public Shape Shape { get; }

    /// <summary>The tensor.</summary>
    /// <exception cref="ModelException">The encoding is at fault.</exception>
    public Tensor Value
    {
        get
        {
            if (_value is not null)
                return _value;
            if (_decoded is not null && _decoded.TryGetTarget(out Tensor? decoded))
                return decoded;
            Tensor value = Decode();
            if (value.Data.Owner is not (null or MappedFile) && value.Data.Length > LargestHeld)
                _decoded = new WeakReference<Tensor>(value);
            else
                _value = value;
            return value;
        }
    }

    /// <summary>Decodes the tensor.</summary>
    protected virtual Tensor Decode() => throw new InvalidOperationException("a tensor at hand needs no decoding");

    public virtual bool Equals(TensorAttr? other) => ReferenceEquals(this, other) || (other is not null && ReferenceEquals(Value, other.Value));

    public override int GetHashCode() => HashCode.Combine(DType, Shape);
}
