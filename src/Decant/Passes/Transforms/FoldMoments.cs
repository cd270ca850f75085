using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// Mean((x - m) * (x - m)) = Mean(SquaredDifference(x, m)) with m = Mean(x): the variance as old programs write it out, one pass over x less.
/// The original made an op <c>Moments</c> of its own, which no release had.
/// </summary>
internal sealed class FoldMoments() : NodePass("fold_moments")
{
    public static PassEntry Entry { get; } = new("fold_moments", "Makes what computes a variance Mean and SquaredDifference", _ => new FoldMoments());

    protected override Patch? Try(Node node, PassContext context)
    {
        if (Reduced(node) is not { } square || square.Op != "Mul" || square.Inputs.Count != 2 || square.Inputs[0] != square.Inputs[1] || square.Inputs[0].Node is not { Op.Name: "Sub", Inputs.Count: 2 } centred)
            return null;
        (Value x, Value mean) = (centred.Inputs[0], centred.Inputs[1]);
        if (!x.IsPresent || !mean.IsPresent || mean.Node.Op != "Mean" || mean.Node.Inputs.Count != 2 || mean.Node.Inputs[0] != x)
            return null;
        if (mean.Node.Inputs[1].Constant is null || node.Inputs[1].Constant is null)
            return context.Decline(node, "the axes are no constants");
        if (!context.HasOneUse(square))
            return context.Decline(node, $"'{square.Name}' is read by others too, or is an output");
        var patch = new Patch($"{Name}: {node.Name}");
        Node difference = patch.Add(square.Name, "SquaredDifference", [x, mean], new AttributeMap { { "T", square.Attributes["T"] ?? DType.Float32 } });
        difference.Device = square.Device;
        difference.ControlInputs.AddRange(square.ControlInputs);
        patch.Replace(square, difference).Remove(square);
        if (context.IsOnlyReadBy(centred, square))
        {
            difference.ControlInputs.AddRange(centred.ControlInputs.Except(difference.ControlInputs));
            patch.Remove(centred);
        }

        return patch;
    }

    private static Node? Reduced(Node node) => node is { Op.Name: "Mean", Inputs: { Count: 2 } inputs } && inputs[0].IsPresent && inputs[1].IsPresent ? inputs[0].Node : null;
}
