using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// x * m + (beta - mean * m) with m = rsqrt(variance + epsilon) * gamma is a batch normalization: it becomes one
/// <c>BatchNormWithGlobalNormalization</c>. The original made an op <c>BatchNorm</c> of its own, which no release had.
/// </summary>
internal sealed class FoldBatchNormsAlgebraic() : NodePass("fold_batch_norms_algebraic")
{
    public static PassEntry Entry { get; } = new("fold_batch_norms_algebraic", "Makes batch normalizations that are written out one node each", _ => new FoldBatchNormsAlgebraic());

    protected override Patch? Try(Node node, PassContext context)
    {
        if (node.Op.Name is not ("Add" or "AddV2") || Of(node, 0, "Mul") is not { } scaled || Of(node, 1, "Sub") is not { } rest || Of(rest, 1, "Mul") is not { } shift)
            return null;
        Node factor = scaled.Inputs[1].Node;
        if (scaled.Inputs[1] != shift.Inputs[1] || factor.Op != "Mul" || factor.Inputs.Count != 2 || factor.Inputs[0].Node is not { Op.Name: "Rsqrt", Inputs.Count: 1 } root
            || root.Inputs[0].Node is not { Op.Name: "Add" or "AddV2", Inputs.Count: 2 } sum)
        {
            return null;
        }

        if (sum.Inputs[1].Constant is not { DType: DType.Float32, ElementCount: 1 } epsilon)
            return context.Decline(node, "what is added to the variance is no constant number");
        (Value x, Value mean, Value variance, Value beta, Value gamma) = (scaled.Inputs[0], shift.Inputs[0], sum.Inputs[0], rest.Inputs[0], factor.Inputs[1]);
        if (x.Node.Fact(x.Port).Shape.Rank != 4 || x.Node.Fact(x.Port).DType != DType.Float32)
            return context.Decline(node, "what is normalized is not known to be images of float32");
        if (new[] { mean, variance, beta, gamma }.Any(v => !v.IsPresent || v.Node.Fact(v.Port).Shape.Rank != 1))
            return context.Decline(node, "mean, variance, beta and gamma are not all known to be vectors");
        Node[] inner = [scaled, rest, shift, factor, root, sum];
        HashSet<Node> all = [.. inner, node];
        if (Array.Find(inner, n => context.IsKept(n) || context.Users(n).Any(u => !all.Contains(u))) is { } shared)
            return context.Decline(node, $"'{shared.Name}' is read by others too, or is an output");
        var patch = new Patch($"{Name}: {node.Name}");
        Node norm = patch.Add(node.Name, "BatchNormWithGlobalNormalization", [x, mean, variance, beta, gamma], new AttributeMap
        {
            { "T", DType.Float32 }, { "variance_epsilon", epsilon.Span<float>()[0] }, { "scale_after_normalization", true },
        });
        norm.Device = node.Device;
        norm.ControlInputs.AddRange(all.SelectMany(n => n.ControlInputs.AsSpan().ToArray()).Where(n => !all.Contains(n)).Distinct());
        patch.Replace(node, norm).Remove([.. all]);
        patch.RemoveWith(sum, context, sum.Inputs[1]);
        return patch;
    }

    private static Node? Of(Node node, int input, string op) => node.Inputs.Count == 2 && node.Inputs[input] is { IsPresent: true, Port: 0, Node: { Inputs.Count: 2 } before } && before.Op == op && before.Inputs[1].IsPresent ? before : null;
}
