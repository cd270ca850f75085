using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.State;

/// <summary>
/// Variables that keep their value from one run to the next, and updates of those whose value is assigned in the same run: what an update
/// hands on is the new value.
/// </summary>
internal static class StateLowering
{
    public static IEnumerable<LoweringRule> All =>
    [
        new("Assign", g => Become(g, g.In(1))),
        new("AssignAdd", g => Become(g, g.Tf("AddV2", Old(g), g.In(1)))),
        new("AssignAddVariableOp", g => Become(g, g.Tf("AddV2", Old(g), g.In(1)))),
        new("AssignSub", g => Become(g, g.Tf("Sub", Old(g), g.In(1)))),
        new("AssignSubVariableOp", g => Become(g, g.Tf("Sub", Old(g), g.In(1)))),
        new("AssignVariableOp", g => Become(g, g.In(1))),
        new("ReadVariableOp", g => g.Set(Old(g))),
        new("ScatterAdd", g => Scatter(g, "TensorScatterAdd")),
        new("ScatterDiv", g => Scatter(g, null, "Div")),
        new("ScatterMax", g => Scatter(g, null, "Maximum")),
        new("ScatterMin", g => Scatter(g, null, "Minimum")),
        new("ScatterMul", g => Scatter(g, null, "Mul")),
        new("ScatterNdAdd", g => Update(g, g.In(1), g.In(2), "TensorScatterAdd", null)),
        new("ScatterNdSub", g => Update(g, g.In(1), g.In(2), "TensorScatterSub", null)),
        new("ScatterNdUpdate", g => Update(g, g.In(1), g.In(2), "TensorScatterUpdate", null)),
        new("ScatterSub", g => Scatter(g, "TensorScatterSub")),
        new("ScatterUpdate", g => Scatter(g, "TensorScatterUpdate")),
        new("VarHandleOp", Handle),
        new("Variable", Handle),
        new("VariableV2", Handle),
    ];

    /// <summary>The operator that gives a variable's value.</summary>
    public static OpName ReadVariable { get; } = new(Dialect.TFLite, "READ_VARIABLE");

    /// <summary>Whether the output of a node is a reference to a variable: ops read the variable where it is an operand.</summary>
    public static bool IsReference(Node node) => node.Op.Name is "Variable" or "VariableV2" && node.Op.Dialect == Dialect.TensorFlow;

    /// <summary>Whether a node changes the variable that is its first input.</summary>
    public static bool Writes(Node node) => node.Op.Dialect == Dialect.TensorFlow && Writers.Contains(node.Op.Name);

    private static readonly HashSet<string> Writers = [.. All.Select(r => r.Op).Where(o => o.StartsWith("Assign", StringComparison.Ordinal) || o.StartsWith("Scatter", StringComparison.Ordinal))];

    /// <summary>The value before the update: the variable's, or what an operator or a constant gives.</summary>
    private static Value Old(LoweringContext g) => LoweringContext.Fact(g.In(0)) is { Handle: { } variable } ? g.Emit(ReadVariable.Name, [g.In(0)], null, variable)[0]
        : g.In(0) is { Node.Op: { Dialect: Dialect.TensorFlow, Name: not ("Const" or Function.ArgOp) } } ? throw g.Refuse("reads a variable that has no form") : g.In(0);

    private static void Become(LoweringContext g, Value value)
    {
        if (LoweringContext.Fact(g.In(0)).Handle is not null)
            g.EmitEffect("ASSIGN_VARIABLE", g.In(0), value);
        g.Set(value);
    }

    /// <summary>A variable, known by its container and name; only those are left that are written to.</summary>
    private static void Handle(LoweringContext g)
    {
        if (!g.IsInitialized)
            throw g.Refuse("is a variable, and nothing tells its value");
        string shared = g.Attributes.Find("shared_name") is StringAttr { Text: { Length: > 0 } given } ? given : g.Node.Name;
        var options = new AttributeMap { { "container", (g.Attributes.Find("container") as StringAttr)?.Text ?? "" }, { "shared_name", shared } };
        Value handle = g.Emit("VAR_HANDLE", [], options, new Fact(DType.Resource, Shape.Scalar))[0];
        handle.Node.Facts = [handle.Node.Facts[0] with { Handle = new Fact(g.Attributes.Type("dtype"), g.Attributes.Shape("shape")) }];
        g.Set(handle);
    }

    /// <summary>Slices along the first dimension, by indices of any rank.</summary>
    private static void Scatter(LoweringContext g, string? whole, string? element = null)
    {
        Value indices = g.Tf("ExpandDims", g.In(1), g.Scalar(-1, DType.Int32)), updates = g.In(2);
        if (g.Shape(2).Rank == 0)
        {
            if (!g.Shape(0).IsFullyKnown || !g.Shape(1).IsFullyKnown)
                throw g.Refuse("updates slices of unknown shape by one number");
            updates = g.Tf("BroadcastTo", updates, g.Vector([.. g.Shape(1).Dims, .. g.Shape(0).Dims[1..]]));
        }

        Update(g, indices, updates, whole, element);
    }

    /// <summary>By an op on tensors, or, where none combines twice, by combining elements that are each updated once.</summary>
    private static void Update(LoweringContext g, Value indices, Value updates, string? whole, string? element)
    {
        Value old = Old(g);
        if (g.Shape(1).TryElementCount(out long count) && count == 0)
        {
            Become(g, old);
            return;
        }

        if (element is not null && count != 1)
        {
            long[] known = g.ConstantInts(1, "indices");
            if (known.Distinct().Count() != known.Length)
                throw g.Refuse("updates a slice more than once");
        }

        Become(g, whole is not null ? g.Tf(whole, old, indices, updates) : g.Tf("TensorScatterUpdate", old, indices, g.Tf(element!, g.Tf("GatherNd", old, indices), updates)));
    }
}
