using Decant.IR;
using Decant.Passes.ControlFlow;

namespace Decant.Passes.Optimize;

/// <summary>
/// A TF1 <c>Switch</c> of a constant predicate: the side that is taken reads what the Switch read, the other side is removed up to the
/// <c>Merge</c>s, which give what is left.
/// </summary>
internal sealed class DeadSwitches() : NodePass("dead_switches")
{
    protected override Patch? Try(Node node, PassContext context)
    {
        if (node.Op != "Switch" || node.Inputs.Count != 2 || node.Inputs[1].Constant is not { DType: DType.Bool, Shape.Rank: 0 } predicate)
            return null;
        int taken = predicate.Data.Span[0] != 0 ? 1 : 0;
        var dead = new HashSet<Node>();
        var merges = new Dictionary<Node, HashSet<int>>();
        var open = new Queue<Node>();
        foreach (Node reader in context.Users(node))
        {
            if (reader.Inputs.Contains(new Value(node, 1 - taken)))
                Reach(reader, v => v == new Value(node, 1 - taken));
        }

        while (open.TryDequeue(out Node? gone))
        {
            foreach (Node reader in context.Users(gone))
                Reach(reader, v => v.Node == gone, gone);
        }

        if (context.IsKept(node) || dead.Any(context.IsKept))
            return context.Decline(node, "an output is on the side that is never taken");
        if (dead.Any(n => n.IsNextIteration() || n.IsEnter() || n.IsExit() || n.IsLoopCond()))
            return context.Decline(node, "decides about a loop");
        KeyValuePair<Node, HashSet<int>>[] alive = [.. merges.Where(m => !dead.Contains(m.Key))];
        if (Array.Exists(alive, m => m.Key.Inputs.Count - m.Value.Count > 1))
            return context.Decline(node, "a Merge of more than two sides");
        List<(Node Merge, int Alive)> joined = [.. alive.Select(m => (m.Key, Enumerable.Range(0, m.Key.Inputs.Count).Single(i => !m.Value.Contains(i))))];
        if (joined.Exists(m => context.IsKept(m.Merge) && context.Users(m.Merge).Any(u => u.Inputs.Contains(new Value(m.Merge, 1)))))
            return context.Decline(node, "a Merge is an output and its value_index is read");

        var patch = new Patch($"{Name}: {node.Name} (always {(taken == 1 ? "true" : "false")})");
        foreach ((Node merge, int input) in joined)
        {
            if (context.Users(merge).Any(u => u.Inputs.Contains(new Value(merge, 1))))
                patch.Replace(new Value(merge, 1), patch.AddConst($"{merge.Name}/value_index", Tensor.Scalar(input)));
            DType dtype = OutputTypes.Of(new Value(merge), context.Model.Functions).Deref();
            patch.Change(merge, n => n.Become("Identity", [n.Inputs[input]], new AttributeMap { { "T", dtype } }));
        }

        return patch.Replace(new Value(node, taken), node.Inputs[0]).Remove([node, .. dead]);

        // A node is dead when something it needs is; a Merge when all that it could take is.
        void Reach(Node reader, Func<Value, bool> isGone, Node? waited = null)
        {
            if (dead.Contains(reader) || reader == node)
                return;
            if (reader.IsMerge() && !(waited is not null && reader.ControlInputs.Contains(waited)))
            {
                if (!merges.TryGetValue(reader, out HashSet<int>? inputs))
                    merges[reader] = inputs = [];
                for (int i = 0; i < reader.Inputs.Count; i++)
                {
                    if (isGone(reader.Inputs[i]))
                        inputs.Add(i);
                }

                if (inputs.Count < reader.Inputs.Count)
                    return;
            }

            dead.Add(reader);
            open.Enqueue(reader);
        }
    }
}
