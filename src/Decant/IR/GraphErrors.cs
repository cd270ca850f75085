namespace Decant.IR;

/// <summary>The kinds of fault that graphs have.</summary>
public static class GraphErrors
{
    public static readonly ErrorCode DuplicateName = new("duplicate-name", "Two nodes of a graph have the same name.");
    public static readonly ErrorCode MissingNode = new("missing-node", "A node, or what was asked for, refers to a node that is not there.");
    public static readonly ErrorCode Cycle = new("graph-cycle", "Nodes depend on one another in a circle without a NextIteration.");
    public static readonly ErrorCode BadAttribute = new("bad-attribute", "An attribute is missing or is not of the kind or range that the op allows.");

    public static readonly ErrorCode BadInputs = new("bad-inputs", "A node has inputs of a number or of types that its op does not allow, or reads an output that a node does not have.");
    public static readonly ErrorCode BadTensor = new("bad-tensor", "A tensor's bytes, values or dimensions do not fit one another.");
    public static readonly ErrorCode BadText = new("bad-text", "Decant's text form of a graph is not well formed.");

    public static readonly ErrorCode NoValue = new("no-value", "A variable has no value: there is no checkpoint, or it does not hold the variable.");

    /// <summary>All codes of this class, for the generated page.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } = [DuplicateName, MissingNode, Cycle, BadAttribute, BadInputs, BadTensor, BadText, NoValue];

    internal static ModelException NoSuchNode(Graph graph, string name) =>
        MissingNode.At(null, $"the graph has no node named '{name}'", Spelling.Hint(name, graph.Nodes.Select(n => n.Name)));
}
