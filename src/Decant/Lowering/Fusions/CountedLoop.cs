using Decant.IR;

namespace Decant.Lowering.Fusions;

/// <summary>A loop that counts from 0 to a constant.</summary>
internal sealed class CountedLoop
{
    private readonly HashSet<Value> _counters = [];

    private CountedLoop(Node node, Function body) => (Node, Body) = (node, body);

    public Node Node { get; }

    public Function Body { get; }

    /// <summary>How often the body runs.</summary>
    public long Trips { get; private set; }

    /// <summary>The loop of an operator, or null.</summary>
    public static CountedLoop? Of(Node node, Model model)
    {
        if (node.Op.Name != "WHILE" || Called(node, "cond_subgraph_index", model) is not { Results: [var goesOn] } condition || Called(node, "body_subgraph_index", model) is not { } body)
            return null;
        var loop = new CountedLoop(node, body);
        for (int i = 0; i < body.ArgNodes.Count; i++)
        {
            Value argument = body.ArgNodes[i];
            if (node.Inputs[i].Constant is { DType: DType.Int32, ElementCount: 1 } first && first.Span<int>()[0] == 0
                && FusionGraph.Producer(body.Results[i].Value, "ADD") is { } next && Constants.Sides(next) is { Constant.Constant: { DType: DType.Int32, ElementCount: 1 } step } sides && sides.Other == argument && step.Span<int>()[0] == 1)
                loop._counters.Add(argument);
        }

        if (loop.Limit(goesOn.Value, condition) is not { } trips)
            return null;
        loop.Trips = trips;
        return loop;
    }

    /// <summary>Whether a value of the body is the number of the iteration.</summary>
    public bool IsCounter(Value value) => _counters.Contains(value);

    /// <summary>The index of the variable that a value of the body is at first, or -1.</summary>
    public int Variable(Value value) => value.Port == 0 ? Body.ArgNodes.IndexOf(value.Node) : -1;

    /// <summary>Whether a variable is the same in all iterations.</summary>
    public bool IsInvariant(int variable) => Body.Results[variable].Value == new Value(Body.ArgNodes[variable]);

    private static Function? Called(Node node, string attribute, Model model) => node.Attributes[attribute] is FunctionAttr function ? model.Functions.GetValueOrDefault(function.Name) : null;

    private long? Limit(Value goesOn, Function condition)
    {
        if (FusionGraph.Producer(goesOn, "LOGICAL_AND") is { } both)
            return Limit(both.Inputs[0], condition) is { } a && Limit(both.Inputs[1], condition) is { } b ? Math.Min(a, b) : null;
        return FusionGraph.Producer(goesOn, "LESS") is { } less && condition.ArgNodes.IndexOf(less.Inputs[0].Node) is >= 0 and var counter && IsCounter(Body.ArgNodes[counter])
            && less.Inputs[1].Constant is { DType: DType.Int32, ElementCount: 1 } limit ? limit.Span<int>()[0] : null;
    }
}
