using Decant.IR;
using Decant.IR.Protos;
using Decant.Wire.Protobuf;
using F = Decant.Formats.GraphDef.GraphDefFields;

namespace Decant.Formats.GraphDef;

/// <summary>Writes AttrValue and maps of it, in the order in which they were read or set.</summary>
internal static class AttrWriter
{
    public static void WriteMap(ProtoWriter writer, int field, AttributeMap attributes)
    {
        foreach ((string key, AttrValue value) in attributes)
        {
            writer.Begin(field);
            writer.String(F.MapEntry.Key, key);
            writer.Begin(F.MapEntry.Value);
            Write(writer, value);
            writer.End();
            writer.End();
        }
    }

    private static void Write(ProtoWriter writer, AttrValue value)
    {
        switch (value)
        {
            case StringAttr s:
                writer.Bytes(F.Attr.S, s.Bytes.Span);
                break;
            case IntAttr i:
                writer.Int64(F.Attr.I, i.Value);
                break;
            case FloatAttr f:
                writer.Float(F.Attr.F, f.Value);
                break;
            case BoolAttr b:
                writer.Bool(F.Attr.B, b.Value);
                break;
            case TypeAttr t:
                writer.Int64(F.Attr.Type, (long)t.Value);
                break;
            case ShapeAttr s:
                ShapeProto.Write(writer, F.Attr.Shape, s.Value, s.DimNames);
                break;
            case TensorAttr t:
                Tensor(writer, F.Attr.Tensor, t);
                break;
            case FunctionAttr f:
                WriteFunction(writer, F.Attr.Func, f);
                break;
            case PlaceholderAttr p:
                writer.String(F.Attr.Placeholder, p.Name);
                break;
            case ListAttr list:
                writer.Begin(F.Attr.List);
                WriteList(writer, list);
                writer.End();
                break;
        }

        if (value is not ListAttr)
            writer.Raw(value.Unknown);
    }

    private static void WriteList(ProtoWriter writer, ListAttr list)
    {
        foreach (ReadOnlyMemory<byte> s in list.Strings)
            writer.Bytes(F.List.S, s.Span);
        writer.Packed(F.List.I, [.. list.Ints]);
        writer.Packed(F.List.F, [.. list.Floats]);
        writer.Packed(F.List.B, [.. list.Bools.Select(b => b ? 1L : 0L)]);
        writer.Packed(F.List.Type, [.. list.Types.Select(t => (long)t)]);
        foreach (ShapeAttr s in list.Shapes)
            ShapeProto.Write(writer, F.List.Shape, s.Value, s.DimNames);
        foreach (TensorAttr t in list.Tensors)
            Tensor(writer, F.List.Tensor, t);
        foreach (FunctionAttr f in list.Functions)
            WriteFunction(writer, F.List.Func, f);
        writer.Raw(list.Unknown);
    }

    private static void WriteFunction(ProtoWriter writer, int field, FunctionAttr function)
    {
        writer.Begin(field);
        writer.String(F.NameAttrList.Name, function.Name);
        WriteMap(writer, F.NameAttrList.Attr, function.Attributes);
        writer.End();
    }

    /// <summary>Writes a tensor that came from a file as it was, any other with raw contents.</summary>
    private static void Tensor(ProtoWriter writer, int field, TensorAttr tensor)
    {
        if (tensor is EncodedTensor encoded)
        {
            writer.Bytes(field, encoded.Encoded);
            return;
        }

        writer.Begin(field);
        TensorProtoWriter.Write(writer, tensor.Value);
        writer.End();
    }
}
