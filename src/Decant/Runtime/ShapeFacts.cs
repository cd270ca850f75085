using Decant.IR;
using Decant.Ops;

namespace Decant.Runtime;

/// <summary>What follows for a step's outputs from what is known of its inputs for given shapes of the feeds.</summary>
internal static class ShapeFacts
{
    /// <summary>Constants up to this many bytes are computed once for the shapes of the feeds: sizes, axes, small tables.</summary>
    public const long LargestConstant = 1 << 16;

    /// <summary>A fact for each output that is read; <see cref="Fact.None"/> when nothing is known.</summary>
    public static Fact[] Of(Step step, OpTable ops, Fact[] slots)
    {
        var facts = new Fact[step.Outputs.Length];
        Array.Fill(facts, Fact.None);
        if (step.Kernel is ChainKernel chain)
        {
            facts[0] = new Fact(DType.Float32, chain.Infer([.. step.Inputs.Select(s => slots[s].Shape)]));
            return facts;
        }

        if (!ops.TryGet(step.Node.Op, out Op? op) || op is not IInfersFacts infers)
            return facts;
        var context = new InferenceContext(step.Node, index =>
            index >= step.Inputs.Length ? Fact.None
            : step.Inputs[index] >= 0 ? slots[step.Inputs[index]]
            : index < step.UnreadShapes.Length && step.UnreadShapes[index].HasRank ? new Fact(DType.Invalid, step.UnreadShapes[index])
            : Fact.None);
        try
        {
            infers.Infer(context);
        }
        catch (ModelException)
        {
            // The kernel has run: what inference holds against these inputs does not matter.
            return facts;
        }

        for (int i = 0; i < Math.Min(facts.Length, context.Outputs.Count); i++)
            facts[i] = context.Outputs[i];
        return facts;
    }
}
