using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// FakeQuantWithMinMaxVars(x, Assign(min, ...), Assign(max, ...)) = FakeQuantWithMinMaxVars(x, min, max) for constants: takes the moving
/// averages away that training quantized with. What computed them is left to strip_unused_nodes.
/// </summary>
internal sealed class RemoveEma() : NodePass("remove_ema")
{
    public static PassEntry Entry { get; } = new("remove_ema", "Makes fake quantization use the constant range instead of training's moving averages", _ => new RemoveEma());

    protected override Patch? Try(Node node, PassContext context)
    {
        if (node.Op != "FakeQuantWithMinMaxVars" || node.Inputs.Count != 3 || Assigned(node.Inputs[1]) is not { } min || Assigned(node.Inputs[2]) is not { } max)
            return null;
        return new Patch($"{Name}: {node.Name}").Change(node, n =>
        {
            n.Inputs[1] = min;
            n.Inputs[2] = max;
        });
    }

    private static Value? Assigned(Value value) => value is { IsPresent: true, Node: { Op.Name: "Assign", Inputs.Count: 2 } assign } && assign.Inputs[0].Constant is not null ? (Value?)assign.Inputs[0] : null;
}
