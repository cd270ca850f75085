using Decant.IR;
using Decant.IR.Protos;
using Decant.Wire.Protobuf;
using F = Decant.IR.Protos.TensorProtoFields;

namespace Decant.Formats.GraphDef;

/// <summary>A TensorProto as it lies in the file: its type and shape are read, its elements only when asked for.</summary>
internal sealed record EncodedTensor : TensorAttr
{
    private EncodedTensor(DType dtype, Shape shape, BufferSlice encoded)
        : base(dtype, shape) => Encoded = encoded;

    /// <summary>The whole TensorProto.</summary>
    public BufferSlice Encoded { get; }

    /// <summary>Reads type and shape, and checks the length of raw contents against them.</summary>
    public static EncodedTensor Read(ProtoReader reader)
    {
        BufferSlice encoded = reader.Data;
        var dtype = DType.Invalid;
        Shape shape = Shape.Scalar;
        long content = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case F.DType:
                    dtype = TensorProtoReader.DTypeOf(ref reader);
                    break;
                case F.Shape:
                    shape = ShapeProto.Read(reader.Message()).Value;
                    break;
                case F.Content:
                    content = reader.Bytes().Length;
                    break;
            }
        }

        if (shape.IsFullyKnown && !(shape.TryElementCount(out long count) && count <= long.MaxValue / 16))
            throw GraphErrors.BadTensor.At(new Location(encoded.Name, encoded.Offset), $"a tensor of shape {shape} has more elements than any machine can hold");
        if (content > 0 && dtype.HasFixedSize() && shape.IsFullyKnown && Tensor.ByteCount(dtype, shape) != content)
        {
            throw GraphErrors.BadTensor.At(
                new Location(encoded.Name, encoded.Offset),
                $"a {dtype.Name()} tensor of shape {shape} has {Tensor.ByteCount(dtype, shape)} bytes, but tensor_content has {content}");
        }

        return new EncodedTensor(dtype, shape, encoded);
    }

    /// <inheritdoc />
    protected override Tensor Decode() => TensorProtoReader.Decode(Encoded);

    public bool Equals(EncodedTensor? other) => base.Equals(other);

    public override int GetHashCode() => base.GetHashCode();
}
