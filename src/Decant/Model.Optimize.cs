using System.Globalization;
using Decant.Comparison;
using Decant.Passes.Optimize;
using CompareOptions = Decant.Comparison.CompareOptions;

namespace Decant;

public sealed partial class Model
{
    /// <summary>
    /// This model frozen and made smaller and cheaper, with the same inputs and outputs: what is constant is computed, what says the
    /// same twice is said once, normalizations are folded into weights, and what only training needs is left out. The result
    /// is run beside this model on the same random inputs. The weights may stay in this model's files, so it must stay open while
    /// the result is used.
    /// </summary>
    /// <param name="options">What and how far.</param>
    /// <param name="verify">Whether the result is run beside this model.</param>
    /// <param name="inputs">Values of inputs by name for that; others are random.</param>
    /// <param name="seed">The seed of random values.</param>
    /// <param name="tolerance">How far outputs may be apart; null for <see cref="OptimizeCheck.Tolerance"/>.</param>
    /// <exception cref="ModelException">A name is unknown, the model cannot be frozen, or the result differs.</exception>
    public Optimized Optimize(OptimizeOptions? options = null, bool verify = true, IReadOnlyDictionary<string, Tensor>? inputs = null, int seed = 0, CompareOptions? tolerance = null)
    {
        OptimizeResult result = Optimizer.Run(this, options ?? new OptimizeOptions(), ValueOf);
        if (!verify)
            return new Optimized(result, null);
        OptimizeCheck check = OptimizeCheck.Run(this, result, inputs ?? new Dictionary<string, Tensor>(), seed, tolerance);
        if (check.Comparison?.Outputs.FirstOrDefault(o => !o.Difference.Equal) is { } worst)
        {
            throw CompareErrors.OptimizedDiffers.At(
                new Location(Path), worst.Difference.Reason is { } reason ? $"the output '{worst.Name}' of the optimized model differs: {reason}"
                    : string.Create(CultureInfo.InvariantCulture, $"the output '{worst.Name}' of the optimized model differs by {worst.Difference.MaxAbsolute:G3}, in {worst.Difference.Differing} elements more than rounding explains"),
                $"find the edit that does it: decant bisect {Path}");
        }

        return new Optimized(result, check);
    }
}

/// <summary>An optimized model with what is known of it.</summary>
/// <param name="Result">The model and what was done.</param>
/// <param name="Check">How it compares with the original; null when that was not asked for.</param>
public sealed record Optimized(OptimizeResult Result, OptimizeCheck? Check)
{
    /// <summary>The optimized model.</summary>
    public Model Model => Result.Model;
}
