using Decant.IR;
using Decant.IR.Protos;
using Decant.Wire.Protobuf;
using F = Decant.Formats.GraphDef.GraphDefFields;

namespace Decant.Formats.GraphDef;

/// <summary>AttrValue and maps of it.</summary>
internal sealed class AttrReader(NamePool names)
{
    // Attributes are found by a walk, so a node of very many would take time that grows with their square. Ops have at most some dozens.
    private const int MostAttributes = 4096;

    /// <summary>Reads one entry of a <c>map&lt;string, AttrValue&gt;</c> into a map.</summary>
    public void ReadEntry(ProtoReader entry, AttributeMap into)
    {
        string key = "";
        AttrValue value = EmptyAttr.Instance;
        while (entry.Next())
        {
            switch (entry.Field)
            {
                case F.MapEntry.Key:
                    key = names.Get(entry.Bytes());
                    break;
                case F.MapEntry.Value:
                    value = Read(entry.Message());
                    break;
            }
        }

        into.Set(key, value);
        if (into.Count > MostAttributes)
            throw entry.Fail($"there are more than {MostAttributes} attributes in one map, which no op has");
    }

    public AttrValue Read(ProtoReader reader)
    {
        AttrValue value = EmptyAttr.Instance;
        var unknown = default(UnknownFields);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case F.Attr.S:
                    value = new StringAttr(reader.Bytes().ToArray());
                    break;
                case F.Attr.I:
                    value = new IntAttr(reader.Int64());
                    break;
                case F.Attr.F:
                    value = new FloatAttr(reader.Float());
                    break;
                case F.Attr.B:
                    value = reader.Bool() ? BoolAttr.True : BoolAttr.False;
                    break;
                case F.Attr.Type:
                    value = TypeAttr.Of(TensorProtoReader.DTypeOf(ref reader));
                    break;
                case F.Attr.Shape:
                    value = ShapeProto.Read(reader.Message());
                    break;
                case F.Attr.Tensor:
                    value = EncodedTensor.Read(reader.Message());
                    break;
                case F.Attr.List:
                    value = ReadList(reader.Message());
                    break;
                case F.Attr.Func:
                    value = ReadFunction(reader.Message());
                    break;
                case F.Attr.Placeholder:
                    value = new PlaceholderAttr(reader.String());
                    break;
                default:
                    unknown.Keep(ref reader);
                    break;
            }
        }

        return unknown.IsEmpty ? value : value with { Unknown = unknown.ToSlice() };
    }

    private ListAttr ReadList(ProtoReader reader)
    {
        List<ReadOnlyMemory<byte>> strings = [];
        List<long> ints = [], bools = [], types = [];
        List<float> floats = [];
        List<ShapeAttr> shapes = [];
        List<TensorAttr> tensors = [];
        List<FunctionAttr> functions = [];
        var unknown = default(UnknownFields);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case F.List.S:
                    strings.Add(reader.Bytes().ToArray());
                    break;
                case F.List.I:
                    reader.Repeated(ints);
                    break;
                case F.List.F:
                    reader.Repeated(floats);
                    break;
                case F.List.B:
                    reader.Repeated(bools);
                    break;
                case F.List.Type:
                    reader.Repeated(types);
                    if (types.Count > 0 && types.Find(t => t is < 0 or > byte.MaxValue || !((DType)t).IsDefined()) is not 0 and long bad)
                        throw reader.Fail($"{bad} is no DataType");
                    break;
                case F.List.Shape:
                    shapes.Add(ShapeProto.Read(reader.Message()));
                    break;
                case F.List.Tensor:
                    tensors.Add(EncodedTensor.Read(reader.Message()));
                    break;
                case F.List.Func:
                    functions.Add(ReadFunction(reader.Message()));
                    break;
                default:
                    unknown.Keep(ref reader);
                    break;
            }
        }

        return new ListAttr
        {
            Strings = strings,
            Ints = ints,
            Floats = floats,
            Shapes = shapes,
            Tensors = tensors,
            Functions = functions,
            Bools = [.. bools.Select(b => b != 0)],
            Types = [.. types.Select(t => (DType)t)],
            Unknown = unknown.ToSlice(),
        };
    }

    private FunctionAttr ReadFunction(ProtoReader reader)
    {
        string name = "";
        var attributes = new AttributeMap();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case F.NameAttrList.Name:
                    name = reader.String();
                    break;
                case F.NameAttrList.Attr:
                    ReadEntry(reader.Message(), attributes);
                    break;
            }
        }

        return new FunctionAttr(name, attributes);
    }
}
