using Decant.IR;
using Decant.Ops.Lists;
using Decant.Ops.Lowering;

namespace Decant.Ops.ControlFlow;

/// <summary>Branches and loops as operators that call subgraphs.</summary>
internal static class ControlFlowLowering
{
    // A loop's facts are joined with those of its body until they stay.
    private const int MaxRounds = 4;

    public static IEnumerable<LoweringRule> All =>
    [
        new("If", If),
        new("StatelessIf", If),
        new("Case", Case),
        new("StatelessCase", Case),
        new("While", While),
        new("StatelessWhile", While),
        new("Assert", _ => { }),
        new("NoOp", _ => { }),
    ];

    private static void If(LoweringContext g) =>
        Branch(g, Truth(g, g.In(0)), g.Attributes.Function("then_branch"), g.Attributes.Function("else_branch"));

    private static void Case(LoweringContext g)
    {
        IReadOnlyList<FunctionAttr> branches = g.Attributes.Functions("branches");
        if (branches.Count != 2)
            throw g.Refuse($"chooses between {branches.Count} branches, and IF between two");
        Branch(g, g.Tf("Equal", g.In(0), g.Scalar(0, DType.Int32)), branches[0], branches[1]);
    }

    private static void Branch(LoweringContext g, Value condition, FunctionAttr then, FunctionAttr otherwise)
    {
        Value[] arguments = [.. g.Node.Inputs.Skip(1)];
        Fact[] facts = [.. arguments.Select(Known)];
        bool[] lists = [.. arguments.Select(g.IsList)];
        (FunctionAttr thenName, Function thenBody) = g.Function(then, facts, lists);
        (FunctionAttr otherwiseName, Function otherwiseBody) = g.Function(otherwise, facts, lists);
        Fact[] results = [.. thenBody.Results.Zip(otherwiseBody.Results, (a, b) => Join(LoweringContext.Fact(a.Value), LoweringContext.Fact(b.Value)))];
        if (results.Any(r => r.DType == DType.Invalid))
            throw g.Refuse("has branches that give tensors of different types");
        Value[] made = g.Emit("IF", [condition, .. arguments], new() { { "then_subgraph_index", thenName }, { "else_subgraph_index", otherwiseName } }, results);
        for (int i = 0; i < made.Length; i++)
            g.Set(i, g.Output(i).DType is DType.Variant or DType.Resource ? g.AsList(made[i]) : made[i]);
    }

    private static void While(LoweringContext g)
    {
        Value[] state = [.. g.Node.Inputs.Select((v, i) => ListLowering.Typed(g, v, i))];
        bool[] lists = [.. state.Select(g.IsList)];
        Fact[] facts = [.. state.Select((v, i) => lists[i] || g.Output(i).DType is DType.Variant or DType.Resource ? Known(v) : Join(Known(v), g.Output(i) with { Constant = null }))];
        for (int round = 0; ; round++)
        {
            (FunctionAttr body, Function lowered) = g.Function(g.Attributes.Function("body"), facts, lists);
            Fact[] joined = [.. facts.Select((f, i) => Join(f, LoweringContext.Fact(lowered.Results[i].Value)))];
            if (joined.Any(f => f.DType == DType.Invalid))
                throw g.Refuse("has a variable whose type changes in the loop");
            if (round < MaxRounds && !joined.Zip(facts, (a, b) => a.Shape == b.Shape).All(same => same))
            {
                facts = joined;
                continue;
            }

            (FunctionAttr condition, _) = g.Function(g.Attributes.Function("cond"), facts, lists);
            Value[] made = g.Emit("WHILE", state, new() { { "cond_subgraph_index", condition }, { "body_subgraph_index", body } }, joined);
            for (int i = 0; i < made.Length; i++)
                g.Set(i, lists[i] ? g.AsList(made[i]) : made[i]);
            return;
        }
    }

    /// <summary>A condition as one bool.</summary>
    public static Value Truth(LoweringContext g, Value condition) =>
        LoweringContext.Fact(condition).DType == DType.Bool ? condition : g.Tf("NotEqual", condition, g.Scalar(0, LoweringContext.Fact(condition).DType));

    private static Fact Known(Value value) => LoweringContext.Fact(value) with { Constant = null };

    private static Fact Join(Fact a, Fact b) => new(a.DType == b.DType ? a.DType : DType.Invalid, Join(a.Shape, b.Shape));

    private static Shape Join(Shape a, Shape b) => !a.HasRank || !b.HasRank || a.Rank != b.Rank ? Shape.Unknown
        : new Shape([.. Enumerable.Range(0, a.Rank).Select(i => a[i] == b[i] ? a[i] : -1)]);
}
