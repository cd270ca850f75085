using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// op(x, ...) = x: removes nodes of some ops and makes their readers read the first input. Inputs and outputs of the graph stay.
/// What a removed node waited for, its readers wait for.
/// </summary>
internal sealed class RemoveNodes : Pass
{
    private readonly string[] _ops;
    private readonly int _maxInputs;

    private RemoveNodes(PassParameters parameters)
        : base("remove_nodes")
    {
        _ops = [.. parameters.All("op")];
        _maxInputs = parameters.Int32("max_inputs", 1);
        if (_ops.Length == 0)
            throw parameters.Fail("op", "remove_nodes expects at least one 'op'argument, e.g. remove_nodes(op=Identity)");
    }

    public static PassEntry Entry { get; } = new("remove_nodes", "Removes nodes of some ops, so that readers read their first input", p => new RemoveNodes(p))
    {
        Parameters = [new("op", "an op whose nodes are removed") { Repeats = true }, new("max_inputs", "nodes with more inputs than this stay", "1")],
        Example = "remove_nodes(op=Identity, op=CheckNumerics)",
    };

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        foreach (string op in _ops)
        {
            OpFilter.Missing(op, context);
            foreach (Node node in TopologicalOrder.Of(context.Graph).Where(n => n.Op.ToString() == op))
            {
                if (Remove(node, context) is { } patch)
                    yield return patch;
            }
        }
    }

    private Patch? Remove(Node node, PassContext context)
    {
        if (node.Inputs.Count == 0 || node.Inputs.Count > _maxInputs || context.IsKept(node))
            return null;
        Value input = node.Inputs[0];
        if (!input.IsPresent || input.Node == node)
            return null;
        if (!context.HasOneOutputInUse(node))
            return context.Decline(node, "has more outputs in use than the first, which alone its first input could replace");

        // What waits for an output of a Switch waits for its branch to be taken; a Switch itself always runs.
        IReadOnlyCollection<Node> users = context.Users(node);
        if (input.Node.Op.Name is "Switch" or "RefSwitch" or "_SwitchN" && users.Any(u => u.ControlInputs.Contains(node)))
            return context.Decline(node, "is what nodes wait for to run in one branch only");
        if (node.ControlInputs.Count > 0 && users.Any(u => u.Op.Name is "Merge" or "RefMerge"))
            return context.Decline(node, "waits for what happens in one branch only, and a Merge cannot");
        var patch = new Patch($"{Name}: {node.Name}").Replace(node, input).Remove(node);
        if (node.ControlInputs.Count > 0)
        {
            Node[] before = [.. node.ControlInputs];
            foreach (Node reader in users)
                patch.Change(reader, r => r.ControlInputs.AddRange(before.Except(r.ControlInputs).Where(b => b != r)));
        }

        return patch;
    }
}
