using Decant.IR;
using Decant.Passes.ControlFlow;

namespace Decant.Passes.Optimize;

/// <summary>
/// For which nodes it makes a difference that another waits for them: those that have an effect, those that need one that has,
/// and those that run only on one side of a TF1 branch or in a TF1 loop.
/// </summary>
internal sealed class Ordering
{
    private readonly HashSet<Node> _matters = [];
    private readonly HashSet<Node> _known;

    /// <summary>The ordering of a graph as it is now.</summary>
    public Ordering(PassContext context)
    {
        _known = [.. context.Graph.Nodes];
        bool hasControlFlow = context.Graph.HasControlFlow();
        Conditions? conditions = hasControlFlow ? Find(context) : null;
        var effects = new HashSet<Node>();
        foreach (Node node in TopologicalOrder.Of(context.Graph))
        {
            bool Behind(HashSet<Node> set) => node.Inputs.Exists(v => v.IsPresent && set.Contains(v.Node)) || node.ControlInputs.Exists(set.Contains);
            if (HasEffect(node, context) || Behind(effects))
                effects.Add(node);
            bool isConditional = conditions is not null ? conditions.Of(node) is not { IsNever: false, Terms.Length: 0 }
                : hasControlFlow && (IsControlFlow(node) || Behind(_matters));
            if (isConditional || effects.Contains(node))
                _matters.Add(node);
        }
    }

    /// <summary>Whether waiting for a node makes a difference; so it does for nodes that were added since.</summary>
    public bool Matters(Node node) => _matters.Contains(node) || !_known.Contains(node);

    /// <summary>Whether a node itself changes what others see: a state that is written, something printed.</summary>
    public static bool HasEffect(Node node, PassContext context) =>
        Effects.HasEffect(node, context.Model.Functions) && !Effects.OnlyReads(node) && !IsRandom(node);

    /// <summary>TF1's control flow, behind which a node may never run.</summary>
    public static bool IsControlFlow(Node node) => node.IsSwitch() || node.IsMerge() || node.IsEnter() || node.IsExit() || node.IsNextIteration() || node.IsLoopCond();

    /// <summary>Whether a node draws random numbers: each has a state of its own, which nobody else sees.</summary>
    public static bool IsRandom(Node node) => node.Op.Dialect == Dialect.TensorFlow && node.Op.Name is
        "RandomUniform" or "RandomUniformInt" or "RandomStandardNormal" or "TruncatedNormal" or "ParameterizedTruncatedNormal" or "RandomGamma" or "RandomPoisson" or "RandomPoissonV2"
            or "RandomShuffle" or "Multinomial";

    /// <summary>When each node runs; null when that cannot be told: in graphs with loops, or with branches of another form.</summary>
    private static Conditions? Find(PassContext context)
    {
        if (context.Graph.Nodes.Any(n => n.IsEnter() || n.IsNextIteration() || n.IsLoopCond() || n.IsExit()))
            return null;
        try
        {
            foreach (Node node in context.Graph.Nodes)
                node.CheckArity();
            return new Conditions(context.Graph, context.Model.Functions);
        }
        catch (ModelException)
        {
            return null;
        }
    }
}
