using Decant.IR;
using Decant.Passes;
using Decant.Passes.Transforms;

namespace Decant;

/// <summary>A model that was transformed, and what was done to it.</summary>
/// <param name="Model">The new model, whose weights may lie in the files of the model that it was made of.</param>
/// <param name="Report">The edits, what was declined, and what else there is to say.</param>
public sealed record TransformResult(Model Model, PassReport Report);

public sealed partial class Model
{
    /// <summary>
    /// Runs a list of transforms in the Graph Transform Tool's language over the main graph, such as
    /// <c>fold_constants fold_batch_norms quantize_weights(minimum_size=16)</c>. This model stays as it is, and must stay open
    /// while the result is used.
    /// </summary>
    /// <param name="transforms">The transforms, in order; docs/passes.md lists them with their parameters.</param>
    /// <param name="inputs">The inputs, by names of the signature or of tensors; null for the signature's, or the graph's own.</param>
    /// <param name="outputs">The outputs, named in the same way.</param>
    /// <param name="options">How passes are run; inputs and outputs are those above.</param>
    /// <exception cref="ModelException">
    /// The list is not well formed or names what does not exist, a name is unknown, or the graph has a cycle. A single match that cannot be
    /// taken is no error: the report tells it.
    /// </exception>
    public TransformResult Transform(string transforms, IReadOnlyList<string>? inputs = null, IReadOnlyList<string>? outputs = null, PassOptions? options = null) =>
        Transform(TransformList.Parse(transforms), inputs, outputs, options);

    /// <summary>Runs passes over the main graph.</summary>
    /// <inheritdoc cref="Transform(string, IReadOnlyList{string}?, IReadOnlyList{string}?, PassOptions?)" />
    public TransformResult Transform(IReadOnlyList<Pass> passes, IReadOnlyList<string>? inputs = null, IReadOnlyList<string>? outputs = null, PassOptions? options = null)
    {
        TopologicalOrder.Of(Graph);
        SignatureView view = SignatureView.Of(this);
        string[] Tensors(IEnumerable<string> names, bool isInput) => [.. names.Select(n => view.Resolve(n, isInput).ToString()).Distinct()];
        Model result = this.Copy();
        PassReport report = PassDriver.Run(result, passes, (options ?? new PassOptions()) with
        {
            Inputs = Tensors(inputs ?? [.. view.Inputs.Select(i => i.Name)], isInput: true),
            Outputs = Tensors(outputs ?? [.. view.Outputs.Select(o => o.Name)], isInput: false),
        });
        if (report.Edits.Count > 0)
        {
            Colocation.RemoveDangling(result.Graph);
            result.Graph.Reorder(TopologicalOrder.Of(result.Graph));
            result.Signatures.RemoveAll(s => !s.Inputs.Concat(s.Outputs).All(t => result.Graph.TryGet(t.Tensor.Split(':')[0], out _)));
        }

        return new TransformResult(result, report);
    }
}
