using Decant.IR;
using Decant.Ops.TFLite.Catalogue;
using Decant.Wire.FlatBuffers;

namespace Decant.Formats.TFLite;

/// <summary>Reads options tables into attributes: every field by its name in the schema, enumerations by the names of their values.</summary>
internal static class OptionsReader
{
    public static void Read(FlatTable table, OptionTable options, AttributeMap attributes, Func<long, string> subgraph)
    {
        for (int i = 0; i < options.Fields.Count; i++)
        {
            OptionField field = options.Fields[i];
            if (Value(table, i, field, subgraph, options.Name) is { } value)
                attributes.Set(field.Name, value);
        }
    }

    private static AttrValue? Value(FlatTable table, int id, OptionField field, Func<long, string> subgraph, string owner)
    {
        string what = $"{owner}.{field.Name}";
        if (field.IsSubgraph)
        {
            return field.Kind == "[int]"
                ? new ListAttr { Functions = [.. (table.Vector<int>(id, what) ?? []).Select(i => Subgraph(i, subgraph))] }
                : Subgraph(field.Kind == "uint" ? table.Scalar<uint>(id) : table.Scalar<int>(id), subgraph);
        }

        return field.Kind switch
        {
            "bool" => table.Bool(id, field.Default == "true"),
            "int" => table.Scalar(id, Absent(field)),
            "uint" => (long)table.Scalar(id, (uint)Absent(field)),
            "long" => table.Scalar<long>(id),
            "float" => table.Scalar<float>(id),
            "string" => table.String(id, what) is { } text ? new StringAttr(text) : null,
            "[int]" => table.Vector<int>(id, what) is { } ints ? new ListAttr { Ints = [.. ints.Select(v => (long)v)] } : null,
            "[long]" => table.Vector<long>(id, what) is { } longs ? new ListAttr { Ints = longs } : null,
            "[float]" => table.Vector<float>(id, what) is { } floats ? new ListAttr { Floats = floats } : null,
            "[bool]" => table.Vector<byte>(id, what) is { } bools ? new ListAttr { Bools = [.. bools.Select(b => b != 0)] } : null,
            "[ubyte]" => table.Bytes(id, what) is { } bytes ? new StringAttr(bytes.ToArray()) : null,
            "TensorType" => TensorType(table.Scalar(id, (sbyte)(field.Default == "INT32" ? 2 : 0))),
            ['[', ..] => table.Vector<uint>(id, what) is { } values ? new ListAttr { Ints = [.. values.Select(v => (long)v)] } : null,
            _ => EnumValue(table, id, TFLiteCatalogue.Enum(field.Kind)!),
        };
    }

    private static FunctionAttr Subgraph(long index, Func<long, string> subgraph) => new(subgraph(index), []);

    private static int Absent(OptionField field) => TFLiteCatalogue.Default(field) is IntAttr value ? (int)value.Value : 0;

    // A number that the schema does not have (yet) stays one.
    private static AttrValue TensorType(int value) => TFLiteCatalogue.DTypeOf(value) is var dtype and not DType.Invalid ? dtype : (AttrValue)value;

    private static AttrValue EnumValue(FlatTable table, int id, OptionEnum kind)
    {
        int value = kind.Size == 1 ? table.Scalar<sbyte>(id) : table.Scalar<int>(id);
        return (uint)value < kind.Values.Count ? kind.Values[value] : (AttrValue)value;
    }
}
