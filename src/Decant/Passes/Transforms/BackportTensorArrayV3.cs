using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// TensorArrayV3 = TensorArrayV2, and so for all that works on its handle: for runtimes from before TensorFlow 1.0. The handle is a
/// string then and no resource, on its way through loops too, and the flow of a new array is a constant.
/// </summary>
internal sealed class BackportTensorArrayV3() : Pass("backport_tensor_array_v3")
{
    private static readonly HashSet<string> Passing = ["Enter", "Exit", "Identity", "Merge", "NextIteration", "Switch"];

    public static PassEntry Entry { get; } = new("backport_tensor_array_v3", "Makes TensorArrayV3 and what works on it the older TensorArrayV2", _ => new BackportTensorArrayV3());

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        foreach (Node array in context.Graph.Nodes.Where(n => n.Op == "TensorArrayV3").ToList())
        {
            if (Backport(array, context) is { } patch)
                yield return patch;
        }
    }

    private Patch? Backport(Node array, PassContext context)
    {
        var patch = new Patch($"{Name}: {array.Name}");
        var seen = new HashSet<Node> { array };
        var open = new Queue<Node>([array]);
        while (open.TryDequeue(out Node? node))
        {
            if (context.Outputs.Concat(context.Inputs).Any(v => v.Node == node && (Passing.Contains(node.Op.Name) || node.Op.Name is "TensorArrayV3" or "TensorArrayGradV3")))
                return context.Decline(array, $"'{node.Name}' is an input or output, and would change");
            if (Passing.Contains(node.Op.Name))
            {
                patch.Change(node, n => n.Attributes["T"] = DType.String);
            }
            else
            {
                patch.Change(node, Rename);
                if (node.Op.Name is not ("TensorArrayV3" or "TensorArrayGradV3"))
                    continue;
                Node flow = patch.AddConst($"{node.Name}/replacement_flow_node", Tensor.Scalar(1f));
                flow.ControlInputs.Add(node);
                patch.Replace(new Value(node, 1), flow);
            }

            foreach (Node reader in context.Users(node).Where(u => u.Inputs.Exists(i => i.Node == node && IsHandle(i))))
            {
                bool isKnown = Passing.Contains(reader.Op.Name) || (reader.Op.Name.StartsWith("TensorArray", StringComparison.Ordinal) && reader.Op.Name.EndsWith("V3", StringComparison.Ordinal));
                if (!isKnown)
                    return context.Decline(array, $"its handle is read by '{reader.Name}' ({reader.Op})");
                if (seen.Add(reader))
                    open.Enqueue(reader);
            }
        }

        return patch;
    }

    /// <summary>Whether a value is the handle: the second output of an array is its flow, that of a Merge says which input came.</summary>
    private static bool IsHandle(Value value) => value.Port == 0 || value.Node.Op == "Switch";

    private static void Rename(Node node)
    {
        node.Op = node.Op.Name[..^1] + "2";
        node.Attributes.Remove("identical_element_shapes");
    }
}
