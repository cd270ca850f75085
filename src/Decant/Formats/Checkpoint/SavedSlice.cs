using Decant.Formats.GraphDef;
using Decant.IR.Protos;
using Decant.Wire.Protobuf;
using F = Decant.IR.Protos.TensorProtoFields;

namespace Decant.Formats.Checkpoint;

/// <summary>Decodes a slice of a V1 checkpoint: a TensorProto without type, shape or contents, of which every element has a value.</summary>
internal static class SavedSlice
{
    internal static Tensor Decode(CheckpointVariable variable, TensorSlice slice, BufferSlice encoded)
    {
        Shape shape = slice.Within(variable.Shape)!.Value;
        long count = shape.ElementCount;
        if (Packed(variable.DType, encoded) is { } packed && packed.Length == Tensor.ByteCount(variable.DType, shape))
            return new Tensor(variable.DType, shape, packed);

        // Every value takes at least a byte, and in memory at most 8.
        if (count > encoded.Length || encoded.Length > Array.MaxLength / 8)
            throw Wrong(variable, slice, encoded, $"{count} elements cannot lie in {encoded.Length} bytes, of which {Array.MaxLength / 8} are allowed");
        var values = new TypedValues();
        var reader = new ProtoReader(encoded);
        while (reader.Next())
            values.Read(ref reader);
        if (variable.DType == DType.String)
        {
            return values.Strings.Count == count ? new Tensor(shape, [.. values.Strings])
                : throw Wrong(variable, slice, encoded, $"{count} strings are expected, and {values.Strings.Count} are there");
        }

        if (!variable.DType.HasFixedSize())
            throw CheckpointErrors.Unsupported.At(new Location(encoded.Name, encoded.Offset), $"'{variable.Name}' is a {variable.DType.Name()}, whose value cannot be read");
        byte[] bytes = values.ToBytes(variable.DType, count);
        return bytes.Length == Tensor.ByteCount(variable.DType, shape) ? new Tensor(variable.DType, shape, new BufferSlice(bytes, encoded.Name))
            : throw Wrong(variable, slice, encoded, $"{count} elements are expected, and {bytes.Length / variable.DType.Size()} are there");
    }

    /// <summary>The bytes of values of fixed size that are packed in one field: they are the elements, as they lie in the file.</summary>
    private static BufferSlice? Packed(DType dtype, BufferSlice encoded)
    {
        int field = dtype switch { DType.Float32 => F.FloatVal, DType.Float64 => F.DoubleVal, DType.Complex64 => F.ComplexVal, DType.Complex128 => F.DComplexVal, _ => 0 };
        var reader = new ProtoReader(encoded);
        BufferSlice? found = null;
        while (field != 0 && reader.Next())
        {
            if (reader.Field != field)
                continue;
            if (found is not null || reader.WireType != WireType.Bytes)
                return null;
            found = reader.Bytes();
        }

        return found;
    }

    private static ModelException Wrong(CheckpointVariable variable, TensorSlice slice, BufferSlice encoded, string message) =>
        CheckpointErrors.Malformed.At(new Location(encoded.Name, encoded.Offset), $"the slice {slice} of '{variable.Name}' ({variable.DType.Name()}{variable.Shape}) is malformed: {message}");
}
