using Decant.Wire.Protobuf;
using F = Decant.IR.Protos.TensorProtoFields;

namespace Decant.IR.Protos;

/// <summary>Writes a TensorProto, with raw contents.</summary>
internal static class TensorProtoWriter
{
    /// <summary>The fields of a TensorProto, at the top level of what is being written.</summary>
    public static void Write(ProtoWriter writer, Tensor tensor)
    {
        writer.Int64(F.DType, (long)tensor.DType);
        ShapeProto.Write(writer, F.Shape, tensor.Shape);
        if (tensor.DType == DType.String)
        {
            foreach (ReadOnlyMemory<byte> s in tensor.Strings)
                writer.Bytes(F.StringVal, s.Span);
        }
        else if (!tensor.DType.HasFixedSize())
        {
            throw GraphErrors.BadTensor.At(null, $"a tensor of type {tensor.DType.Name()} cannot be written");
        }
        else if (tensor.ElementCount > 0)
        {
            writer.Bytes(F.Content, tensor.Data);
        }
    }
}
