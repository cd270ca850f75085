using Decant.IR;

namespace Decant.Passes.Optimize;

/// <summary>
/// id(x) = x: readers of <c>Identity</c>, <c>IdentityN</c>, <c>Snapshot</c>, <c>StopGradient</c>, <c>PreventGradient</c>, and of what is there for
/// finding faults, <c>CheckNumerics</c> and <c>Print</c>, read the input. <c>Assert</c> and <c>PrintV2</c> become a <c>NoOp</c>.
/// </summary>
/// <remarks>Checks are lost: a value that was refused before is computed with.</remarks>
internal sealed class RemoveIdentities(bool keepsPrints = false) : NodePass("remove_identities")
{
    protected override Patch? Try(Node node, PassContext context)
    {
        if (node.Op.Dialect != Dialect.TensorFlow)
            return null;
        switch (node.Op.Name)
        {
            case "Print" when keepsPrints:
                return null;
            case "Assert" or "PrintV2":
                // What was printed is not needed; what had an effect before the node is still waited for.
                return new Patch($"{Name}: {node.Name} ({node.Op.Name})").Change(node, n => n.Become("NoOp", [], [], [.. n.ControlInputs.Concat(n.Inputs.Select(v => v.Node)).Distinct()]));
            case "IdentityN" when node.Inputs.Count > 0:
            case "Identity" or "Snapshot" or "StopGradient" or "PreventGradient" or "CheckNumerics" or "CheckNumericsV2" or "Print" when node.Inputs.Count > 0 && node.Inputs[0].IsPresent:
                return Bypass(node, context);
            default:
                return null;
        }
    }

    private Patch? Bypass(Node node, PassContext context)
    {
        bool isKept = context.IsKept(node);
        if (node.Inputs.Exists(v => !v.IsPresent || OutputTypes.Of(v, context.Model.Functions).IsRef()))
            return context.Decline(node, "reads a variable, whose value it holds on to");
        Node[] readers = [.. context.Users(node)];
        if (isKept && readers.All(r => r.ControlInputs.Contains(node)))
            return node.Op.Name is "Identity" or "IdentityN" ? context.Decline(node, "is an output, whose name stays")
                : Rewrites.Forward(Name, node, node.Inputs[0], $"{node.Op.Name}, an output whose name stays");
        if (Array.Exists(readers, r => r.ControlInputs.Contains(node)) && node.Inputs.Exists(v => v.Node.Op.Name is "Switch" or "RefSwitch" or "Merge" or "RefMerge" or "Enter" or "RefEnter"))
            return context.Decline(node, "tells others which branch or loop they are in");
        if (node.ControlInputs.Count > 0 && isKept)
            return context.Decline(node, "is an output that waits for others");
        if (node.ControlInputs.Count > 0 && Array.Exists(readers, Ordering.IsControlFlow))
            return context.Decline(node, "makes a branch or loop wait for others");
        if (node.ControlInputs.Count * readers.Length > node.ControlInputs.Count + readers.Length)
            return context.Decline(node, $"its {readers.Length} readers would each wait for {node.ControlInputs.Count} nodes");

        var patch = new Patch($"{Name}: {node.Name} ({node.Op.Name})");
        int outputs = node.Op == "IdentityN" ? node.Inputs.Count : 1;
        for (int port = 0; port < outputs; port++)
            patch.Replace(new Value(node, port), node.Inputs[port]);
        if (isKept)
            return patch;
        foreach (Node reader in node.ControlInputs.Count > 0 ? readers : [])
            patch.Change(reader, r => r.ControlInputs.AddRange(node.ControlInputs.Except(r.ControlInputs)));
        return patch.Remove(node);
    }
}
