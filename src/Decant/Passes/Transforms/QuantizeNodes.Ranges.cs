using Decant.IR;

namespace Decant.Passes.Transforms;

/// <content>Ranges that training left in the graph, and quantizing twice.</content>
internal sealed partial class QuantizeNodes
{
    private const string FakeQuant = "FakeQuantWithMinMaxVars";
    private const int LongestChain = 3;

    /// <summary>
    /// FQ(f(x)) = f(FQ(x)) for f that pick or move values: so that the range stands right behind the op that is requantized by it.
    /// </summary>
    private IEnumerable<Patch> Hoists(PassContext context)
    {
        foreach (Node fake in context.Graph.Nodes.Where(n => IsFakeQuant(n) && !context.IsKept(n)).ToList())
        {
            var chain = new List<Node>();
            for (Node next = fake.Inputs[0].Node; chain.Count < LongestChain && next.Inputs.Count == 1 && MovesValues(next) && context.HasOneUse(next) && next.Inputs[0].IsPresent; next = next.Inputs[0].Node)
                chain.Add(next);
            if (chain.Count == 0 || fake.Inputs[0].Port != 0)
                continue;
            Node last = chain[^1];
            Node first = chain[0];
            var patch = new Patch($"{Name}: {fake.Name} hoisted");
            Node hoisted = patch.Add($"{fake.Name}_hoisted", FakeQuant, [last.Inputs[0], fake.Inputs[1], fake.Inputs[2]], fake.Attributes.Clone());
            hoisted.Device = fake.Device;
            hoisted.ControlInputs.AddRange(fake.ControlInputs);
            yield return patch.Change(last, n => n.Inputs[0] = hoisted).Replace(fake, first).Rename(first, fake.Name).Remove(fake);
        }
    }

    /// <summary>FQ(x, min, max) = Dequantize(Requantize(QuantizeV2(x, min, max), min, max)).</summary>
    private IEnumerable<Patch> FakeQuants(PassContext context)
    {
        foreach (Node fake in context.Graph.Nodes.Where(IsFakeQuant).ToList())
        {
            if ((fake.Attributes["num_bits"] as IntAttr)?.Value is not (null or 8) || fake.Attributes["narrow_range"] is BoolAttr { Value: true })
            {
                context.Decline(fake, "has other than 8 bits, or the narrow range");
                continue;
            }

            (Value min, Value max) = (fake.Inputs[1], fake.Inputs[2]);
            var patch = new Patch($"{Name}: {fake.Name}");
            Node quantize = patch.Add($"{fake.Name}_eightbit/quantize", "QuantizeV2", [fake.Inputs[0], min, max], new AttributeMap { { "T", DType.QInt32 }, { "mode", "MIN_FIRST" } });
            Node requantize = patch.Add(
                $"{fake.Name}_eightbit/requantize", "Requantize", [quantize, new Value(quantize, 1), new Value(quantize, 2), min, max],
                new AttributeMap { { "Tinput", DType.QInt32 }, { "out_type", DType.QUInt8 } });
            Node dequantize = Dequantize(patch, fake.Name, requantize, new Value(requantize, 1), new Value(requantize, 2));
            quantize.ControlInputs.AddRange(fake.ControlInputs);
            foreach (Node added in patch.Added)
                added.Device = fake.Device;
            yield return patch.Replace(fake, dequantize).Remove(fake);
        }
    }

    /// <summary>A result that is requantized by its own range and then by a constant one is requantized by the constant one at once.</summary>
    private IEnumerable<Patch> Merges(PassContext context)
    {
        foreach (Node outer in context.Graph.Nodes.Where(n => n.Op == "Requantize" && n.Inputs.Count == 5).ToList())
        {
            if (Behind(outer.Inputs[0], "QuantizeV2", 3) is not { } quantize || quantize.Inputs[1].Constant is null || quantize.Inputs[2].Constant is null || outer.Inputs[3].Constant is null || outer.Inputs[4].Constant is null)
                continue;
            if (Behind(quantize.Inputs[0], "Dequantize", 3) is not { } dequantize || Behind(dequantize.Inputs[0], "Requantize", 5) is not { } inner)
                continue;
            Node max = Behind(inner.Inputs[4], "Maximum", 2)?.Inputs[0].Node ?? inner.Inputs[4].Node;
            if (inner.Inputs[3].Node.Op != "RequantizationRange" || max != inner.Inputs[3].Node || !Enumerable.Range(1, 2).All(i => dequantize.Inputs[i] == new Value(inner, i) && outer.Inputs[i] == new Value(quantize, i)))
                continue;
            Value[] values = [inner.Inputs[0], inner.Inputs[1], inner.Inputs[2]];
            yield return new Patch($"{Name}: {outer.Name} merged").Change(outer, n =>
            {
                for (int i = 0; i < values.Length; i++)
                    n.Inputs[i] = values[i];
            });
        }
    }

    /// <summary>What was dequantized and is quantized again by its own range never was a float.</summary>
    private IEnumerable<Patch> Redundant(PassContext context)
    {
        foreach (Node quantize in context.Graph.Nodes.Where(n => n.Op == "QuantizeV2" && n.Inputs.Count == 3 && !context.IsKept(n)).ToList())
        {
            Value value = quantize.Inputs[0];
            if (Behind(value, "Dequantize", 3) is not { } dequantize || !IsEightBit(quantize) || !IsEightBit(dequantize) || !IsRange(quantize.Inputs[1], "Min", value) || !IsRange(quantize.Inputs[2], "Max", value))
                continue;
            var patch = new Patch($"{Name}: {quantize.Name} is what it was");
            for (int i = 0; i < 3; i++)
                patch.Replace(new Value(quantize, i), dequantize.Inputs[i]);
            Node[] gone = [.. Unneeded(quantize, context)];
            yield return patch.Remove(gone);
        }
    }

    /// <summary>A node, and what only it and others that go needed, up to the next value that somebody else reads.</summary>
    private static HashSet<Node> Unneeded(Node root, PassContext context)
    {
        var gone = new HashSet<Node> { root };
        var open = new Stack<Node>([root]);
        while (open.TryPop(out Node? node))
        {
            // What a Dequantize reads, the readers of the root read now.
            if (node.Op == "Dequantize")
                continue;
            foreach (Node input in node.Inputs.AsSpan().ToArray().Select(i => i.Node).Concat(node.ControlInputs.AsSpan().ToArray()))
            {
                if (input.Op.Name is "Dequantize" or "Const" or "Reshape" or "Min" or "Max" && !gone.Contains(input) && !context.IsKept(input) && context.Users(input).All(gone.Contains))
                {
                    gone.Add(input);
                    open.Push(input);
                }
            }
        }

        return gone;
    }

    private static bool IsRange(Value range, string op, Value value) =>
        Behind(range, op, 2) is { } reduce && (reduce.Inputs[0] == value || (Behind(reduce.Inputs[0], "Reshape", 2) is { } flat && flat.Inputs[0] == value && ConstantInts.Of(flat.Inputs[1], 1) is [-1] && ConstantInts.Of(reduce.Inputs[1], 1) is [0]));

    private static bool IsEightBit(Node node) => node.Attributes["T"] is TypeAttr { Value: DType.QUInt8 } && node.Attributes["mode"] is StringAttr { Text: "MIN_FIRST" };

    private static Node? Behind(Value value, string op, int inputs) =>
        value is { IsPresent: true, Port: 0 } && value.Node.Op == op && value.Node.Inputs.Count == inputs && !value.Node.Inputs.Exists(i => !i.IsPresent) ? value.Node : null;

    private static bool IsFakeQuant(Node node) => node.Op == FakeQuant && node.Inputs.Count == 3 && node.Inputs[0].IsPresent && node.Inputs[1].Constant is not null && node.Inputs[2].Constant is not null;

    private static bool MovesValues(Node node) => node.Op.Name is "Identity" or "StopGradient" or "Squeeze" or "MaxPool" or "Relu" or "Snapshot";
}
