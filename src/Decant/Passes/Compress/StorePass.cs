using Decant.IR;

namespace Decant.Passes.Compress;

/// <summary>
/// Puts weights in a smaller form and what restores them behind it. Where rows are gathered, the smaller form is gathered and only the
/// rows that were asked for are restored: gather(restore(w), i) = restore(gather(w, i)), which spares an embedding's float32 copy.
/// </summary>
internal abstract class StorePass(string name, WeightSelection selection) : WeightPass(name, selection)
{
    /// <summary>The smaller form, or null with a decline.</summary>
    protected abstract StoredWeights? Store(Node node, Weights weights, PassContext context);

    protected sealed override Patch? Try(Node node, Weights weights, PassContext context)
    {
        if (context.Users(node).Count == 0 && !context.IsKept(node))
            return context.Decline(node, "is read by nothing");
        if (Store(node, weights, context) is not { } stored)
            return null;
        List<Node> gathers = [], handedOn = [];
        bool all = Gathers(node, context, stored, gathers, handedOn);
        var patch = new Patch($"{Name}: {node.Name}");
        Node constant = patch.Add($"{node.Name}_{stored.Suffix}", "Const", [], new AttributeMap { { "dtype", stored.Tensor.DType }, { "value", stored.Tensor } });
        stored.AddConstants(patch, node.Name);
        foreach (Node gather in gathers)
        {
            AttributeMap attributes = gather.Attributes.Clone();
            attributes["Tparams"] = stored.Tensor.DType;
            attributes.Remove("_output_shapes");
            Node rows = patch.Add($"{gather.Name}/{stored.Suffix}", gather.Op, [constant, .. gather.Inputs.Skip(1)], attributes);
            rows.ControlInputs.AddRange(gather.ControlInputs);
            stored.Restore(patch, gather, rows);
        }

        if (all)
            patch.Remove([node, .. handedOn]);
        else
            stored.Restore(patch, node, constant);
        return patch;
    }

    /// <summary>Collects the gathers that read the weights, directly or through Identity; tells whether nothing else reads them.</summary>
    private static bool Gathers(Node node, PassContext context, StoredWeights stored, List<Node> gathers, List<Node> handedOn)
    {
        bool all = !context.IsKept(node);
        foreach (Node user in context.Users(node))
        {
            if (user.ControlInputs.Contains(node))
            {
                all = false;
            }
            else if (user.Op == "Identity")
            {
                // Identities that others read as well stay, behind the restored weights.
                all &= Gathers(user, context, stored, gathers, handedOn);
                handedOn.Add(user);
            }
            else if (CanGather(user, stored))
            {
                gathers.Add(user);
            }
            else
            {
                all = false;
            }
        }

        return all;
    }

    private static bool CanGather(Node node, StoredWeights stored)
    {
        if (node.Op.Name is not ("Gather" or "GatherV2") || node.Inputs.Count < 2 || node.Inputs.Count(i => i == node.Inputs[0]) > 1 || (node.Attributes["batch_dims"] as IntAttr)?.Value is not (null or 0))
            return false;
        if (!stored.IsPerLastAxis && !stored.IsPerOtherAxis)
            return true;
        long? axis = node.Op == "Gather" ? 0 : node.Inputs.Count == 3 && node.Inputs[2].Constant is { ElementCount: 1 } constant ? Axis(constant) : null;
        return !stored.IsPerOtherAxis && axis is { } a && a != -1 && a < stored.Tensor.Shape.Rank - 1;
    }

    private static long? Axis(Tensor constant) => constant.DType switch
    {
        DType.Int32 => constant.Span<int>()[0],
        DType.Int64 => constant.Span<long>()[0],
        _ => null,
    };
}
