using Decant.IR;

namespace Decant.Passes.ControlFlow;

/// <summary>The condition under which each value of a graph without loops exists.</summary>
internal sealed class Conditions
{
    private const int MaxTerms = 256;

    private readonly Dictionary<Node, Condition> _nodes = [];
    private readonly Dictionary<Value, int> _numbers = [];
    private readonly List<Value> _predicates = [];
    private readonly Dictionary<Value, (Value Value, bool Negated)> _sources = [];
    private (Value Value, bool Holds)? _constant;

    public Conditions(Graph graph, IReadOnlyDictionary<string, Function> functions)
    {
        Order = TopologicalOrder.Of(graph);
        foreach (Node node in Order)
        {
            _nodes[node] = Find(node);
            bool effect = Effects.HasEffect(node, functions);
            if (effect || node.Inputs.Exists(i => WithEffect.Contains(i.Node)) || node.ControlInputs.Exists(WithEffect.Contains))
                WithEffect.Add(node);
        }
    }

    /// <summary>The nodes, inputs first.</summary>
    public List<Node> Order { get; }

    /// <summary>Nodes that have an effect or depend on one.</summary>
    public HashSet<Node> WithEffect { get; } = [];

    /// <summary>When a node runs.</summary>
    public Condition Of(Node node) => _nodes[node];

    /// <summary>When a value exists.</summary>
    public Condition Of(Value value)
    {
        if (!_nodes.TryGetValue(value.Node, out Condition? condition))
            throw value.Node.CannotRaise("is read before it can run: it stands in a loop that its reader is not part of");
        if (!value.Node.IsSwitch() || condition.IsNever)
            return condition;
        (int predicate, bool negated) = Predicate(value.Node);
        return condition.And(predicate, (value.Port == 1) != negated);
    }

    /// <summary>The number of the predicate of a Switch, and whether the Switch reads its negation.</summary>
    public (int Predicate, bool Negated) Predicate(Node node)
    {
        (Value value, bool negated) = Source(node.Inputs[1]);
        if (!_numbers.TryGetValue(value, out int number))
        {
            _numbers[value] = number = _predicates.Count;
            _predicates.Add(value);
        }

        return (number, negated);
    }

    /// <summary>The value that decides a predicate.</summary>
    public Value ValueOf(int predicate) => _predicates[predicate];

    /// <summary>What a predicate is a copy or the negation of.</summary>
    private (Value Value, bool Negated) Source(Value value)
    {
        var path = new List<(Value Value, bool Negates)>();
        (Value Value, bool Negated) source;
        while (!_sources.TryGetValue(value, out source))
        {
            bool negates = value.Node.Op == "LogicalNot";
            if (!negates && !value.Node.IsIdentity() && !value.Node.IsSwitch() && value.Node is not { Op.Name: "Print", Inputs.Count: > 0 })
            {
                source = Constant(value);
                break;
            }

            path.Add((value, negates));
            value = value.Node.Inputs[0];
        }

        for (int i = path.Count - 1; i >= 0; i--)
            _sources[path[i].Value] = source = (source.Value, source.Negated != path[i].Negates);
        return source;
    }

    /// <summary>Constant predicates, as folding makes several of one, are all the first of them or its negation.</summary>
    private (Value Value, bool Negated) Constant(Value value)
    {
        if (value.Constant is not { DType: DType.Bool, ElementCount: 1 } constant || !_nodes.TryGetValue(value.Node, out Condition? when) || when.IsNever || when.Terms.Length > 0)
            return (value, false);
        bool holds = constant.Span<bool>()[0];
        _constant ??= (value, holds);
        return (_constant.Value.Value, holds != _constant.Value.Holds);
    }

    private Condition Find(Node node)
    {
        Condition condition = Condition.Always;
        foreach (Node before in node.ControlInputs)
            condition = condition.And(_nodes[before]);
        if (node.IsMerge())
        {
            List<Condition> possible = [.. node.Inputs.Select(Of).Where(c => !c.IsNever)];
            return possible.Count == 0 ? Condition.Never : condition.And(possible.Aggregate((a, b) => a.Common(b)));
        }

        foreach (Value input in node.Inputs)
            condition = condition.And(Of(input));
        return condition.Terms.Length <= MaxTerms ? condition : throw node.CannotRaise($"runs under more than {MaxTerms} conditions");
    }
}
