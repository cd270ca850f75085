namespace Decant.Ops.State;

/// <summary>The ops that make, read and change variables.</summary>
internal static class StateOps
{
    public static Op Assign => new Assign("Assign", Update.Assign, byHandle: false);
    public static Op AssignAdd => new Assign("AssignAdd", Update.Add, byHandle: false);
    public static Op AssignAddVariableOp => new Assign("AssignAddVariableOp", Update.Add, byHandle: true);
    public static Op AssignSub => new Assign("AssignSub", Update.Sub, byHandle: false);
    public static Op AssignSubVariableOp => new Assign("AssignSubVariableOp", Update.Sub, byHandle: true);
    public static Op AssignVariableOp => new Assign("AssignVariableOp", Update.Assign, byHandle: true);
    public static Op CountUpTo => new CountUpTo("CountUpTo", byHandle: false);
    public static Op DestroyResourceOp => new DestroyResourceOp();
    public static Op DestroyTemporaryVariable => new DestroyTemporaryVariable();
    public static Op DisableCopyOnRead => new DisableCopyOnRead();
    public static Op IsVariableInitialized => new IsInitialized("IsVariableInitialized", byHandle: false);
    public static Op ReadVariableOp => new ReadVariableOp();
    public static Op RefIdentity => new RefIdentity();
    public static Op RefSelect => new RefSelect();
    public static Op ResourceCountUpTo => new CountUpTo("ResourceCountUpTo", byHandle: true);
    public static Op ResourceGather => new ResourceGather();
    public static Op ResourceGatherNd => new ResourceGatherNd();
    public static Op ResourceScatterAdd => new Scatter("ResourceScatterAdd", Update.Add, byHandle: true);
    public static Op ResourceScatterDiv => new Scatter("ResourceScatterDiv", Update.Div, byHandle: true);
    public static Op ResourceScatterMax => new Scatter("ResourceScatterMax", Update.Max, byHandle: true);
    public static Op ResourceScatterMin => new Scatter("ResourceScatterMin", Update.Min, byHandle: true);
    public static Op ResourceScatterMul => new Scatter("ResourceScatterMul", Update.Mul, byHandle: true);
    public static Op ResourceScatterNdAdd => new ScatterNd("ResourceScatterNdAdd", Update.Add, byHandle: true);
    public static Op ResourceScatterNdMax => new ScatterNd("ResourceScatterNdMax", Update.Max, byHandle: true);
    public static Op ResourceScatterNdMin => new ScatterNd("ResourceScatterNdMin", Update.Min, byHandle: true);
    public static Op ResourceScatterNdSub => new ScatterNd("ResourceScatterNdSub", Update.Sub, byHandle: true);
    public static Op ResourceScatterNdUpdate => new ScatterNd("ResourceScatterNdUpdate", Update.Assign, byHandle: true);
    public static Op ResourceScatterSub => new Scatter("ResourceScatterSub", Update.Sub, byHandle: true);
    public static Op ResourceScatterUpdate => new Scatter("ResourceScatterUpdate", Update.Assign, byHandle: true);
    public static Op ScatterAdd => new Scatter("ScatterAdd", Update.Add, byHandle: false);
    public static Op ScatterDiv => new Scatter("ScatterDiv", Update.Div, byHandle: false);
    public static Op ScatterMax => new Scatter("ScatterMax", Update.Max, byHandle: false);
    public static Op ScatterMin => new Scatter("ScatterMin", Update.Min, byHandle: false);
    public static Op ScatterMul => new Scatter("ScatterMul", Update.Mul, byHandle: false);
    public static Op ScatterNdAdd => new ScatterNd("ScatterNdAdd", Update.Add, byHandle: false);
    public static Op ScatterNdMax => new ScatterNd("ScatterNdMax", Update.Max, byHandle: false);
    public static Op ScatterNdMin => new ScatterNd("ScatterNdMin", Update.Min, byHandle: false);
    public static Op ScatterNdSub => new ScatterNd("ScatterNdSub", Update.Sub, byHandle: false);
    public static Op ScatterNdUpdate => new ScatterNd("ScatterNdUpdate", Update.Assign, byHandle: false);
    public static Op ScatterSub => new Scatter("ScatterSub", Update.Sub, byHandle: false);
    public static Op ScatterUpdate => new Scatter("ScatterUpdate", Update.Assign, byHandle: false);
    public static Op TemporaryVariable => new TemporaryVariable();
    public static Op VarHandleOp => new VarHandleOp();
    public static Op VarIsInitializedOp => new IsInitialized("VarIsInitializedOp", byHandle: true);
    public static Op Variable => new RefVariable("Variable");
    public static Op VariableShape => new VariableShape();
    public static Op VariableV2 => new RefVariable("VariableV2");
}
