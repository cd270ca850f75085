using System.Globalization;
using System.Text;
using Decant.IR;
using Decant.Wire.Protobuf;
using F = Decant.Formats.GraphDef.GraphDefFields;

namespace Decant.Formats.GraphDef;

/// <summary>
/// Reads NodeDefs into a graph. Inputs that name nodes which come later are kept, and resolved by
/// <see cref="ResolveInputs"/> when all nodes are there; in function bodies that is all of them, as the names of outputs
/// depend on functions that come later.
/// </summary>
internal sealed class NodeReader(Graph graph, NamePool names, bool isFunction = false)
{
    private const int LongestName = 1 << 16;
    private const int ShortName = 256;

    private readonly AttrReader _attributes = new(names);
    private readonly List<BufferSlice> _own = [];
    private readonly AttributeMap _given = [];
    private readonly Dictionary<string, AttributeMap> _last = new(StringComparer.Ordinal);
    private readonly List<(Node Node, int Index, BufferSlice Text)> _later = [];

    public void Read(ProtoReader reader)
    {
        string name = "";
        string op = "";
        string device = "";
        _own.Clear();
        _given.Clear();
        var unknown = default(UnknownFields);
        long offset = reader.Data.Offset;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case F.NodeDef.Name:
                    name = reader.String();
                    break;
                case F.NodeDef.Op:
                    op = names.Get(reader.Bytes());
                    break;
                case F.NodeDef.Input:
                    _own.Add(reader.Bytes());
                    break;
                case F.NodeDef.Device:
                    device = names.Get(reader.Bytes());
                    break;
                case F.NodeDef.Attr:
                    _attributes.ReadEntry(reader.Message(), _given);
                    break;
                default:
                    unknown.Keep(ref reader);
                    break;
            }
        }

        if (name.Length == 0 || op.Length == 0)
            throw FormatErrors.BadName.At(new Location(reader.Data.Name, offset), $"a node has no {(name.Length == 0 ? "name" : $"op (its name is '{name}')")}: this is not a GraphDef, or it is damaged");
        Node node = graph.TryAdd(name, op)
            ?? throw GraphErrors.DuplicateName.At(new Location(reader.Data.Name, offset, Node: name, Op: op), $"the graph has two nodes named '{name}'");
        node.Device = device;
        node.Attributes = _given.Compact(_last.GetValueOrDefault(op));
        _last[op] = node.Attributes;
        node.Unknown = unknown.ToSlice();
        node.Inputs.EnsureCapacity(_own.Count(input => !IsControl(input)));
        foreach (BufferSlice text in _own)
        {
            if (isFunction || !TryResolve(node, text, -1, null))
                Keep(node, text);
        }
    }

    /// <summary>
    /// Turns the inputs that were kept into edges: <c>name</c>, <c>name:2</c>, <c>^name</c> and, in function bodies,
    /// <c>name:out:1</c>.
    /// </summary>
    /// <param name="port">Gives the port of <c>out:1</c> of a node; null where that form is not allowed.</param>
    public void ResolveInputs(Func<Node, string, int, int>? port)
    {
        foreach ((Node node, int index, BufferSlice text) in _later)
        {
            if (!TryResolve(node, text, index, port))
                throw Missing(node, text);
        }
    }

    /// <summary>Holds the place of an input whose node is not there yet.</summary>
    private void Keep(Node node, BufferSlice text)
    {
        bool isControl = IsControl(text);
        _later.Add((node, isControl ? node.ControlInputs.Count : node.Inputs.Count, text));
        if (isControl)
            node.ControlInputs.Add(null!);
        else
            node.Inputs.Add(default);
    }

    private static bool IsControl(BufferSlice text) => text.Length > 0 && text.Span[0] == '^';

    /// <summary>Adds the edge that a name stands for, or puts it at the place that was held for it; false when its node is not there.</summary>
    private bool TryResolve(Node node, BufferSlice text, int index, Func<Node, string, int, int>? port)
    {
        if (text.Length > LongestName)
            throw Fail(node, text, $"an input's name has {text.Length} bytes");
        Span<char> buffer = text.Length <= ShortName ? stackalloc char[ShortName] : new char[text.Length];
        ReadOnlySpan<char> input = buffer[..Encoding.UTF8.GetChars(text.Span, buffer)];
        if (input is ['^', ..])
        {
            if (!graph.TryGet(input[1..], out Node? before))
                return false;
            if (index < 0)
                node.ControlInputs.Add(before);
            else
                node.ControlInputs[index] = before;
            return true;
        }

        int colon = input.IndexOf(':');
        if (!graph.TryGet(colon < 0 ? input : input[..colon], out Node? source))
            return false;
        var value = new Value(source, colon < 0 ? 0 : Port(node, source, text, input[(colon + 1)..], port));
        if (index < 0)
            node.Inputs.Add(value);
        else
            node.Inputs[index] = value;
        return true;
    }

    private static int Port(Node node, Node source, BufferSlice text, ReadOnlySpan<char> suffix, Func<Node, string, int, int>? port)
    {
        int colon = suffix.IndexOf(':');
        if (colon < 0 && int.TryParse(suffix, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < ushort.MaxValue)
            return number;
        if (port is null)
            throw Fail(node, text, $"the input '{Encoding.UTF8.GetString(text.Span)}' is not of the form name:port");
        ReadOnlySpan<char> index = colon < 0 ? "0" : suffix[(colon + 1)..];
        if (!int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int within) || within >= ushort.MaxValue)
            throw Fail(node, text, $"the input '{Encoding.UTF8.GetString(text.Span)}' is not of the form name:output:index");
        return port(source, (colon < 0 ? suffix : suffix[..colon]).ToString(), within);
    }

    private ModelException Missing(Node node, BufferSlice text)
    {
        string input = Encoding.UTF8.GetString(text.Span);
        string name = input.TrimStart('^').Split(':')[0];
        string? near = Spelling.Nearest(name, graph.Nodes.Take(10_000).Select(n => n.Name));
        return GraphErrors.MissingNode.At(
            new Location(text.Name, text.Offset, Node: node.Name, Op: node.Op.ToString()), $"reads '{input}', but the graph has no node named '{name}'",
            near is null ? null : $"the nearest name is '{near}'");
    }

    private static ModelException Fail(Node node, BufferSlice text, string message) =>
        FormatErrors.BadName.At(new Location(text.Name, text.Offset, Node: node.Name, Op: node.Op.ToString()), message);
}
