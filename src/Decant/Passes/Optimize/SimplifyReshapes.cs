using Decant.IR;
using Decant.Ops;

namespace Decant.Passes.Optimize;

/// <summary>
/// reshape(reshape(x, a), b) = reshape(x, b), with <c>Squeeze</c> and <c>ExpandDims</c> in the first place as well; a chain of them
/// whose result has the shape of x = x; a shape that is packed from numbers of which one is not known has −1 in its place.
/// </summary>
internal sealed class SimplifyReshapes() : NodePass("simplify_reshapes")
{
    protected override Patch? Try(Node node, PassContext context)
    {
        if (!IsReshape(node))
            return null;
        Value source = node.Inputs[0];
        List<Node> chain = [node];
        while (source.Port == 0 && IsReshape(source.Node) && chain.Count < 64)
        {
            chain.Add(source.Node);
            source = source.Node.Inputs[0];
            if (Gives(node, source))
                return Forward(node, source, chain);
        }

        if (Gives(node, node.Inputs[0]))
            return Rewrites.Forward(Name, node, node.Inputs[0], "has this shape already");
        if (node.Op != "Reshape")
            return null;
        if (chain.Count > 1)
        {
            return new Patch($"{Name}: {node.Name} ({chain.Count - 1} reshapes before it)").Change(node, n =>
            {
                n.Inputs[0] = source;
                n.ControlInputs.AddRange(Rewrites.Waits(chain.Skip(1)).Except(n.ControlInputs));
            });
        }

        return Inferred(node, context);
    }

    private Patch Forward(Node node, Value source, List<Node> chain) => new Patch($"{Name}: {node.Name} (has the shape of {source})").Change(node, n => n.Become(
        "Identity", [source], new AttributeMap { { "T", source.Fact().DType } }, Rewrites.Waits([.. chain, .. Rewrites.Constants(node)])));

    private static bool IsReshape(Node node) => node.Op.Dialect == Dialect.TensorFlow && node.Op.Name switch
    {
        "Reshape" or "ExpandDims" => node.Inputs.Count == 2 && node.Inputs[0].IsPresent && node.Inputs[1].IsPresent,
        "Squeeze" => node.Inputs.Count == 1 && node.Inputs[0].IsPresent,
        _ => false,
    };

    /// <summary>Whether a node's result has the shape of a value: all dimensions known, or all but the one that follows from the number of elements.</summary>
    private static bool Gives(Node node, Value value)
    {
        (Shape from, Shape to) = (value.Shape(), node.Fact(0).Shape);
        if (value.Fact().DType == DType.Invalid || !from.HasRank)
            return false;
        if (node.Op == "Reshape" && node.Inputs[1].Constant is { DType: DType.Int32 or DType.Int64, Shape.Rank: 1 } shape)
            to = new Shape(TensorInts.Read(shape, node));
        if (!to.HasRank || to.Rank != from.Rank)
            return false;
        int open = 0;
        for (int i = 0; i < from.Rank; i++)
        {
            open += to[i] < 0 ? 1 : 0;
            if (from[i] == 0 || (to[i] >= 0 && to[i] != from[i]))
                return false;
        }

        // With one dimension open on either side at the same place, the number of elements decides it.
        return open <= 1;
    }

    private Patch? Inferred(Node node, PassContext context)
    {
        Node pack = node.Inputs[1].Node;
        if (pack.Op != "Pack" || pack.Inputs.Count == 0 || node.Inputs[1].Constant is not null)
            return null;
        long[] sizes = new long[pack.Inputs.Count];
        int open = 0;
        for (int i = 0; i < sizes.Length; i++)
        {
            bool isKnown = pack.Inputs[i].Constant is { DType: DType.Int32 or DType.Int64, ElementCount: 1 } known && (sizes[i] = TensorInts.Read(known, pack)[0]) > 0;
            if (isKnown)
                continue;
            sizes[i] = -1;
            open++;
        }

        if (open != 1)
            return context.Decline(node, "more than one dimension of the shape is not known");
        var patch = new Patch($"{Name}: {node.Name} (the dimension that is not known follows from the others)");
        DType dtype = new NodeAttributes(pack).Type("T");
        Node shape = patch.AddConst($"{node.Name}/shape", dtype == DType.Int64 ? Tensor.Wrap(sizes) : Tensor.Wrap(Array.ConvertAll(sizes, s => (int)s)), Rewrites.Constants(pack));
        return patch.Change(node, n =>
        {
            n.Inputs[1] = shape;
            n.ControlInputs.AddRange(pack.ControlInputs.Except(n.ControlInputs));
        });
    }
}
