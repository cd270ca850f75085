using Decant.IR;
using Decant.Passes;

namespace Decant.Lowering.Fusions;

/// <summary>Joins operators where one says what several do, until nothing is found.</summary>
internal static class OperatorFusions
{
    // A rule may look at the node that it is asked about and at what it reads. True when it changed something.
    private static readonly Func<Node, FusionGraph, bool>[] Rules =
    [
        Moves.Reshape, Moves.Transpose, Clamps.Join, Activations.HardSwish, Activations.LeakyRelu, Activations.Prelu, Norms.L2, Softmaxes.Join, Dilations.Join, Biases.Join, Clamps.Fuse, DenseShapes.Join,
    ];

    /// <summary>Joins the operators of all subgraphs.</summary>
    /// <param name="model">The converted model.</param>
    /// <param name="fusesLstm">Whether loops that are an LSTM become the operator that keeps states.</param>
    /// <param name="noLstm">Why none of them does all the same; null when they do.</param>
    /// <returns>The loops with products that stayed though they were to become operators, with the reason.</returns>
    public static IReadOnlyList<(string Loop, string Reason)> Run(Model model, bool fusesLstm, string? noLstm = null)
    {
        Join(model);
        if (!fusesLstm)
            return [];
        IReadOnlyList<(string, string)> kept = LstmLoops.Run(model, noLstm);
        Join(model);
        return kept;
    }

    private static void Join(Model model)
    {
        foreach (Function function in model.Functions.Values.Prepend((Function)model.Graph))
        {
            for (bool changed = true; changed;)
            {
                changed = false;
                var graph = new FusionGraph(function);
                foreach (Node node in TopologicalOrder.Of(function))
                {
                    if (node.Op.Dialect == Dialect.TFLite && node.Inputs.Count > 0)
                        changed |= Array.Exists(Rules, rule => node.Inputs.Count > 0 && rule(node, graph));
                }

                Subgraphs.Prune(function);
            }

            function.Reorder(TopologicalOrder.Of(function));
        }
    }
}
