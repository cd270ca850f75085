using Decant.IR;
using Decant.Ops;

namespace Decant.Passes.Optimize;

/// <summary>
/// transpose(transpose(x, p), q) = transpose(x, p∘q); a transposition that moves nothing = x, and one that moves only dimensions of
/// size 1 is a <c>Reshape</c>.
/// </summary>
internal sealed class SimplifyTransposes() : NodePass("simplify_transposes")
{
    protected override Patch? Try(Node node, PassContext context)
    {
        if (Permutation(node) is not { } permutation)
            return null;
        if (IsSorted(permutation))
            return Rewrites.Forward(Name, node, node.Inputs[0], "moves nothing");
        Shape shape = node.Inputs[0].Shape();
        if (shape.Rank == permutation.Length && shape.IsFullyKnown && IsSorted([.. permutation.Where(p => shape[(int)p] != 1)]))
        {
            var reshape = new Patch($"{Name}: {node.Name} (moves dimensions of size 1)");
            Node sizes = reshape.AddConst($"{node.Name}/shape", Tensor.Wrap(Array.ConvertAll(permutation, p => (int)shape[(int)p])), Rewrites.Constants(node));
            return reshape.Change(node, n => n.Become("Reshape", [n.Inputs[0], sizes], new AttributeMap { { "T", new NodeAttributes(n).Type("T") }, { "Tshape", DType.Int32 } }));
        }

        if (node.Inputs[0] is not { Port: 0 } before || Permutation(before.Node) is not { } first || first.Length != permutation.Length)
            return null;
        int[] both = Array.ConvertAll(permutation, p => (int)first[p]);
        var patch = new Patch($"{Name}: {node.Name} ({before.Node.Name} and {node.Name})");
        Node constant = patch.AddConst($"{node.Name}/perm", Tensor.Wrap(both), [.. Rewrites.Constants(node), .. Rewrites.Constants(before.Node)]);
        return patch.Change(node, n =>
        {
            n.Inputs[0] = before.Node.Inputs[0];
            n.Inputs[1] = constant;
            n.Attributes.Set("Tperm", DType.Int32);
            n.ControlInputs.AddRange(before.Node.ControlInputs.Except(n.ControlInputs));
        });
    }

    private static long[]? Permutation(Node node)
    {
        if (node.Op.Dialect != Dialect.TensorFlow || node.Op != "Transpose" || node.Inputs.Count != 2 || node.Inputs[1].Constant is not { DType: DType.Int32 or DType.Int64, Shape.Rank: 1 } constant)
            return null;
        long[] permutation = TensorInts.Read(constant, node);
        for (int i = 0; i < permutation.Length; i++)
            permutation[i] = permutation[i] < 0 ? permutation[i] + permutation.Length : permutation[i];
        return permutation.Order().Select((p, i) => p == i).All(same => same) ? permutation : null;
    }

    private static bool IsSorted(long[] permutation)
    {
        for (int i = 1; i < permutation.Length; i++)
        {
            if (permutation[i] < permutation[i - 1])
                return false;
        }

        return true;
    }
}
