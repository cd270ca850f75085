using Decant.Passes.Optimize;

namespace Decant.Comparison;

/// <summary>The first edit of an optimization after which the outputs differ from the original's.</summary>
/// <param name="Edits">The number of edits that were tried in all.</param>
/// <param name="First">The number of that edit, from 1 on; 0 when no edit makes a difference.</param>
/// <param name="Label">What it did.</param>
/// <param name="Check">How the outputs are after it.</param>
public sealed record Bisection(int Edits, int First, string Label, OptimizeCheck Check)
{
    /// <summary>Searches among the edits by halves: an edit behind which outputs differ has others behind it for which they differ too.</summary>
    /// <param name="model">The original.</param>
    /// <param name="options">How it is optimized; <see cref="OptimizeOptions.MaxEdits"/> is the most edits that are tried.</param>
    /// <param name="inputs">Values of inputs by name; others are random.</param>
    /// <param name="seed">The seed of random values.</param>
    /// <param name="tolerance">How far outputs may be apart; null for <see cref="OptimizeCheck.Tolerance"/>.</param>
    /// <param name="progress">Is told of the number of edits that is tried next.</param>
    /// <exception cref="ModelException">The model cannot be optimized.</exception>
    public static Bisection Run(Model model, OptimizeOptions options, IReadOnlyDictionary<string, Tensor> inputs, int seed, CompareOptions? tolerance = null, IProgress<int>? progress = null)
    {
        (OptimizeResult all, OptimizeCheck last) = Try(options.MaxEdits);
        int edits = all.Report.Edits.Count;
        if (last.Passed)
            return new Bisection(edits, 0, "", last);
        (int good, int bad) = (-1, edits);
        while (bad - good > 1)
        {
            int middle = (good + bad) / 2;
            progress?.Report(middle);
            OptimizeCheck check = Try(middle).Check;
            (good, bad, last) = check.Passed ? (middle, bad, last) : (good, middle, check);
        }

        return new Bisection(edits, bad, bad == 0 ? "freezing" : all.Report.Edits[bad - 1], last);

        (OptimizeResult Result, OptimizeCheck Check) Try(int maxEdits)
        {
            OptimizeResult result = Optimizer.Run(model, options with { MaxEdits = maxEdits }, model.ValueOf);
            try
            {
                return (result, OptimizeCheck.Run(model, result, inputs, seed, tolerance));
            }
            catch (ModelException e)
            {
                // The original runs and the result does not: that differs most.
                return (result, new OptimizeCheck(new ComparisonResult([new OutputComparison("", "", new TensorDifference(false, double.PositiveInfinity, double.PositiveInfinity, 0, e.Message))], null, 0), null, []));
            }
        }
    }
}
