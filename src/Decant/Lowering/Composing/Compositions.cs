using Decant.IR;
using Decant.Ops;
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
    /// <param name="refused">Why nodes stay that TensorFlow.js does not compute as they are.</param>
    /// <returns>Whether there were any.</returns>
    public static bool Run(Model model, List<Diagnostic> refused)
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
                    refused.AddRange(e.Diagnostics);
                }
            }
        }

        return changed;
    }
}
