using Decant.IR;
using Decant.Ops.TFLite.Catalogue;
using Decant.Wire.FlatBuffers;

namespace Decant.Formats.TFLite;

/// <summary>Writes attributes as an options table.</summary>
internal static class OptionsWriter
{
    /// <summary>The table; null when the node has none of its fields, unless there are none to have.</summary>
    public static FlatObject? Write(Node node, OptionTable options, Func<string, int> subgraph)
    {
        if (options.Fields.Count > 0 && !options.Fields.Any(f => node.Attributes.Contains(f.Name)))
            return null;
        var table = new FlatObject();
        for (int i = 0; i < options.Fields.Count; i++)
        {
            OptionField field = options.Fields[i];
            if (node.Attributes[field.Name] is { } value && !Set(table, i, field, value, subgraph))
                throw GraphErrors.BadAttribute.At(node.At(field.Name), $"is of another kind than {options.Name}.{field.Name}, which is {field.Kind}");
        }

        return table;
    }

    private static bool Set(FlatObject table, int id, OptionField field, AttrValue value, Func<string, int> subgraph)
    {
        switch (field.Kind, value)
        {
            case (_, FunctionAttr function):
                table.Set(id, subgraph(function.Name));
                return true;
            case ("[int]", ListAttr { Functions.Count: > 0 } list):
                table.Set(id, list.Functions.Select(f => subgraph(f.Name)).ToArray());
                return true;
            case ("bool", BoolAttr flag):
                table.Set(id, flag.Value, field.Default == "true");
                return true;
            case ("int" or "uint", IntAttr number) when number.Value is >= int.MinValue and <= uint.MaxValue:
                table.Set(id, (int)number.Value, TFLiteCatalogue.Default(field) is IntAttr absent ? (int)absent.Value : 0);
                return true;
            case ("long", IntAttr number):
                table.Set(id, number.Value);
                return true;
            case ("float", FloatAttr number):
                table.Set(id, number.Value);
                return true;
            case ("string", StringAttr text):
                table.Set(id, text.Text);
                return true;
            case ("[int]", ListAttr list):
                table.Set(id, list.Ints.Select(v => (int)v).ToArray());
                return true;
            case ("[long]", ListAttr list):
                table.Set(id, list.Ints.ToArray());
                return true;
            case ("[float]", ListAttr list):
                table.Set(id, list.Floats.ToArray());
                return true;
            case ("[bool]", ListAttr list):
                table.Set(id, list.Bools.Select(b => b ? (byte)1 : (byte)0).ToArray());
                return true;
            case ("[ubyte]", StringAttr bytes):
                table.Set(id, FlatVector.Of(new BufferSlice(bytes.Bytes.ToArray())));
                return true;
            case ("TensorType", TypeAttr type) when TFLiteCatalogue.TensorType(type.Value) is >= 0 and var number:
                table.Set(id, (sbyte)number, (sbyte)(field.Default == "INT32" ? 2 : 0));
                return true;
            case ("TensorType", IntAttr number):
                table.Set(id, (sbyte)number.Value, (sbyte)(field.Default == "INT32" ? 2 : 0));
                return true;
            case ("[StablehloPrecisionConfig]", ListAttr list):
                table.Set(id, list.Ints.Select(v => (uint)v).ToArray());
                return true;
            default:
                return TFLiteCatalogue.Enum(field.Kind) is { } kind && SetEnum(table, id, kind, value);
        }
    }

    private static bool SetEnum(FlatObject table, int id, OptionEnum kind, AttrValue value)
    {
        int number = value switch
        {
            StringAttr name => kind.Values.ToList().IndexOf(name.Text),
            IntAttr other => (int)other.Value,
            _ => -1,
        };
        if (kind.Size == 1)
            table.Set(id, (sbyte)number);
        else
            table.Set(id, number);
        return number >= 0 || value is IntAttr;
    }
}
