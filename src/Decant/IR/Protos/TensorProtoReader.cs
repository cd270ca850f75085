using System.Runtime.InteropServices;
using Decant.Wire.Protobuf;
using F = Decant.IR.Protos.TensorProtoFields;

namespace Decant.IR.Protos;

/// <summary>
/// Decodes a TensorProto. Raw contents become a view of the file. Of typed values there may be fewer than elements: the
/// last one then stands for all that follow; no value at all means zeros.
/// </summary>
internal static class TensorProtoReader
{
    /// <summary>Elements that a few typed values may stand for: 2 GiB of them.</summary>
    private const long MaxExpandedBytes = 1L << 31;

    public static DType DTypeOf(ref ProtoReader reader)
    {
        ulong value = reader.UInt64();
        return value <= byte.MaxValue && ((DType)value).IsDefined() ? (DType)value : throw reader.Fail($"{value} is no DataType");
    }

    public static Tensor Decode(BufferSlice encoded)
    {
        var reader = new ProtoReader(encoded);
        var dtype = DType.Invalid;
        Shape shape = Shape.Scalar;
        BufferSlice content = default;
        var values = new TypedValues();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case F.DType:
                    dtype = DTypeOf(ref reader).Deref();
                    break;
                case F.Shape:
                    shape = ShapeProto.Read(reader.Message()).Value;
                    break;
                case F.Content:
                    content = reader.Bytes();
                    break;
                default:
                    values.Read(ref reader);
                    break;
            }
        }

        var at = new Location(encoded.Name, encoded.Offset);
        if (!shape.TryElementCount(out long count))
            throw GraphErrors.BadTensor.At(at, $"a tensor's value has the shape {shape}, expected one with all dimensions known and less than 2^63 elements");
        if (dtype == DType.String)
            return content.IsEmpty ? Strings(values.Strings, shape, count, at) : StringContent(content, shape, count, at);
        if (!dtype.HasFixedSize())
            throw GraphErrors.BadTensor.At(at, $"a constant of type {dtype.Name()} has no value that can be read");
        long bytes = Tensor.ByteCount(dtype, shape);
        if (!content.IsEmpty)
        {
            return content.Length == bytes ? new Tensor(dtype, shape, content)
                : throw GraphErrors.BadTensor.At(at, $"a {dtype.Name()} tensor of shape {shape} has {bytes} bytes, but tensor_content has {content.Length}");
        }

        return bytes <= MaxExpandedBytes ? new Tensor(dtype, shape, Expand(values.ToBytes(dtype, count), count, dtype.Size()))
            : throw CoreErrors.TensorTooLarge.At(at, $"a {dtype.Name()} tensor of shape {shape} is given by {values.Count} values, which would be repeated into {bytes} bytes; the limit is {MaxExpandedBytes}");
    }

    private static BufferSlice Expand(byte[] values, long count, int size)
    {
        if (values.Length == count * size)
            return new BufferSlice(values);
        byte[] bytes = new byte[count * size];
        values.CopyTo(bytes, 0);
        if (values.Length == 0)
            return new BufferSlice(bytes);
        ReadOnlySpan<byte> last = values.AsSpan(values.Length - size);
        Span<byte> rest = bytes.AsSpan(values.Length);
        switch (size)
        {
            case 1:
                rest.Fill(last[0]);
                break;
            case 2:
                MemoryMarshal.Cast<byte, short>(rest).Fill(MemoryMarshal.Read<short>(last));
                break;
            case 4:
                MemoryMarshal.Cast<byte, int>(rest).Fill(MemoryMarshal.Read<int>(last));
                break;
            case 8:
                MemoryMarshal.Cast<byte, long>(rest).Fill(MemoryMarshal.Read<long>(last));
                break;
            default:
                MemoryMarshal.Cast<byte, Int128>(rest).Fill(MemoryMarshal.Read<Int128>(last));
                break;
        }

        return new BufferSlice(bytes);
    }

    private static Tensor Strings(List<ReadOnlyMemory<byte>> values, Shape shape, long count, Location at)
    {
        if (count > MaxExpandedBytes / 16)
            throw CoreErrors.TensorTooLarge.At(at, $"a string tensor of shape {shape} has more elements than the limit of {MaxExpandedBytes / 16}");
        var strings = new ReadOnlyMemory<byte>[count];
        int given = (int)Math.Min(count, values.Count);
        values.CopyTo(0, strings, 0, given);
        if (given > 0)
            strings.AsSpan(given).Fill(values[given - 1]);
        return new Tensor(shape, strings);
    }

    /// <summary>Strings in tensor_content: all lengths as varints, then all bytes.</summary>
    private static Tensor StringContent(BufferSlice content, Shape shape, long count, Location at)
    {
        if (count > content.Length)
            throw GraphErrors.BadTensor.At(at, $"{count} strings cannot lie in {content.Length} bytes of tensor_content");
        ReadOnlySpan<byte> bytes = content.Span;
        var lengths = new int[count];
        int position = 0;
        for (int i = 0; i < count; i++)
        {
            for (int shift = 0; ; shift += 7)
            {
                if (position >= bytes.Length || shift > 28)
                    throw GraphErrors.BadTensor.At(at, "tensor_content ends inside the lengths of its strings");
                byte b = bytes[position++];
                lengths[i] |= (b & 0x7F) << shift;
                if (b < 0x80)
                    break;
            }
        }

        var strings = new ReadOnlyMemory<byte>[count];
        for (int i = 0; i < count; i++)
        {
            if (lengths[i] < 0 || lengths[i] > bytes.Length - position)
                throw GraphErrors.BadTensor.At(at, $"string {i} says it has {lengths[i]} bytes, but {bytes.Length - position} are left");
            strings[i] = bytes.Slice(position, lengths[i]).ToArray();
            position += lengths[i];
        }

        return new Tensor(shape, strings);
    }
}
