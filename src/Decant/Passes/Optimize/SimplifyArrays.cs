using Decant.IR;
using Decant.Ops;

namespace Decant.Passes.Optimize;

/// <summary>
/// Slices, tilings, paddings, repetitions, reversals and reductions that change nothing = x; a <c>Split</c> into one, a concatenation
/// of one = x; <c>Pack</c> of one is <c>ExpandDims</c>, <c>Unpack</c> into one is <c>Squeeze</c>; <c>Unpack</c> of <c>Pack</c> and <c>Split</c> of a concatenation of the
/// same pieces give those.
/// </summary>
internal sealed class SimplifyArrays() : NodePass("simplify_arrays")
{
    protected override Patch? Try(Node node, PassContext context)
    {
        if (node.Op.Dialect != Dialect.TensorFlow || node.Inputs.Count == 0 || node.Inputs.Exists(v => !v.IsPresent))
            return null;
        return node.Op.Name switch
        {
            "Slice" when node.Inputs.Count == 3 => SameShape(node) ? Forward(node, "covers all") : null,
            "StridedSlice" when node.Inputs.Count == 4 => SameShape(node) && Ints(node, 3) is { } strides && Array.TrueForAll(strides, s => s == 1) && IsPlain(node) ? Forward(node, "covers all") : null,
            "Tile" when node.Inputs.Count == 2 => Ints(node, 1) is { } times && Array.TrueForAll(times, t => t == 1) ? Forward(node, "repeats once") : null,
            "Pad" or "PadV2" or "MirrorPad" when node.Inputs.Count >= 2 => Ints(node, 1) is { } pads && Array.TrueForAll(pads, p => p == 0) ? Forward(node, "pads nothing") : null,
            "BroadcastTo" when node.Inputs.Count == 2 => SameShape(node) ? Forward(node, "has this shape already") : null,
            "ReverseV2" when node.Inputs.Count == 2 => Axes(node, 1) is { } axes && Array.TrueForAll(axes, a => node.Inputs[0].Shape()[a] == 1) ? Forward(node, "reverses dimensions of size 1") : null,
            "Sum" or "Mean" or "Max" or "Min" or "Prod" or "Any" or "All" when node.Inputs.Count == 2 => Reduction(node),
            "Split" when node.Inputs.Count == 2 => new NodeAttributes(node).Int("num_split") == 1 ? Forward(node, "splits into one", 1) : SplitOfConcat(node, context),
            "SplitV" when node.Inputs.Count == 3 => new NodeAttributes(node).Int("num_split") == 1 ? Forward(node, "splits into one") : null,
            "ConcatV2" when node.Inputs.Count == 2 => Forward(node, "joins one"),
            "AddN" or "AccumulateNV2" when node.Inputs.Count == 1 => Forward(node, "adds one"),
            "Pack" => Pack(node),
            "Unpack" => Unpack(node, context),
            _ => null,
        };
    }

    private Patch Forward(Node node, string what, int input = 0) => Rewrites.Forward(Name, node, node.Inputs[input], what);

    private static bool SameShape(Node node) =>
        node.Inputs[0].Shape() is { IsFullyKnown: true } shape && shape == node.Fact(0).Shape && (node.Op != "Slice" || Ints(node, 1) is { } begin && Array.TrueForAll(begin, b => b == 0));

    private static bool IsPlain(Node node) =>
        new NodeAttributes(node) is var attributes && attributes.Int("new_axis_mask") == 0 && attributes.Int("shrink_axis_mask") == 0;

    private static long[]? Ints(Node node, int input) =>
        node.Inputs[input].Constant is { DType: DType.Int32 or DType.Int64 } constant ? TensorInts.Read(constant, node) : null;

    /// <summary>Constant axes counted from the first dimension; null when the rank is not known.</summary>
    private static int[]? Axes(Node node, int input)
    {
        int rank = node.Inputs[0].Shape().Rank;
        return rank < 0 || Ints(node, input) is not { } axes || Array.Exists(axes, a => a < -rank || a >= rank) ? null
            : Array.ConvertAll(axes, a => (int)(a < 0 ? a + rank : a));
    }

    private Patch? Reduction(Node node)
    {
        if (Ints(node, 1) is { Length: 0 })
            return Forward(node, "reduces no dimension");
        return new NodeAttributes(node).Bool("keep_dims") && Axes(node, 1) is { } axes && Array.TrueForAll(axes, a => node.Inputs[0].Shape()[a] == 1)
            ? Forward(node, "reduces dimensions of size 1") : null;
    }

    private Patch? Pack(Node node)
    {
        var attributes = new NodeAttributes(node);
        long axis = attributes.Int("axis");
        if (node.Inputs.Count == 1)
        {
            var patch = new Patch($"{Name}: {node.Name} (packs one)");
            Node dimension = patch.AddConst($"{node.Name}/axis", Tensor.Scalar((int)axis), Rewrites.Constants(node));
            return patch.Change(node, n => n.Become("ExpandDims", [n.Inputs[0], dimension], new AttributeMap { { "T", attributes.Type("T") }, { "Tdim", DType.Int32 } }));
        }

        Node unpack = node.Inputs[0].Node;
        return unpack.Op == "Unpack" && unpack.Inputs.Count == 1 && new NodeAttributes(unpack) is var inner && inner.Int("num") == node.Inputs.Count && inner.Int("axis") == axis
            && node.Inputs.AsSpan().ToArray().Select((v, i) => v == new Value(unpack, i)).All(same => same)
            ? Rewrites.Forward(Name, node, unpack.Inputs[0], $"packs what {unpack.Name} unpacks", unpack) : null;
    }

    private Patch? Unpack(Node node, PassContext context)
    {
        var attributes = new NodeAttributes(node);
        long axis = attributes.Int("axis");
        Node pack = node.Inputs[0].Node;
        if (pack.Op == "Pack" && pack.Inputs.Count == attributes.Int("num") && new NodeAttributes(pack).Int("axis") == axis && pack.ControlInputs.Count == 0 && node.ControlInputs.Count == 0)
            return Pieces(node, [.. pack.Inputs], $"unpacks what {pack.Name} packs", context);
        return node.Inputs.Count != 1 || attributes.Int("num") != 1 ? null
            : new Patch($"{Name}: {node.Name} (unpacks one)").Change(node, n => n.Become("Squeeze", [n.Inputs[0]], new AttributeMap { { "T", attributes.Type("T") }, { "squeeze_dims", new ListAttr { Ints = [axis] } } }));
    }

    private Patch? SplitOfConcat(Node node, PassContext context)
    {
        Node concat = node.Inputs[1].Node;
        long count = new NodeAttributes(node).Int("num_split");
        if (concat.Op != "ConcatV2" || concat.Inputs.Count != count + 1 || concat.ControlInputs.Count > 0 || node.ControlInputs.Count > 0 || node.Inputs[0].Constant is not { ElementCount: 1 } axis || concat.Inputs[(int)count].Constant is not { ElementCount: 1 } joined)
            return null;
        int rank = node.Inputs[1].Shape().Rank;
        Shape first = concat.Inputs[0].Shape();
        if (rank < 0 || !first.IsFullyKnown || concat.Inputs.AsSpan()[..(int)count].ToArray().Any(v => v.Shape() != first))
            return null;
        (long a, long b) = (TensorInts.Read(axis, node)[0], TensorInts.Read(joined, concat)[0]);
        return (a + rank) % rank != (b + rank) % rank ? null : Pieces(node, concat.Inputs.AsSpan()[..(int)count].ToArray(), $"splits what {concat.Name} joins", context);
    }

    private Patch? Pieces(Node node, Value[] pieces, string what, PassContext context)
    {
        if (context.IsKept(node))
            return context.Decline(node, "is an output, whose name stays");
        var patch = new Patch($"{Name}: {node.Name} ({what})");
        for (int port = 0; port < pieces.Length; port++)
            patch.Replace(new Value(node, port), pieces[port]);
        return patch.Remove(node);
    }
}
