using Decant.Ops.State;

namespace Decant.Ops.Tables;

/// <summary>The ops that make, fill and read lookup tables. TF1's ops and their V2 differ in the type of the handle alone.</summary>
internal static class TableOps
{
    public static Op AnonymousHashTable => new NewTable("AnonymousHashTable", isMutable: false, isAnonymous: true, reservedKeys: 0);
    public static Op AnonymousMutableDenseHashTable => new NewTable("AnonymousMutableDenseHashTable", isMutable: true, isAnonymous: true, reservedKeys: 2);
    public static Op AnonymousMutableHashTable => new NewTable("AnonymousMutableHashTable", isMutable: true, isAnonymous: true, reservedKeys: 0);
    public static Op AnonymousMutableHashTableOfTensors => new NewTable("AnonymousMutableHashTableOfTensors", isMutable: true, isAnonymous: true, reservedKeys: 0);
    public static Op HashTable => new NewTable("HashTable", isMutable: false, isAnonymous: false, reservedKeys: 0);
    public static Op HashTableV2 => new NewTable("HashTableV2", isMutable: false, isAnonymous: false, reservedKeys: 0);
    public static Op InitializeTable => new TableOp("InitializeTable", _ => { }, TableEntries.Initialize);
    public static Op InitializeTableFromTextFile => new InitializeTableFromTextFile("InitializeTableFromTextFile");
    public static Op InitializeTableFromTextFileV2 => new InitializeTableFromTextFile("InitializeTableFromTextFileV2");
    public static Op InitializeTableV2 => new TableOp("InitializeTableV2", _ => { }, TableEntries.Initialize);
    public static Op LookupTableExport => new TableOp("LookupTableExport", InferExport, TableEntries.Export);
    public static Op LookupTableExportV2 => new TableOp("LookupTableExportV2", InferExport, TableEntries.Export);
    public static Op LookupTableFind => new TableOp("LookupTableFind", InferFind, TableEntries.Find);
    public static Op LookupTableFindV2 => new TableOp("LookupTableFindV2", InferFind, TableEntries.Find);
    public static Op LookupTableImport => new TableOp("LookupTableImport", _ => { }, TableEntries.Import);
    public static Op LookupTableImportV2 => new TableOp("LookupTableImportV2", _ => { }, TableEntries.Import);
    public static Op LookupTableInsert => new TableOp("LookupTableInsert", _ => { }, TableEntries.Insert);
    public static Op LookupTableInsertV2 => new TableOp("LookupTableInsertV2", _ => { }, TableEntries.Insert);
    public static Op LookupTableRemoveV2 => new TableOp("LookupTableRemoveV2", _ => { }, TableEntries.Remove);
    public static Op LookupTableSize => new TableOp("LookupTableSize", c => c.Set(0, DType.Int64, Shape.Scalar), (c, t) => c.SetOutput(0, Tensor.Scalar((long)t.Count)));
    public static Op LookupTableSizeV2 => new TableOp("LookupTableSizeV2", c => c.Set(0, DType.Int64, Shape.Scalar), (c, t) => c.SetOutput(0, Tensor.Scalar((long)t.Count)));
    public static Op MutableDenseHashTable => new NewTable("MutableDenseHashTable", isMutable: true, isAnonymous: false, reservedKeys: 1);
    public static Op MutableDenseHashTableV2 => new NewTable("MutableDenseHashTableV2", isMutable: true, isAnonymous: false, reservedKeys: 2);
    public static Op MutableHashTable => new NewTable("MutableHashTable", isMutable: true, isAnonymous: false, reservedKeys: 0);
    public static Op MutableHashTableOfTensors => new NewTable("MutableHashTableOfTensors", isMutable: true, isAnonymous: false, reservedKeys: 0);
    public static Op MutableHashTableOfTensorsV2 => new NewTable("MutableHashTableOfTensorsV2", isMutable: true, isAnonymous: false, reservedKeys: 0);
    public static Op MutableHashTableV2 => new NewTable("MutableHashTableV2", isMutable: true, isAnonymous: false, reservedKeys: 0);

    private static void InferFind(InferenceContext context)
    {
        Shape value = context.Input(0).Handle?.Shape ?? Shape.Unknown;
        Shape keys = context.Shape(1);
        context.Set(0, context.Attributes.Type("Tout"), value.Rank == 0 ? keys : Shape.Unknown);
    }

    private static void InferExport(InferenceContext context)
    {
        context.Set(0, context.Attributes.Type("Tkeys"), Shape.Unknown);
        context.Set(1, context.Attributes.Type("Tvalues"), Shape.Unknown);
    }
}

/// <summary>An op on the table that its first input is the handle of.</summary>
internal sealed class TableOp(string name, Action<InferenceContext> infer, Action<KernelContext, LookupTable> run) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => infer(context);

    public Kernel Prepare(KernelRequest request) => Kernel.Of(context => run(context, context.Resource<LookupTable>(0, "a lookup table")));
}
