using Decant.IR;
using Decant.Ops;
using static Decant.Lowering.Raising.RaisingTable;

namespace Decant.Lowering.Raising;

/// <summary>Operators that call subgraphs.</summary>
internal static class ControlRules
{
    public static IEnumerable<(string Name, RaisingRule Rule)> All =>
    [
        ("CALL", c => Call(c, "subgraph")),
        ("IF", If),
        ("STABLEHLO_COMPOSITE", c => Call(c, "decomposition_subgraph_index")),
        ("WHILE", While),
    ];

    private static Value[] Call(RaisingContext c, string option)
    {
        Function function = c.Function(option, c.Inputs);
        return Ports(c.Op("PartitionedCall", [.. c.Inputs], new() { { "f", Attr(function) }, { "Tout", Results(function) } }));
    }

    private static Value[] If(RaisingContext c)
    {
        Function then = c.Function("then_subgraph_index", c.Inputs.Skip(1)), otherwise = c.Function("else_subgraph_index", c.Inputs.Skip(1));
        Value condition = c.Shape(0) is { HasRank: true, Rank: > 0 } ? c.Op("Reshape", c.In(0), c.Ints()) : c.In(0);
        return Ports(c.Op("StatelessIf", [condition, .. c.Inputs.Skip(1)], new() { { "then_branch", Attr(then) }, { "else_branch", Attr(otherwise) }, { "Tout", Results(then) } }));
    }

    private static Value[] While(RaisingContext c)
    {
        IReadOnlyList<Shape> shapes = c.LoopShapes("body_subgraph_index");
        Function condition = c.Function("cond_subgraph_index", shapes), body = c.Function("body_subgraph_index", shapes);
        return Ports(c.Op("StatelessWhile", [.. c.Inputs], new() { { "cond", Attr(condition) }, { "body", Attr(body) } }));
    }

    private static FunctionAttr Attr(Function function) => new(function.Name, new());

    private static ListAttr Results(Function function) => new() { Types = [.. function.Results.Select(r => GraphBuilder.DTypeOf(r.Value))] };
}
