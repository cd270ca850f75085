namespace Decant.IR;

/// <summary>The weights of a file that does not tell the layers that they are of.</summary>
/// <param name="Hint">What to do so that there is a model.</param>
/// <param name="Groups">The weights of each layer, with their names.</param>
internal sealed record LooseWeights(string Hint, IReadOnlyList<IReadOnlyList<(string Name, TensorAttr Value)>> Groups);
