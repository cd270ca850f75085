using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.Tables;

/// <summary>Lookup tables from strings to integers and back. Keys and values of int32 are kept as int64, which the operators take.</summary>
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
        (DType keys, DType values) = (g.Attributes.Type("key_dtype"), g.Attributes.Type("value_dtype"));
        if ((Wide(keys), Wide(values)) is not ((DType.Int64, DType.String) or (DType.String, DType.Int64)))
            throw g.Refuse($"maps {keys.Name()} to {values.Name()}, and HASHTABLE integers to strings or strings to integers");
        string shared = g.Attributes.Find("shared_name") is StringAttr { Text: { Length: > 0 } given } ? $"{(g.Attributes.Find("container") as StringAttr)?.Text}/{given}" : g.Node.Name;
        g.Set(g.Emit(Table.Name, [], new() { { "table_id", g.TableNumber(shared) }, { "key_dtype", Wide(keys) }, { "value_dtype", Wide(values) } }, new Fact(DType.Resource, new Shape(1))));
    }

    private static void Fill(LoweringContext g) => g.EmitEffect("HASHTABLE_IMPORT", Handle(g), Widened(g, g.In(1)), Widened(g, g.In(2)));

    private static void Find(LoweringContext g)
    {
        Fact found = g.Output() with { DType = g.Type(2), Shape = g.Shape(1) };
        Value value = g.Emit("HASHTABLE_FIND", [Handle(g), Widened(g, g.In(1)), Widened(g, g.In(2))], null, found with { DType = Wide(found.DType) })[0];
        g.Set(found.DType == Wide(found.DType) ? value : g.Tf("Cast", new AttributeMap { { "DstT", found.DType } }, value));
    }

    private static void Size(LoweringContext g) =>
        g.Set(g.Tf("Reshape", g.Emit("HASHTABLE_SIZE", [Handle(g)], null, new Fact(DType.Int64, new Shape(1)))[0], g.Const(Tensor.Wrap(Array.Empty<int>()))));

    private static Value Handle(LoweringContext g) => g.In(0).Node.Op == Table ? g.In(0) : throw g.Refuse("reads a table that has no form in TensorFlow Lite");

    private static Value Widened(LoweringContext g, Value value) => LoweringContext.Fact(value).DType == DType.Int32 ? g.Tf("Cast", new AttributeMap { { "DstT", DType.Int64 } }, value) : value;

    private static DType Wide(DType dtype) => dtype == DType.Int32 ? DType.Int64 : dtype;
}
