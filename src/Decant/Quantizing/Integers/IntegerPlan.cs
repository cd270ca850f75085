using Decant.IR;
using Decant.Ops.TFLite.Recurrent;
using Decant.Quantizing.Calibration;

namespace Decant.Quantizing.Integers;

/// <summary>Which operators of a subgraph compute with integers, and the grids of what they read and give.</summary>
internal sealed class IntegerPlan
{
    private readonly HashSet<Node> _integers = [];
    private readonly Dictionary<Value, GridGroup> _groups = [];
    private readonly Dictionary<Value, ValueRange> _ranges;
    private readonly Dictionary<Value, List<Node>> _readers = [];

    /// <summary>Plans.</summary>
    /// <param name="function">The subgraph, in order.</param>
    /// <param name="activations">int8 or int16.</param>
    /// <param name="ranges">The ranges of values, as far as they are known; those that follow from others are added.</param>
    /// <param name="keepsFloat">Whether an operator is to stay float.</param>
    /// <param name="hasIntegerArguments">Whether the caller gives integers.</param>
    /// <param name="lstms">What examples showed inside LSTMs, or null.</param>
    public IntegerPlan(Function function, DType activations, Dictionary<Value, ValueRange> ranges, Predicate<Node> keepsFloat, bool hasIntegerArguments, LstmRanges? lstms = null)
    {
        (Function, Activations, _ranges, Lstms) = (function, activations, ranges, lstms);
        foreach (Node node in function.Nodes)
        {
            foreach (Value input in node.Inputs)
            {
                if (input.IsPresent)
                    (_readers.TryGetValue(input, out List<Node>? readers) ? readers : _readers[input] = []).Add(node);
            }
        }

        SpreadRanges();
        Choose(keepsFloat, hasIntegerArguments);
        Group();
    }

    public Function Function { get; }

    /// <summary>int8 or int16.</summary>
    public DType Activations { get; }

    /// <summary>The operators that compute with integers, in order.</summary>
    public IEnumerable<Node> Integers => Function.Nodes.Where(_integers.Contains);

    /// <summary>What examples showed inside LSTMs.</summary>
    public LstmRanges? Lstms { get; }

    /// <summary>Whether a node is the float state of an operator that computes with integers, and has no use.</summary>
    public bool IsReplacedState(Node node) => node.Op == TFLiteParts.TensorOp && _readers.TryGetValue(node, out List<Node>? readers) && readers.TrueForAll(r => IsInteger(r) && Rule(r).IsLstm);

    public bool IsInteger(Node node) => _integers.Contains(node);

    public OperatorRule Rule(Node node) => OperatorRule.Find(node.Op.Name, Activations)!;

    /// <summary>The grid of a value that integer operators give or read.</summary>
    public Grid Grid(Value value) => _groups[value].Grid(Activations);

    /// <summary>The grid of an argument or result that the caller has as integers.</summary>
    /// <exception cref="ModelException">Nothing is known of its range.</exception>
    public Grid BorderGrid(Value value, string name) => _groups.TryGetValue(value, out GridGroup? group) ? group.Grid(Activations)
        : _ranges.TryGetValue(value, out ValueRange range) ? GridOf(range)
        : throw QuantizeErrors.CannotQuantize.At(value.Node.At(), $"'{name}' is to have integers, and nothing tells its range", "give examples with --calibrate, or leave it float32");

    /// <summary>The grid that an operand of an integer operator must have.</summary>
    public Grid OperandGrid(Node node, int input)
    {
        Value value = node.Inputs[input];
        if (Rule(node).Scaling == Scaling.Same)
            return Grid(Result(node));
        return value.Constant is { } constant ? GridOf(ValueRange.Of(constant.Span<float>())!.Value) : Grid(value);
    }

    /// <summary>The operands that are real numbers and neither weights nor bias.</summary>
    public IEnumerable<int> Activated(Node node)
    {
        OperatorRule rule = Rule(node);
        return Enumerable.Range(0, rule.IsLstm ? Math.Min(1, node.Inputs.Count) : node.Inputs.Count).Where(i => i != rule.Weights && i != rule.Bias && IsFloat(node.Inputs[i]));
    }

    /// <summary>The results that are real numbers.</summary>
    public static IEnumerable<Value> Results(Node node) => Enumerable.Range(0, node.Facts.Count).Select(port => new Value(node, port)).Where(IsFloat);

    private static Value Result(Node node) => Results(node).First();

    private static bool IsFloat(Value value) => value.IsPresent && value.Node.Fact(value.Port).DType == DType.Float32;

    private Grid GridOf(ValueRange range) => Quantizing.Integers.Grid.Of(range, Activations);

    /// <summary>Ranges go through operators that change none; those of functions whose range is known are given.</summary>
    private void SpreadRanges()
    {
        foreach (Node node in Function.Nodes)
        {
            if (OperatorRule.Find(node.Op.Name, Activations) is not { } rule)
                continue;
            if (rule.Scaling == Scaling.Fixed)
                _ranges[node] = rule.Fixed(Activations).Range;
            if (rule.Scaling != Scaling.Same)
                continue;
            List<ValueRange> known = [.. Activated(node).Select(i => Known(node.Inputs[i])).OfType<ValueRange>()];
            foreach (Value result in Results(node))
            {
                if (known.Count > 0 && known.Count == Activated(node).Count())
                    _ranges.TryAdd(result, known.Aggregate((a, b) => a.Union(b)));
            }
        }

        foreach (Node node in Function.Nodes.Reverse())
        {
            if (OperatorRule.Find(node.Op.Name, Activations) is not { Scaling: Scaling.Same } || !Results(node).Any() || !_ranges.TryGetValue(Result(node), out ValueRange range))
                continue;
            foreach (int input in Activated(node))
            {
                if (node.Inputs[input].Constant is null)
                    _ranges.TryAdd(node.Inputs[input], range);
            }
        }
    }

    private ValueRange? Known(Value value) => value.Constant is { } constant ? ValueRange.Of(constant.Span<float>()) : _ranges.TryGetValue(value, out ValueRange range) ? range : null;

    /// <summary>
    /// Operators that compute are integer where they can be. Those that only move or choose numbers, or look at them, are where their
    /// neighbours are.
    /// </summary>
    private void Choose(Predicate<Node> keepsFloat, bool hasIntegerArguments)
    {
        List<Node> moves = [];
        foreach (Node node in Function.Nodes)
        {
            if (node.Op.Dialect != Dialect.TFLite || keepsFloat(node) || !IsAble(node))
                continue;
            if (Rule(node).Scaling is Scaling.Free or Scaling.Fixed)
                _integers.Add(node);
            else
                moves.Add(node);
        }

        while (moves.RemoveAll(HasIntegerNeighbour) > 0)
        {
        }

        bool HasIntegerNeighbour(Node node) =>
            (Activated(node).Any(i => _integers.Contains(node.Inputs[i].Node) || (hasIntegerArguments && node.Inputs[i].Node.Op == Function.ArgOp))
                || (Rule(node).Scaling == Scaling.Same && Results(node).Any(r => _readers.GetValueOrDefault(r)?.Exists(_integers.Contains) ?? false)))
            && _integers.Add(node);
    }

    private bool IsAble(Node node)
    {
        if (OperatorRule.Find(node.Op.Name, Activations) is not { } rule || !Activated(node).Any())
            return false;
        if (rule.IsLstm && !(Lstms?.Of(node) is { } seen && IntegerLstmWeights.Takes(node, seen)))
            return false;
        bool hasResult = rule.Scaling == Scaling.Inputs || (Results(node).Any() && Results(node).All(_ranges.ContainsKey));
        return hasResult && Activated(node).All(i => Known(node.Inputs[i]) is not null && (node.Inputs[i].Constant is not { } constant || SymmetricWeights.AreFinite(constant.Span<float>())))
            && IsConstant(node, rule.Weights, isOptional: false) && IsConstant(node, rule.Bias, isOptional: true) && (rule.IsLstm || IsPlain(node));
    }

    private static bool IsConstant(Node node, int input, bool isOptional) =>
        input < 0 || (input < node.Inputs.Count && node.Inputs[input].IsPresent ? node.Inputs[input].Constant is { DType: DType.Float32, ElementCount: > 0 } constant && SymmetricWeights.AreFinite(constant.Span<float>()) : isOptional);

    // Float operators that hold on to other fused activations than integers can clamp.
    private static bool IsPlain(Node node) => node.Attributes["fused_activation_function"] is not StringAttr { Text: "TANH" or "SIGN_BIT" };

    private void Group()
    {
        foreach (Node node in Integers)
        {
            OperatorRule rule = Rule(node);
            foreach (Value operand in Activated(node).Select(i => node.Inputs[i]).Where(v => v.Constant is null).Concat(rule.Scaling == Scaling.Inputs ? [] : Results(node)))
            {
                if (_groups.TryAdd(operand, new GridGroup()))
                    _groups[operand].Include(_ranges[operand]);
            }

            if (rule.Scaling == Scaling.Fixed)
                _groups[node].Give(rule.Fixed(Activations));
        }

        foreach (Node node in Integers.Where(n => Rule(n).Scaling == Scaling.Same))
        {
            OperatorRule rule = Rule(node);
            GridGroup group = _groups[Result(node)];
            foreach (Value result in Results(node).Skip(1))
                group.Join(_groups[result]);
            List<Value> operands = [.. Activated(node).Select(i => node.Inputs[i]).Where(v => v.Constant is null).Distinct()];
            foreach (Value operand in operands)
            {
                bool isOnly = _readers[operand].Count == 1 && _integers.Contains(operand.Node) && !Function.Results.Exists(r => r.Value == operand);
                if ((operands.Count == 1 || isOnly) && group.Fits(_groups[operand]))
                    group.Join(_groups[operand], rule.IsLimit && isOnly);
            }

            foreach (int input in Activated(node))
            {
                if (rule.IsTable && node.Inputs[input].Constant is { } table)
                    group.Include(ValueRange.Of(table.Span<float>())!.Value);
            }
        }
    }
}
