using Decant.IR;
using Decant.Ops;
using Decant.Ops.Arithmetic;

namespace Decant.Runtime;

/// <summary>
/// Joins float32 elementwise nodes whose values nobody else reads into one step, which computes block by block without writing
/// what is between them to memory.
/// </summary>
internal sealed class ChainFusion(ValueReaders readers, ConstantValues constants)
{
    /// <summary>Longer chains gain nothing, and their blocks leave the L1 cache.</summary>
    private const int MostNodes = 32;

    /// <summary>Nodes that are computed together, in order; the last gives the value.</summary>
    private sealed record Group(List<(Node Node, Kernel Kernel)> Members)
    {
        public Node Last => Members[^1].Node;
    }

    /// <summary>The units with groups in the place of their last nodes.</summary>
    public List<(PlannedNode Unit, Kernel Kernel)> Run(IReadOnlyList<(PlannedNode Unit, Kernel Kernel)> units)
    {
        var groups = new Dictionary<Node, Group>();
        foreach ((PlannedNode unit, Kernel kernel) in units)
        {
            Node node = unit.Node;
            if (unit.Fused.Count > 0 || unit.Output != node || kernel is not ILaneStep { LaneInputs: > 0 } lanes || lanes.LaneInputs != node.Inputs.Count || readers.ReadsReference(node))
                continue;
            Group[] before = [.. node.Inputs.Where(v => v.Port == 0 && groups.TryGetValue(v.Node, out Group? g) && g.Last == v.Node && readers.Only(v.Node) == node)
                .Select(v => groups[v.Node]).Distinct()];
            List<(Node, Kernel)> members = [.. before.SelectMany(g => g.Members), (node, kernel)];
            if (members.Count > MostNodes)
                members = [(node, kernel)];
            var group = new Group(members);
            foreach ((Node member, _) in members)
                groups[member] = group;
        }

        List<(PlannedNode, Kernel)> result = [];
        foreach ((PlannedNode unit, Kernel kernel) in units)
        {
            if (!groups.TryGetValue(unit.Node, out Group? group) || (group.Members.Count == 1 && !HasRow(unit.Node)))
                result.Add((unit, kernel));
            else if (group.Last == unit.Node)
                result.Add(Join(group));
        }

        return result;
    }

    /// <summary>Whether an input is a constant of several elements, mostly one per channel: blocks of whole rows are faster than rows.</summary>
    private bool HasRow(Node node) => node.Inputs.Count == 2 && node.Inputs.Exists(v => constants.Find(v)?.Invoke().ElementCount > 1);

    private static (PlannedNode Unit, Kernel Kernel) Join(Group group)
    {
        var numbers = new Dictionary<Value, int>();
        var inputs = new List<Value>();
        for (int i = 0; i < group.Members.Count; i++)
            numbers[group.Members[i].Node] = ~i;
        var links = new List<ChainLink>();
        foreach ((Node member, Kernel kernel) in group.Members)
        {
            int[] operands = [.. member.Inputs.Select(Number)];
            links.Add(new ChainLink(member, kernel, (ILaneStep)kernel, operands[0], operands.Length > 1 ? operands[1] : operands[0]));
        }

        int Number(Value value)
        {
            if (numbers.TryGetValue(value, out int number))
                return number;
            inputs.Add(value);
            return numbers[value] = inputs.Count - 1;
        }

        Node first = group.Members[0].Node;
        var joined = new Node(first.Name, first.Op) { Attributes = first.Attributes, Device = first.Device };
        joined.Inputs.AddRange(inputs.ToArray());
        return (new PlannedNode(joined) { Output = group.Last, Fused = [.. group.Members.Skip(1).Select(m => m.Node)] }, new ChainKernel([.. links]));
    }
}

/// <summary>A node of a chain. Operands are inputs of the chain, or, as ~i, the result of link i.</summary>
internal sealed record ChainLink(Node Node, Kernel Kernel, ILaneStep Lanes, int A, int B);
