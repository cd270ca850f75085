using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// op(x, ...) = Dequantize(Requantize(Quantized_op(QuantizeV2(x, min(x), max(x)), ...))): nodes compute with 8-bit integers. Between two
/// of them the values stay integers.
/// </summary>
/// <remarks>
/// Ranges of 32-bit results are computed in every run, unless a FakeQuantWithMinMaxVars tells them or a fallback is given. What the
/// rewriting leaves without a reader goes again.
/// </remarks>
internal sealed partial class QuantizeNodes : Pass
{
    private readonly (float Min, float Max)? _input;
    private readonly (float Min, float Max)? _fallback;
    private readonly HashSet<string> _ignored;

    private QuantizeNodes(PassParameters parameters)
        : base("quantize_nodes")
    {
        _input = Range(parameters, "input");
        _fallback = Range(parameters, "fallback");
        _ignored = [.. parameters.All("ignore_op")];
    }

    public static PassEntry Entry { get; } = new("quantize_nodes", "Makes nodes compute with 8-bit integers", p => new QuantizeNodes(p))
    {
        Parameters =
        [
            new("input_min", "with input_max: float placeholders become 8-bit ones of this range"), new("input_max", "see input_min"),
            new("fallback_min", "with fallback_max: the range of all 32-bit results", "computed in every run"), new("fallback_max", "see fallback_min"),
            new("ignore_op", "an op whose nodes stay as they are") { Repeats = true },
        ],
    };

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        foreach (string op in _ignored)
            OpFilter.Missing(op, context);
        var made = new HashSet<Node>();
        foreach (Patch patch in Placeholders(context).Concat(Hoists(context)).Concat(FakeQuants(context)).Concat(Nodes(context)).Concat(Merges(context)).Concat(new MergeDuplicateNodes().Patches(context)).Concat(Redundant(context)))
        {
            made.UnionWith(patch.Added);
            yield return patch;
        }

        // Ranges and shapes that only served quantizations that are gone.
        for (Node[] unread = Unread(); unread.Length > 0; unread = Unread())
            yield return new Patch($"{Name}: {unread.Length} nodes that nobody reads").Remove(unread);
        Node[] Unread() => [.. made.Where(n => context.IsThere(n) && !context.IsKept(n) && context.Users(n).Count == 0)];
    }

    private static (float Min, float Max)? Range(PassParameters parameters, string what)
    {
        (string min, string max) = ($"{what}_min", $"{what}_max");
        if (parameters.Has(min) != parameters.Has(max))
            throw parameters.Fail(parameters.Has(min) ? min : max, $"You must pass both {min} and {max} into quantize_nodes");
        if (!parameters.Has(min))
            return null;
        (float lowest, float highest) = (parameters.Float(min, 0), parameters.Float(max, 0));
        return lowest < highest ? (lowest, highest) : throw parameters.Fail(max, $"{max} must be more than {min}");
    }

    private IEnumerable<Patch> Placeholders(PassContext context)
    {
        if (_input is not { } range)
            yield break;
        foreach (Node node in context.Graph.Nodes.Where(n => n.Op == "Placeholder" && context.Users(n).Count > 0).ToList())
        {
            if (node.Attributes["dtype"] is not TypeAttr { Value: DType.Float32 })
            {
                context.Decline(node, "is no placeholder of float32");
                continue;
            }

            var patch = new Patch($"{Name}: {node.Name}");
            Node min = patch.AddConst($"{node.Name}_eightbit/min", Tensor.Scalar(range.Min));
            Node max = patch.AddConst($"{node.Name}_eightbit/max", Tensor.Scalar(range.Max));
            Node dequantize = Dequantize(patch, $"{node.Name}_eightbit/dequantize", node, min, max);
            yield return patch.Change(node, n => n.Attributes["dtype"] = DType.QUInt8).Replace(node, dequantize);
        }
    }

    private IEnumerable<Patch> Nodes(PassContext context)
    {
        foreach (Node node in TopologicalOrder.Of(context.Graph))
        {
            if (Find(node.Op) is { } op && !_ignored.Contains(node.Op.Name) && Quantize(node, op, context) is { } patch)
                yield return patch;
        }
    }

    private Patch? Quantize(Node node, QuantizedOp op, PassContext context)
    {
        if (node.Attributes["T"] is not TypeAttr { Value: DType.Float32 } || node.Inputs.Count == 0 || node.Inputs.Exists(i => !i.IsPresent))
            return null;
        if (node.Op == "Reshape" && context.Users(node).All(u => u.Op.Name is "Min" or "Max"))
            return context.Decline(node, "serves to find a range alone");
        if (Unfit(node, op) is { } reason)
            return context.Decline(node, reason);
        var patch = new Patch($"{Name}: {node.Name}");
        int verbatim = op.Verbatim < 0 ? node.Inputs.Count + op.Verbatim : op.Verbatim;
        var quantized = new Dictionary<Value, Node>();
        var values = new List<Value>();
        var ranges = new List<Node>();
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            Value input = node.Inputs[i];
            if (op.HasVerbatim && i == verbatim)
            {
                values.Add(input);
                continue;
            }

            if (!quantized.TryGetValue(input, out Node? quantize))
                quantized[input] = quantize = QuantizeInput(patch, $"{node.Name}_eightbit/{input.Node.Name}{(input.Port == 0 ? "" : $"__port__{input.Port}")}", input);
            values.Add(quantize);
            ranges.Add(quantize);
        }

        // Concat takes its axis first in both forms.
        if (op.HasVerbatim && op.Verbatim < 0)
        {
            values.Insert(0, values[^1]);
            values.RemoveAt(values.Count - 1);
        }

        if (op.SeparatesRanges)
            values.AddRange([.. ranges.Select(r => new Value(r, 1)), .. ranges.Select(r => new Value(r, 2))]);
        else
            values.AddRange(ranges.SelectMany(r => new[] { new Value(r, 1), new Value(r, 2) }));
        Node main = patch.Add($"{node.Name}/eightbit", op.Quantized, [.. values], op.Attributes(node));
        main.ControlInputs.AddRange(node.ControlInputs);
        Node result = op.Is32Bit ? Requantize(patch, main) : main;
        Node dequantize = Dequantize(patch, node.Name, result, new Value(result, 1), new Value(result, 2));
        foreach (Node added in patch.Added)
            added.Device = node.Device;
        return patch.Replace(node, dequantize).Remove(node);
    }

    private static Node QuantizeInput(Patch patch, string name, Value input)
    {
        Node shape = patch.AddConst($"{name}/reshape_dims", Tensor.Wrap([-1]));
        Node axes = patch.AddConst($"{name}/reduction_dims", Tensor.Wrap([0]));
        shape.ControlInputs.Add(input.Node);
        axes.ControlInputs.Add(input.Node);
        Node flat = patch.Add($"{name}/reshape", "Reshape", [input, shape], new AttributeMap { { "T", DType.Float32 } });
        Node min = patch.Add($"{name}/min", "Min", [flat, axes], new AttributeMap { { "T", DType.Float32 }, { "keep_dims", false } });
        Node max = patch.Add($"{name}/max", "Max", [flat, axes], new AttributeMap { { "T", DType.Float32 }, { "keep_dims", false } });
        return patch.Add($"{name}/quantize", "QuantizeV2", [input, min, max], new AttributeMap { { "T", DType.QUInt8 }, { "mode", "MIN_FIRST" } });
    }

    private Node Requantize(Patch patch, Node main)
    {
        Value min, max;
        if (_fallback is { } range)
        {
            min = patch.AddConst($"{main.Name}/fallback_min", Tensor.Scalar(range.Min));
            max = patch.AddConst($"{main.Name}/fallback_max", Tensor.Scalar(range.Max));
        }
        else
        {
            Node found = patch.Add($"{main.Name}/requant_range", "RequantizationRange", [main, new Value(main, 1), new Value(main, 2)], new AttributeMap { { "Tinput", DType.QInt32 } });

            // The original takes the maximum as it is: of negative results alone no Relu behind them gave 0.
            Node zero = patch.AddConst($"{main.Name}/requant_range/zero", Tensor.Scalar(0f));
            zero.ControlInputs.Add(main);
            (min, max) = (found, patch.Add($"{main.Name}/requant_range/max", "Maximum", [new Value(found, 1), zero], new AttributeMap { { "T", DType.Float32 } }));
        }

        return patch.Add($"{main.Name}/requantize", "Requantize", [main, new Value(main, 1), new Value(main, 2), min, max], new AttributeMap { { "Tinput", DType.QInt32 }, { "out_type", DType.QUInt8 } });
    }

    private static Node Dequantize(Patch patch, string name, Value value, Value min, Value max) =>
        patch.Add(name, "Dequantize", [value, min, max], new AttributeMap { { "T", DType.QUInt8 }, { "mode", "MIN_FIRST" } });
}
