using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>x = Print(x, x, ...): puts a <c>Print</c> between nodes and what reads their first outputs, which tells the outputs that are read.</summary>
internal sealed class InsertLogging : Pass
{
    private readonly HashSet<string> _ops;
    private readonly string[] _prefixes;
    private readonly string _message;
    private readonly bool _showsOp;
    private readonly bool _showsName;
    private readonly long _firstN;
    private readonly long _summarize;

    private InsertLogging(PassParameters p)
        : base("insert_logging")
    {
        _ops = [.. p.All("op")];
        _prefixes = [.. p.All("prefix")];
        _message = p.Text("message", "");
        (_showsOp, _showsName) = (p.Bool("show_op", false), p.Bool("show_name", false));
        (_firstN, _summarize) = (p.Int64("first_n", -1), p.Int64("summarize", 1024));
    }

    public static PassEntry Entry { get; } = new("insert_logging", "Makes nodes print what they give when the graph runs", p => new InsertLogging(p))
    {
        Parameters =
        [
            new("op", "an op whose nodes print", "all") { Repeats = true }, new("prefix", "how the names of nodes that print begin", "any") { Repeats = true }, new("message", "text before the values", "none"),
            new("show_op", "print the op", "false"), new("show_name", "print the name", "false"), new("first_n", "print so many times only; -1 for always", "-1"), new("summarize", "print so many elements", "1024"),
        ],
        Example = "insert_logging(op=RequantizationRange, show_name=true, message=\"__requant_min_max:\")",
    };

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        foreach (string op in _ops)
            OpFilter.Missing(op, context);
        foreach (string prefix in _prefixes.Where(p => !context.Graph.Nodes.Any(n => n.Name.StartsWith(p, StringComparison.Ordinal))))
            context.Note($"no name begins with '{prefix}'{(Spelling.Nearest(prefix, context.Graph.Nodes.Select(n => n.Name[..Math.Min(prefix.Length, n.Name.Length)])) is { } near ? $"; did you mean '{near}'?" : "")}");
        foreach (Node node in context.Graph.Nodes.ToList())
        {
            if ((_ops.Count == 0 || _ops.Contains(node.Op.ToString())) && (_prefixes.Length == 0 || _prefixes.Any(p => node.Name.StartsWith(p, StringComparison.Ordinal))) && Log(node, context) is { } patch)
                yield return patch;
        }
    }

    private Patch? Log(Node node, PassContext context)
    {
        int[] read = [.. context.Users(node).SelectMany(u => u.Inputs.AsSpan().ToArray()).Where(i => i.Node == node).Select(i => i.Port).Distinct().Order()];
        if (read.Length == 0)
            return null;
        if (node.Op.Name is "Enter" or "Exit" or "Merge" or "NextIteration" or "Switch" or "LoopCond" || node.Op.Name.StartsWith("Ref", StringComparison.Ordinal))
            return context.Decline(node, "is control flow");
        Value[] data = [.. read.Select(p => new Value(node, p))];
        DType[] types = [.. data.Select(v => OutputTypes.Of(v, context.Model.Functions))];
        DType first = OutputTypes.Of(node, context.Model.Functions);
        if (types.Append(first).Any(t => t is DType.Invalid or DType.Resource or DType.Variant || t.IsRef()))
            return context.Decline(node, "gives handles, references, or what is not known");
        string message = (_showsOp ? $";{node.Op};" : "") + (_showsName ? $";{node.Name}__print__;" : "") + _message;
        var patch = new Patch($"{Name}: {node.Name}");
        Node print = patch.Add($"{node.Name}__print__", "Print", [node, .. data], new AttributeMap
        {
            { "T", first }, { "U", new ListAttr { Types = types } }, { "message", message }, { "first_n", _firstN }, { "summarize", _summarize },
        });
        print.Device = node.Device;
        return patch.Replace(node, print);
    }
}
