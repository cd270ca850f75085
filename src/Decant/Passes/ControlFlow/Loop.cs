using Decant.IR;

namespace Decant.Passes.ControlFlow;

/// <summary>A TF1 loop taken apart: its variables in the order of the graph, what it takes from outside, its condition.</summary>
internal sealed class Loop
{
    private readonly IReadOnlyDictionary<Node, LoopFrame> _frames;
    private readonly Dictionary<Node, int> _variables = [];
    private readonly Dictionary<Node, int> _positions = [];
    private readonly HashSet<Value> _captured = [];

    public Loop(LoopFrame frame, IReadOnlyDictionary<Node, LoopFrame> frames, IEnumerable<Node> members)
    {
        (Frame, _frames) = (frame, frames);
        Node? condition = null;
        foreach (Node node in members)
        {
            _positions.Add(node, _positions.Count);
            if (node.IsLoopMerge())
            {
                _variables.Add(node, Variables.Count);
                Variables.Add(new Variable(node));
            }
            else if (node.IsLoopCond())
            {
                condition = condition is null ? node : throw node.CannotRaise($"the loop '{frame.Name}' has two LoopConds, this and '{condition.Name}'");
            }
        }

        Condition = condition ?? throw PassErrors.CannotRaise.At(Variables.FirstOrDefault()?.Merge.At(), $"the loop '{frame.Name}' has no LoopCond", Tf1Ops.CutHint);
    }

    public LoopFrame Frame { get; }

    /// <summary>The LoopCond.</summary>
    public Node Condition { get; }

    public List<Variable> Variables { get; } = [];

    /// <summary>Values from outside that the loop reads in every iteration.</summary>
    public List<Value> Captures { get; } = [];

    /// <summary>Nodes outside that must have run before the loop.</summary>
    public List<Node> Before { get; } = [];

    public bool Contains(Node node) => _frames.GetValueOrDefault(node) == Frame;

    /// <summary>Nodes of the loop in the order of the graph.</summary>
    public IEnumerable<Node> InOrder(IEnumerable<Node> nodes) => nodes.OrderBy(n => _positions[n]);

    public bool IsLoopSwitch(Node node)
    {
        if (!node.IsSwitch())
            return false;
        Node predicate = node.Inputs[1].Node;
        while (predicate.IsIdentity())
            predicate = predicate.Inputs[0].Node;
        return predicate == Condition;
    }

    /// <summary>The index of the variable that a value is, or -1.</summary>
    public int VariableOf(Value value) =>
        !_variables.TryGetValue(value.Node, out int index) ? -1
        : value.Port == 0 ? index : throw value.Node.CannotRaise("the iteration that its value_index tells is read, which a While does not give");

    public void Capture(Value value)
    {
        if (_captured.Add(value))
            Captures.Add(value);
    }

    public void RunBefore(Node node)
    {
        if (!Before.Contains(node))
            Before.Add(node);
    }

    /// <summary>A variable of a loop: the Merge of its first value and of the next ones.</summary>
    public sealed class Variable
    {
        public Variable(Node merge)
        {
            Merge = merge;
            if (merge.Inputs is not [var a, var b] || a.Node.IsNextIteration() == b.Node.IsNextIteration())
                throw merge.CannotRaise($"begins a loop's variable with {merge.Inputs.Count} inputs, expected an Enter and a NextIteration");
            (Enter, NextIteration) = a.Node.IsNextIteration() ? (b.Node, a.Node) : (a.Node, b.Node);
            if (!Enter.IsEnter())
                throw merge.CannotRaise($"begins a loop's variable with '{Enter.Name}' ({Enter.Op}), expected an Enter");
        }

        public Node Merge { get; }

        public Node Enter { get; }

        public Node NextIteration { get; }

        /// <summary>The element type.</summary>
        public DType DType => (Merge.Attributes["T"] as TypeAttr)?.Value.Deref() ?? throw GraphErrors.BadAttribute.At(Merge.At("T"), "is missing, expected a type");
    }
}
