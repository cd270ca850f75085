using System.Globalization;
using System.Text.Json;
using Decant.Formats.GraphDef;
using Decant.IR.Protos;
using Decant.Wire.Protobuf;
using F = Decant.Formats.GraphDef.GraphDefFields;

namespace Decant.TestKit;

/// <summary>Reads a GraphDef in protobuf's JSON form, by writing it in the binary form first.</summary>
internal static class JsonGraphDef
{
    public static void Read(JsonElement graph, Model model) =>
        GraphDefReader.Read(new ProtoReader(new BufferSlice(ProtoWriter.ToBytes(w => Graph(w, graph)))), model);

    private static void Graph(ProtoWriter writer, JsonElement graph)
    {
        Each(graph, "node", node => Node(writer, F.Graph.Node, node));
        if (!graph.TryGetProperty("library", out JsonElement library))
            return;
        writer.Begin(F.Graph.Library);
        Each(library, "function", function => Function(writer, function));
        writer.End();
    }

    private static void Function(ProtoWriter writer, JsonElement function)
    {
        writer.Begin(F.Library.Function);
        JsonElement signature = function.GetProperty("signature");
        writer.Begin(F.FunctionDef.Signature);
        writer.String(F.OpDef.Name, signature.GetProperty("name").GetString()!);
        Each(signature, "inputArg", arg => Arg(writer, F.OpDef.InputArg, arg));
        Each(signature, "outputArg", arg => Arg(writer, F.OpDef.OutputArg, arg));
        writer.End();
        Each(function, "nodeDef", node => Node(writer, F.FunctionDef.Node, node));
        foreach (JsonProperty ret in function.GetProperty("ret").EnumerateObject())
        {
            writer.Begin(F.FunctionDef.Ret);
            writer.String(F.MapEntry.Key, ret.Name);
            writer.String(F.MapEntry.Value, ret.Value.GetString()!);
            writer.End();
        }

        writer.End();
    }

    private static void Arg(ProtoWriter writer, int field, JsonElement arg)
    {
        writer.Begin(field);
        writer.String(F.ArgDef.Name, arg.GetProperty("name").GetString()!);
        writer.Int64(F.ArgDef.Type, (long)Type(arg.GetProperty("type")));
        writer.End();
    }

    private static void Node(ProtoWriter writer, int field, JsonElement node)
    {
        writer.Begin(field);
        writer.String(F.NodeDef.Name, node.GetProperty("name").GetString()!);
        writer.String(F.NodeDef.Op, node.GetProperty("op").GetString()!);
        Each(node, "input", input => writer.String(F.NodeDef.Input, input.GetString()!));
        if (node.TryGetProperty("attr", out JsonElement attributes))
        {
            foreach (JsonProperty attribute in attributes.EnumerateObject())
            {
                writer.Begin(F.NodeDef.Attr);
                writer.String(F.MapEntry.Key, attribute.Name);
                writer.Begin(F.MapEntry.Value);
                foreach (JsonProperty value in attribute.Value.EnumerateObject())
                    Value(writer, value.Name, value.Value);
                writer.End();
                writer.End();
            }
        }

        writer.End();
    }

    // In AttrValue and in its ListValue the kinds from s to type have the same field numbers, those after differ.
    private static void Value(ProtoWriter writer, string kind, JsonElement value)
    {
        switch (kind)
        {
            case "list":
                writer.Begin(F.Attr.List);
                foreach (JsonProperty items in value.EnumerateObject())
                {
                    foreach (JsonElement item in items.Value.EnumerateArray())
                        ListItem(writer, items.Name, item);
                }

                writer.End();
                break;
            case "shape":
                Shape(writer, F.Attr.Shape, value);
                break;
            case "tensor":
                TensorProto(writer, value);
                break;
            case "func":
                writer.Begin(F.Attr.Func);
                writer.String(F.NameAttrList.Name, value.GetProperty("name").GetString()!);
                writer.End();
                break;
            default:
                Plain(writer, kind, value);
                break;
        }
    }

    private static void ListItem(ProtoWriter writer, string kind, JsonElement item)
    {
        if (kind == "shape")
            Shape(writer, F.List.Shape, item);
        else
            Plain(writer, kind, item);
    }

    private static void Plain(ProtoWriter writer, string kind, JsonElement value)
    {
        switch (kind)
        {
            case "s":
                writer.Bytes(F.Attr.S, value.GetBytesFromBase64());
                break;
            case "i":
                writer.Int64(F.Attr.I, Int(value));
                break;
            case "f":
                writer.Float(F.Attr.F, value.ValueKind == JsonValueKind.Number ? value.GetSingle() : float.Parse(value.GetString()!, CultureInfo.InvariantCulture));
                break;
            case "b":
                writer.Bool(F.Attr.B, value.GetBoolean());
                break;
            case "type":
                writer.Int64(F.Attr.Type, (long)Type(value));
                break;
            default:
                throw new FormatException($"an attribute value of kind '{kind}' is not read");
        }
    }

    private static void Shape(ProtoWriter writer, int field, JsonElement shape)
    {
        writer.Begin(field);
        Each(shape, "dim", dim =>
        {
            writer.Begin(TensorShapeProtoFields.Dim);
            writer.Int64(TensorShapeProtoFields.DimSize, dim.TryGetProperty("size", out JsonElement size) ? Int(size) : 0);
            writer.End();
        });
        if (shape.TryGetProperty("unknownRank", out JsonElement unknown))
            writer.Bool(TensorShapeProtoFields.UnknownRank, unknown.GetBoolean());
        writer.End();
    }

    private static void TensorProto(ProtoWriter writer, JsonElement tensor)
    {
        writer.Begin(F.Attr.Tensor);
        writer.Int64(TensorProtoFields.DType, (long)Type(tensor.GetProperty("dtype")));
        Shape(writer, TensorProtoFields.Shape, tensor.GetProperty("tensorShape"));
        if (tensor.TryGetProperty("tensorContent", out JsonElement content))
            writer.Bytes(TensorProtoFields.Content, content.GetBytesFromBase64());
        Each(tensor, "stringVal", s => writer.Bytes(TensorProtoFields.StringVal, s.GetBytesFromBase64()));
        writer.End();
    }

    private static void Each(JsonElement json, string property, Action<JsonElement> visit)
    {
        if (!json.TryGetProperty(property, out JsonElement list))
            return;
        foreach (JsonElement item in list.EnumerateArray())
            visit(item);
    }

    private static long Int(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? value.GetInt64() : long.Parse(value.GetString()!, CultureInfo.InvariantCulture);

    private static DType Type(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? (DType)value.GetByte()
        : DTypes.TryParse(value.GetString()!, out DType dtype) ? dtype : throw new FormatException($"'{value}' is no element type");
}
