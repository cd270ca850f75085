using Decant.Formats.GraphDef;
using Decant.IR.Protos;
using Decant.Wire.Protobuf;

namespace Decant.Formats.Checkpoint;

/// <summary>BundleEntryProto: where a tensor, or one slice of it, lies in the data files. With slices, only type and shape count.</summary>
internal sealed record BundleEntry(DType DType, Shape Shape, int Shard, long Offset, long Size, uint MaskedCrc, IReadOnlyList<TensorSlice> Slices)
{
    private const int DTypeField = 1, ShapeField = 2, ShardField = 3, OffsetField = 4, SizeField = 5, CrcField = 6, SlicesField = 7;

    internal static BundleEntry Read(BufferSlice value)
    {
        var reader = new ProtoReader(value);
        var dtype = DType.Invalid;
        Shape shape = Shape.Scalar;
        (long shard, long offset, long size, uint crc) = (0, 0, 0, 0);
        var slices = new List<TensorSlice>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case DTypeField:
                    dtype = TensorProtoReader.DTypeOf(ref reader).Deref();
                    break;
                case ShapeField:
                    shape = ShapeProto.Read(reader.Message()).Value;
                    break;
                case ShardField:
                    shard = reader.Int64();
                    break;
                case OffsetField:
                    offset = reader.Int64();
                    break;
                case SizeField:
                    size = reader.Int64();
                    break;
                case CrcField:
                    crc = reader.Fixed32();
                    break;
                case SlicesField:
                    slices.Add(TensorSlice.Read(reader.Message()));
                    break;
            }
        }

        if (dtype == DType.Invalid || !shape.TryElementCount(out _) || shard is < 0 or > int.MaxValue || offset < 0 || size < 0)
            throw CheckpointErrors.Malformed.At(new Location(value.Name, value.Offset), $"an entry has the type {dtype.Name()}, shape {shape}, shard {shard}, offset {offset} and size {size}, which cannot be");
        return new BundleEntry(dtype, shape, (int)shard, offset, size, crc, slices);
    }

    internal byte[] Encode() => ProtoWriter.ToBytes(writer =>
    {
        writer.Int64(DTypeField, (long)DType);
        ShapeProto.Write(writer, ShapeField, Shape);
        writer.Int64Default(ShardField, Shard);
        writer.Int64Default(OffsetField, Offset);
        writer.Int64Default(SizeField, Size);
        if (MaskedCrc != 0)
            writer.Fixed32(CrcField, MaskedCrc);
    });
}
