using Decant.Formats.GraphDef;
using Decant.IR;
using Decant.IR.Protos;
using Decant.Wire.Protobuf;
using F = Decant.Formats.MetaGraph.MetaGraphFields;

namespace Decant.Formats.MetaGraph;

/// <summary>Writes a signature: one that was read and not changed as it was.</summary>
internal static class SignatureWriter
{
    public static void WriteEntry(ProtoWriter writer, int field, Signature signature)
    {
        writer.Begin(field);
        writer.String(F.MapEntry.Key, signature.Key);
        if (!signature.Encoded.IsEmpty)
        {
            writer.Bytes(F.MapEntry.Value, signature.Encoded);
        }
        else
        {
            writer.Begin(F.MapEntry.Value);
            WriteTensors(writer, F.Signature.Inputs, signature.Inputs);
            WriteTensors(writer, F.Signature.Outputs, signature.Outputs);
            writer.StringDefault(F.Signature.Method, signature.Method);
            writer.End();
        }

        writer.End();
    }

    private static void WriteTensors(ProtoWriter writer, int field, IEnumerable<SignatureTensor> tensors)
    {
        foreach (SignatureTensor tensor in tensors)
        {
            writer.Begin(field);
            writer.String(F.MapEntry.Key, tensor.Name);
            writer.Begin(F.MapEntry.Value);
            writer.String(F.TensorInfo.Name, tensor.Tensor);
            writer.Int64Default(F.TensorInfo.DType, (long)tensor.DType);
            ShapeProto.Write(writer, F.TensorInfo.Shape, tensor.Shape);
            writer.End();
            writer.End();
        }
    }
}
