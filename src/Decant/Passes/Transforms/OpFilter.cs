using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>The nodes that a transform is for: those of one op, or all (<c>*</c>).</summary>
internal sealed class OpFilter
{
    private readonly string _op;

    private OpFilter(string op) => _op = op;

    public static PassParameter Parameter { get; } = new("op_name", "the op whose nodes are changed; `*` for all", "*");

    /// <summary>The filter that <c>op_name</c> gives.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="who">The transform's name as the original's message spells it.</param>
    public static OpFilter Of(PassParameters parameters, string who) =>
        parameters.All("op_name").Count() is > 1 and int count ? throw parameters.Fail("op_name", $"{who} expects a single op_name argument, but found {count}") : new(parameters.Text("op_name", "*"));

    public IEnumerable<Node> Nodes(PassContext context)
    {
        if (_op == "*")
            return context.Graph.Nodes;
        Missing(_op, context);
        return context.Graph.Nodes.Where(n => n.Op.ToString() == _op);
    }

    /// <summary>Notes that no node has an attribute where the name looks like a slip for one that nodes have.</summary>
    public static void MissingAttribute(string attribute, PassContext context)
    {
        HashSet<string> there = [.. context.Graph.Nodes.SelectMany(n => n.Attributes).Select(a => a.Key)];
        if (!there.Contains(attribute) && Spelling.Nearest(attribute, there) is { } near)
            context.Note($"no node has the attribute '{attribute}'; did you mean '{near}'?");
    }

    /// <summary>Notes that the graph has no node of an op where the name looks like a slip for one that it has.</summary>
    public static void Missing(string op, PassContext context)
    {
        HashSet<string> there = [.. context.Graph.Nodes.Select(n => n.Op.ToString())];
        if (!there.Contains(op) && Ops.Catalogue.OpCatalogue.Find(op) is null)
            context.Note($"no node has the op '{op}'{(Spelling.Nearest(op, there) is { } near ? $"; did you mean '{near}'?" : "")}");
    }
}
