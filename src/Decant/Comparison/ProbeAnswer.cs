using Decant.IR;

namespace Decant.Comparison;

/// <summary>What a model answers to seeded inputs, where no data is at hand.</summary>
/// <param name="Inputs">The inputs, by name.</param>
/// <param name="Outputs">The outputs, by name.</param>
public sealed record ProbeAnswer(IReadOnlyDictionary<string, Tensor> Inputs, IReadOnlyDictionary<string, Tensor> Outputs)
{
    /// <summary>Runs a model on random inputs: of several sizes, as far as its inputs leave them open, until it takes them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="graph">The graph that the names of tensors are of.</param>
    /// <param name="inputs">The inputs by name, with their tensors in the graph.</param>
    /// <param name="outputs">The outputs.</param>
    /// <param name="given">Values for some of the inputs.</param>
    /// <param name="seed">The seed of all numbers: the same gives the same inputs.</param>
    /// <param name="fault">Why it took none, or null.</param>
    /// <param name="options">How it is run.</param>
    /// <returns>The answer, or null when there is a fault.</returns>
    public static ProbeAnswer? Find(
        Model model, Graph graph, IReadOnlyList<SignatureTensor> inputs, IReadOnlyList<SignatureTensor> outputs, IReadOnlyDictionary<string, Tensor> given, int seed, out Diagnostic? fault, SessionOptions? options = null)
    {
        fault = null;
        SignatureTensor[] open = [.. inputs.Where(i => !given.ContainsKey(i.Name))];
        foreach (Dictionary<string, Tensor> probe in ProbeInputs.Of(graph, open, seed))
        {
            foreach (SignatureTensor input in inputs.Where(i => given.ContainsKey(i.Name)))
                probe[input.Name] = given[input.Name];
            try
            {
                IReadOnlyDictionary<string, Tensor> found = PiecewiseRun.Run(model, inputs.ToDictionary(i => i.Tensor, i => probe[i.Name]), [.. outputs.Select(o => o.Tensor).Distinct()], options: options);
                fault = null;
                return new ProbeAnswer(probe, outputs.ToDictionary(o => o.Name, o => found[o.Tensor]));
            }
            catch (ModelException e)
            {
                fault ??= e.Diagnostics[0];
            }
        }

        return null;
    }
}
