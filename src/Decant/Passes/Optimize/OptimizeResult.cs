namespace Decant.Passes.Optimize;

/// <summary>A model that was optimized.</summary>
/// <param name="Model">The result. Its weights may lie in the files of the original, which must stay open while it is used.</param>
/// <param name="Reference">What it must be equal to: the frozen original, without what only training needs.</param>
/// <param name="Inputs">The names of the inputs in both, as tensors of the graphs.</param>
/// <param name="Outputs">The names of the outputs in both.</param>
/// <param name="Report">What was done, and what was not and why.</param>
/// <param name="IsComplete">Whether nothing more can be done; not when edits were limited.</param>
public sealed record OptimizeResult(Model Model, Model Reference, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, PassReport Report, bool IsComplete)
{
    /// <summary>The edits that took out what only training needs, such as dropout; they come first and are not limited.</summary>
    public IReadOnlyList<string> Training { get; init; } = [];

    /// <summary>Whether the reference has lost what only training needs, so that the original gives other numbers.</summary>
    public bool HasLostTraining => Training.Count > 0;
}
