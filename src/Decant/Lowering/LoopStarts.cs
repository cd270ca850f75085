using Decant.IR;
using Decant.Passes;

namespace Decant.Lowering;

/// <summary>
/// Lets a loop of TensorFlow 1 begin when all that it begins with is there. TensorFlow.js starts with the variables whose first values are constants;
/// where a counter among them has ended the loop before another loop gives the others, it never computes these.
/// </summary>
internal static class LoopStarts
{
    /// <summary>Nodes that are looked at and dependencies that are added at most: no model has so many loops.</summary>
    private const long MostSteps = 1L << 28;

    public static void Run(Graph graph)
    {
        long steps = 0;
        foreach (IGrouping<string, Node> loop in graph.Nodes.Where(n => n.Op == "Enter" && n.Inputs.Count > 0).GroupBy(n => (n.Attributes["frame_name"] as StringAttr)?.Text ?? "").ToList())
        {
            Node[] late = [.. loop.Select(e => e.Inputs[0].Node).Where(n => n.Op.Name is not ("Const" or "Placeholder" or "PlaceholderWithDefault")).Distinct()];

            steps += graph.Nodes.Count + ((long)late.Length * loop.Count());
            if (steps > MostSteps)
                return;

            // Two loops of one name are none of TensorFlow's: one may wait for the other.
            if (Reach.Backward(late).Overlaps(loop))
                continue;
            foreach (Node enter in loop.Where(e => e.Attributes["is_constant"] is not BoolAttr { Value: true }))
                enter.ControlInputs.AddRange(late.Where(n => n != enter.Inputs[0].Node && !enter.ControlInputs.Contains(n)));
        }
    }
}
