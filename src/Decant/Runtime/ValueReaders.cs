using Decant.IR;
using Decant.Ops.Catalogue;

namespace Decant.Runtime;

/// <summary>Which nodes of a program read which values.</summary>
internal sealed class ValueReaders
{
    private readonly Dictionary<Node, List<(Node Reader, int Port)>> _readers = [];
    private readonly HashSet<Node> _outside;
    private readonly HashSet<Node> _severalOutside;

    /// <param name="nodes">The nodes that run.</param>
    /// <param name="outside">What is fed, fetched or run for its effects.</param>
    public ValueReaders(IEnumerable<Node> nodes, IEnumerable<Value> outside)
    {
        Value[] values = [.. outside];
        _outside = [.. values.Select(v => v.Node)];
        _severalOutside = [.. values.Where(v => v.Port > 0).Select(v => v.Node)];
        foreach (Node node in nodes)
        {
            foreach (Value input in node.Inputs)
            {
                if (!input.IsPresent)
                    continue;
                if (!_readers.TryGetValue(input.Node, out List<(Node, int)>? list))
                    _readers[input.Node] = list = [];
                list.Add((node, input.Port));
            }
        }
    }

    /// <summary>The one node that reads a node's outputs, of which it reads output 0 only; null when others do, or a caller.</summary>
    public Node? Only(Value value) =>
        !_outside.Contains(value.Node) && _readers.TryGetValue(value.Node, out List<(Node Reader, int Port)>? list)
            && list.TrueForAll(r => r.Reader == list[0].Reader && r.Port == 0) ? list[0].Reader : null;

    /// <summary>The nodes that read output 0 of a node, each once, where nobody else reads anything of it; none otherwise.</summary>
    public IReadOnlyList<Node> All(Value value) =>
        !_outside.Contains(value.Node) && _readers.TryGetValue(value.Node, out List<(Node Reader, int Port)>? list) && list.TrueForAll(r => r.Port == 0) ? [.. list.Select(r => r.Reader).Distinct()] : [];

    /// <summary>Whether no output of a node but output 0 is read.</summary>
    public bool IsReadAtFirst(Node node) =>
        !_severalOutside.Contains(node) && (!_readers.TryGetValue(node, out List<(Node Reader, int Port)>? list) || list.TrueForAll(r => r.Port == 0));

    /// <summary>Whether a node reads a TF1 reference: then it matters when it runs.</summary>
    public bool ReadsReference(Node node) => node.Inputs.Any(v => v.IsPresent && OpCatalogue.Find(v.Node.Op.Name)?.Outputs.Any(o => o.IsRef) == true);
}
