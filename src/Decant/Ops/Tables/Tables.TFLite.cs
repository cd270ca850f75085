using System.Globalization;
using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.Tables;

/// <summary>
/// Lookup tables. The operators have those from strings to integers and back; of others the table tells where a value lies in a constant, and
/// integers become texts first. Keys and values of int32 are kept as int64.
/// </summary>
internal static class TableLowering
{
    private static readonly OpName Table = new(Dialect.TFLite, "HASHTABLE");

    public static IEnumerable<LoweringRule> All =>
    [
        new("HashTable", New),
        new("HashTableV2", New),
        new("InitializeTable", Fill),
        new("InitializeTableV2", Fill),
        new("LookupTableFind", Find),
        new("LookupTableFindV2", Find),
        new("LookupTableImport", Fill),
        new("LookupTableImportV2", Fill),
        new("LookupTableSize", Size),
        new("LookupTableSizeV2", Size),
    ];

    private static void New(LoweringContext g)
    {
        (DType keys, DType values) = (Wide(g.Attributes.Type("key_dtype")), Wide(g.Attributes.Type("value_dtype")));
        if (keys is not (DType.Int64 or DType.String))
            throw g.Refuse($"has keys of {keys.Name()}, and HASHTABLE takes integers and strings");
        string shared = g.Attributes.Find("shared_name") is StringAttr { Text: { Length: > 0 } given } ? $"{(g.Attributes.Find("container") as StringAttr)?.Text}/{given}" : g.Node.Name;
        g.Set(Handle(g, g.TableNumber(shared), keys));
    }

    /// <summary>Fills a table, or two: from integers to texts, and from those or from the keys to integers, which are values or tell where values lie.</summary>
    private static void Fill(LoweringContext g)
    {
        Value table = Handle(g);
        (DType keys, DType values) = (Wide(g.Type(1)), Wide(g.Type(2)));
        if (IsPlain(keys, values))
        {
            g.EmitEffect("HASHTABLE_IMPORT", table, Widened(g, g.In(1)), Widened(g, g.In(2)));
            return;
        }

        if (g.In(1).Constant is not { Shape.Rank: 1 } given || g.In(2).Constant is not { Shape.Rank: 1 } contents || given.ElementCount != contents.ElementCount)
            throw g.Fail($"fills a table from {keys.Name()} to {values.Name()}, expected a vector of constant keys, and one of as many constant values");
        Value places = g.Const(Tensor.Wrap([.. Enumerable.Range(0, (int)given.ElementCount).Select(i => (long)i)]));
        if (keys == DType.String)
        {
            g.EmitEffect("HASHTABLE_IMPORT", table, g.In(1), places);
        }
        else
        {
            Value texts = g.Const(Tensor.FromStrings([.. Enumerable.Range(0, (int)given.ElementCount).Select(i => i.ToString(CultureInfo.InvariantCulture))]));
            g.EmitEffect("HASHTABLE_IMPORT", table, Widened(g, g.In(1)), texts);
            g.EmitEffect("HASHTABLE_IMPORT", Second(g, table), texts, values == DType.Int64 ? Widened(g, g.In(2)) : places);
        }

        g.TableValues[Number(table)] = contents;
    }

    private static void Find(LoweringContext g)
    {
        Value table = Handle(g), wanted = Widened(g, g.In(1));
        (DType keys, DType values) = (Wide(g.Type(1)), Wide(g.Type(2)));
        if (IsPlain(keys, values))
        {
            g.Set(Narrowed(g, Found(g, table, wanted, Widened(g, g.In(2)), values)));
            return;
        }

        if (!g.TableValues.TryGetValue(Number(table), out Tensor? contents))
            throw g.Fail("reads a table that nothing fills");
        if (keys == DType.Int64)
            (table, wanted) = (Second(g, table), Found(g, table, wanted, g.Const(Tensor.FromStrings([""]).Reshaped(Shape.Scalar)), DType.String));
        if (keys == DType.Int64 && values == DType.Int64)
        {
            g.Set(Narrowed(g, Found(g, table, wanted, Widened(g, g.In(2)), values)));
            return;
        }

        if (g.In(2).Constant is not { ElementCount: 1 } missing)
            throw g.Fail("has a default that is not constant");
        Value place = Found(g, table, wanted, g.Const(Tensor.Scalar(contents.ElementCount)), DType.Int64);
        g.Set(g.Tf("GatherV2", g.Const(With(contents, missing)), place, g.Scalar(0, DType.Int32)));
    }

    private static Value Found(LoweringContext g, Value table, Value keys, Value missing, DType values) =>
        g.Emit("HASHTABLE_FIND", [table, keys, missing], null, new Fact(values, g.Shape(1)))[0];

    private static Value Narrowed(LoweringContext g, Value found) =>
        g.Output().DType == LoweringContext.Fact(found).DType ? found : g.Tf("Cast", new AttributeMap { { "DstT", g.Output().DType } }, found);

    /// <summary>The values and, behind them, the default.</summary>
    private static Tensor With(Tensor values, Tensor missing) => values.DType == DType.String
        ? new Tensor(new Shape(values.ElementCount + 1), [.. values.Strings, missing.Strings[0]])
        : new Tensor(values.DType, new Shape(values.ElementCount + 1), new BufferSlice([.. values.Data.Span, .. missing.Data.Span]));

    private static bool IsPlain(DType keys, DType values) => (keys, values) is (DType.Int64, DType.String) or (DType.String, DType.Int64);

    private static Value Handle(LoweringContext g, int number, DType keys) => g.Emit(
        Table.Name, [], new() { { "table_id", number }, { "key_dtype", keys }, { "value_dtype", keys == DType.String ? DType.Int64 : DType.String } }, new Fact(DType.Resource, new Shape(1)))[0];

    /// <summary>The table from the texts that another gives.</summary>
    private static Value Second(LoweringContext g, Value table) => Handle(g, g.TableNumber($"values of {Number(table)}"), DType.String);

    private static int Number(Value table) => (int)((IntAttr)table.Node.Attributes["table_id"]!).Value;

    private static void Size(LoweringContext g) =>
        g.Set(g.Tf("Reshape", g.Emit("HASHTABLE_SIZE", [Handle(g)], null, new Fact(DType.Int64, new Shape(1)))[0], g.Const(Tensor.Wrap(Array.Empty<int>()))));

    private static Value Handle(LoweringContext g) => g.In(0).Node.Op == Table ? g.In(0) : throw g.Refuse("reads a table that has no form in TensorFlow Lite");

    private static Value Widened(LoweringContext g, Value value) => LoweringContext.Fact(value).DType == DType.Int32 ? g.Tf("Cast", new AttributeMap { { "DstT", DType.Int64 } }, value) : value;

    private static DType Wide(DType dtype) => dtype == DType.Int32 ? DType.Int64 : dtype;
}
