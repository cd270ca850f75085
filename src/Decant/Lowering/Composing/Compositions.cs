using Decant.IR;
using Decant.Ops;
using Decant.Ops.Lowering;
using Decant.Passes;

namespace Decant.Lowering.Composing;

/// <summary>
/// Expresses ops that TensorFlow.js does not have, or computes otherwise than TensorFlow, in ops that it has: by the rules that make
/// TensorFlow Lite's operators of them, which are TensorFlow's ops again.
/// </summary>
internal static class Compositions
{
    /// <summary>Changes nodes of a model in place; their names and outputs stay.</summary>
    /// <param name="model">The model.</param>
    /// <param name="refused">The nodes that stay although TensorFlow.js does not compute them as they are, and why.</param>
    /// <returns>Whether there were any.</returns>
    public static bool Run(Model model, List<(Graph Graph, Node Node, Diagnostic Why)> refused)
    {
        InferFacts.Run(model);
        bool changed = false;
        foreach (Graph graph in model.Functions.Values.Prepend(model.Graph))
        {
            var builder = new ComposingBuilder(graph);
            foreach (Node node in TopologicalOrder.Of(graph).ToList())
            {
                try
                {
                    changed |= builder.Compose(node);
                }
                catch (ModelException e)
                {
                    refused.AddRange(e.Diagnostics.Select(d => (graph, node, d)));
                }
            }
        }

        return changed;
    }

    /// <summary>Whether there is a rule that composes an op of others; it may refuse nodes.</summary>
    public static bool Has(OpName op) => op.Dialect == Dialect.TensorFlow && (OwnCompositions.Find(op.Name) is not null || LoweringTable.Find(op.Name) is not null || (OpTable.All.TryGet(op, out Op? known) && known is ILowersToTFLite));
}
