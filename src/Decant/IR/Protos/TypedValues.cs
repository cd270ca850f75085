using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Decant.Wire.Protobuf;
using F = Decant.IR.Protos.TensorProtoFields;

namespace Decant.IR.Protos;

/// <summary>The values of a TensorProto's typed fields, each read in the form of its field.</summary>
internal sealed class TypedValues
{
    private readonly List<long> _ints = [];
    private readonly List<float> _floats = [];
    private readonly List<double> _doubles = [];
    private BufferSlice _float8;

    public List<ReadOnlyMemory<byte>> Strings { get; } = [];

    public int Count => _ints.Count + _floats.Count + _doubles.Count + Strings.Count + (int)_float8.Length;

    public void Read(ref ProtoReader reader)
    {
        switch (reader.Field)
        {
            case F.FloatVal or F.ComplexVal:
                reader.Repeated(_floats);
                break;
            case F.DoubleVal or F.DComplexVal:
                if (reader.WireType == WireType.Fixed64)
                    _doubles.Add(reader.Double());
                else
                    _doubles.AddRange(reader.PackedFixed<double>());
                break;
            case F.IntVal or F.Int64Val or F.BoolVal or F.HalfVal or F.UInt32Val or F.UInt64Val:
                reader.Repeated(_ints);
                break;
            case F.StringVal:
                Strings.Add(reader.Bytes().ToArray());
                break;
            case F.Float8Val:
                _float8 = reader.Bytes();
                break;
        }
    }

    /// <summary>At most <paramref name="limit"/> elements, little endian.</summary>
    public byte[] ToBytes(DType dtype, long limit)
    {
        int Elements(int given) => (int)Math.Min(given, limit);
        switch (dtype)
        {
            case DType.Float32:
                return MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_floats)[..Elements(_floats.Count)]).ToArray();
            case DType.Complex64:
                return MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_floats)[..(2 * Elements(_floats.Count / 2))]).ToArray();
            case DType.Float64:
                return MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_doubles)[..Elements(_doubles.Count)]).ToArray();
            case DType.Complex128:
                return MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_doubles)[..(2 * Elements(_doubles.Count / 2))]).ToArray();
            case >= DType.Float8E5M2 and <= DType.Float8E5M2FNUZ:
                return _float8.Slice(0, Math.Min(_float8.Length, limit)).ToArray();
        }

        int size = dtype.Size();
        byte[] bytes = new byte[Elements(_ints.Count) * size];
        for (int i = 0; i < bytes.Length / size; i++)
        {
            Span<byte> target = bytes.AsSpan(i * size, size);
            switch (size)
            {
                case 1:
                    target[0] = (byte)_ints[i];
                    break;
                case 2:
                    BinaryPrimitives.WriteInt16LittleEndian(target, (short)_ints[i]);
                    break;
                case 4:
                    BinaryPrimitives.WriteInt32LittleEndian(target, (int)_ints[i]);
                    break;
                default:
                    BinaryPrimitives.WriteInt64LittleEndian(target, _ints[i]);
                    break;
            }
        }

        return bytes;
    }
}
