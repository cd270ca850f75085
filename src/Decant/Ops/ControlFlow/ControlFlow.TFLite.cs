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
        LoweredArgument[] lowered = [.. arguments.Select(a => new LoweredArgument(Known(a), g.IsList(a), Constant(g, a)))];
        (FunctionAttr thenName, Function thenBody) = g.Function(then, lowered, isBody: false);
        (FunctionAttr otherwiseName, Function otherwiseBody) = g.Function(otherwise, lowered, isBody: false);
        Fact[] results = [.. thenBody.Results.Zip(otherwiseBody.Results, (a, b) => Join(LoweringContext.Fact(a.Value), LoweringContext.Fact(b.Value)))];
        if (results.Any(r => r.DType == DType.Invalid))
            throw g.Refuse("has branches that give tensors of different types");
        Value[] made = g.Emit("IF", [condition, .. arguments.Where(a => Constant(g, a) is null)], new() { { "then_subgraph_index", thenName }, { "else_subgraph_index", otherwiseName } }, results);
        for (int i = 0; i < made.Length; i++)
            g.Set(i, g.Output(i).DType is DType.Variant or DType.Resource ? g.AsList(made[i]) : made[i]);
    }

    private static void While(LoweringContext g)
    {
        Value[] state = [.. g.Node.Inputs.Select((v, i) => ListLowering.Typed(g, v, i))];
        LoweredArgument[] arguments = [.. state.Select((v, i) => new LoweredArgument(Known(v), g.IsList(v), g.IsInvariant(i) ? Constant(g, v) : null))];
        int[] varied = [.. Enumerable.Range(0, state.Length).Where(i => arguments[i].Constant is null)];
        for (int round = 0; ; round++)
        {
            (FunctionAttr body, Function lowered) = g.Function(g.Attributes.Function("body"), arguments, isBody: true);
            Fact[] joined = [.. varied.Select((v, i) => Join(arguments[v].Fact, LoweringContext.Fact(lowered.Results[i].Value)))];
            if (joined.Any(f => f.DType == DType.Invalid))
                throw g.Refuse("has a variable whose type changes in the loop");
            if (round <= MaxRounds && !varied.Zip(joined, (v, f) => arguments[v].Fact.Shape == f.Shape).All(same => same))
            {
                // What still changes then is what the loop declares.
                for (int i = 0; i < varied.Length; i++)
                    arguments[varied[i]] = arguments[varied[i]] with { Fact = round == MaxRounds && !arguments[varied[i]].IsList ? Join(joined[i], g.Output(varied[i]) with { DType = joined[i].DType }) : joined[i] };
                continue;
            }

            (FunctionAttr condition, _) = g.Function(g.Attributes.Function("cond"), arguments, isBody: false);
            Value[] made = g.Emit("WHILE", [.. varied.Select(v => state[v])], new() { { "cond_subgraph_index", condition }, { "body_subgraph_index", body } }, joined);
            for (int i = 0; i < state.Length; i++)
                g.Set(i, state[i]);
            for (int i = 0; i < made.Length; i++)
                g.Set(varied[i], arguments[varied[i]].IsList ? g.AsList(made[i]) : made[i]);
            return;
        }
    }

    /// <summary>What a function has instead of an argument, so that its operators see their weights.</summary>
    private static TensorAttr? Constant(LoweringContext g, Value value) => value.Node.Op == "Const" && !g.IsList(value) ? value.Node.Attributes["value"] as TensorAttr : null;

    /// <summary>A condition as one bool.</summary>
    public static Value Truth(LoweringContext g, Value condition) =>
        LoweringContext.Fact(condition).DType == DType.Bool ? condition : g.Tf("NotEqual", condition, g.Scalar(0, LoweringContext.Fact(condition).DType));

    private static Fact Known(Value value) => LoweringContext.Fact(value) with { Constant = null };

    private static Fact Join(Fact a, Fact b) => new(a.DType == b.DType ? a.DType : DType.Invalid, a.Shape.Join(b.Shape));
}
