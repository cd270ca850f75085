using Decant.IR;

namespace Decant.Formats.TFLite;

/// <summary>A constant as it lies in the file, which is decoded when it is asked for: packed integers, strings, sparse tensors.</summary>
internal sealed record BufferTensor : TensorAttr
{
    private readonly TensorSpec _spec;

    public BufferTensor(TensorSpec spec, BufferSlice encoded)
        : base(spec.DType, spec.Shape)
    {
        (_spec, Encoded) = (spec, encoded);
        long count = spec.Shape.TryElementCount(out long n) ? n
            : throw GraphErrors.BadTensor.At(new Location(encoded.Name, encoded.Offset), $"the constant '{spec.Name}' has the shape {spec.Shape}, expected sizes that are known and that a machine can hold");
        int bits = TensorBits.Of(spec.DType);
        if (bits == 0 && spec.DType != DType.String)
            throw GraphErrors.BadTensor.At(new Location(encoded.Name, encoded.Offset), $"the constant '{spec.Name}' is of type {spec.DType.Name()}, which has no bytes");
        if (bits > 0 && spec.Sparsity is null && (count > long.MaxValue / 16 || TensorBits.Bytes(spec.DType, count) != encoded.Length))
            throw GraphErrors.BadTensor.At(new Location(encoded.Name, encoded.Offset), $"the constant '{spec.Name}' of {spec.DType.Name()}{spec.Shape} has {encoded.Length} bytes, expected {(count > long.MaxValue / 16 ? "more than any machine holds" : TensorBits.Bytes(spec.DType, count))}");
    }

    /// <summary>The bytes of the file.</summary>
    public BufferSlice Encoded { get; }

    protected override Tensor Decode()
    {
        if (_spec.DType == DType.String)
            return StringTensor.Read(Encoded, _spec.Shape);
        if (_spec.Sparsity is { } sparsity)
            return SparseTensor.Expand(_spec, sparsity, Encoded);
        return TensorBits.Of(_spec.DType) < 8 ? TensorBits.Unpack(_spec.DType, _spec.Shape, Encoded) : new Tensor(_spec.DType, _spec.Shape, Encoded);
    }

    public bool Equals(BufferTensor? other) => base.Equals(other);

    public override int GetHashCode() => base.GetHashCode();
}
