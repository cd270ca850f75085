using Decant.IR;

namespace Decant.Passes.ControlFlow;

/// <summary>TF1's control flow ops, each of which exists for values and for references.</summary>
internal static class Tf1Ops
{
    public static bool IsSwitch(this Node node) => node.Op.Name is "Switch" or "RefSwitch" && IsTensorFlow(node);

    public static bool IsMerge(this Node node) => node.Op.Name is "Merge" or "RefMerge" && IsTensorFlow(node);

    public static bool IsEnter(this Node node) => node.Op.Name is "Enter" or "RefEnter" && IsTensorFlow(node);

    public static bool IsExit(this Node node) => node.Op.Name is "Exit" or "RefExit" && IsTensorFlow(node);

    public static bool IsNextIteration(this Node node) => node.Op.Name is "NextIteration" or "RefNextIteration" && IsTensorFlow(node);

    public static bool IsLoopCond(this Node node) => node.Op.Name is "LoopCond" && IsTensorFlow(node);

    public static bool IsIdentity(this Node node) => node.Op.Name is "Identity" or "RefIdentity" or "Snapshot" or "StopGradient" && IsTensorFlow(node);

    /// <summary>Whether the node begins a loop's variable: a Merge that a NextIteration feeds.</summary>
    public static bool IsLoopMerge(this Node node) => node.IsMerge() && node.Inputs.Exists(i => i.Node.IsNextIteration());

    /// <summary>Whether any of the nodes is TF1 control flow.</summary>
    public static bool HasControlFlow(this Graph graph) => graph.Nodes.Any(n => n.IsSwitch() || n.IsMerge() || n.IsEnter() || n.IsExit() || n.IsNextIteration() || n.IsLoopCond());

    /// <summary>Refuses a control flow node, or an Identity between them, that has fewer or more inputs than its op takes.</summary>
    public static void CheckArity(this Node node)
    {
        int wanted = node.IsSwitch() ? 2 : node.IsEnter() || node.IsExit() || node.IsNextIteration() || node.IsLoopCond() || node.IsIdentity() ? 1 : node.IsMerge() ? Math.Max(node.Inputs.Count, 1) : node.Inputs.Count;
        if (node.Inputs.Count != wanted)
            throw node.CannotRaise($"has {node.Inputs.Count} inputs, expected {wanted}");
    }

    /// <summary>What to do about control flow that has no structured form.</summary>
    public const string CutHint = "cut the graph in front of it with --outputs NAME, or behind it with --inputs NAME";

    /// <summary>Says that a node does not fit into structured control flow.</summary>
    public static ModelException CannotRaise(this Node node, string message) => PassErrors.CannotRaise.At(node.At(), message, CutHint);

    private static bool IsTensorFlow(Node node) => node.Op.Dialect == Dialect.TensorFlow;
}
