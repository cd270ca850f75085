using Decant.IR;
using Decant.Quantizing.Calibration;

namespace Decant.Quantizing.Integers;

/// <summary>
/// Finds which operators must stay float for an accuracy: first the least number of those that add most noise, by halving, then each of
/// them is tried with integers again, the most costly first.
/// </summary>
/// <param name="functions">The subgraphs that may be called.</param>
/// <param name="inputs">The inputs, in the order of the arguments.</param>
/// <param name="labelled">The examples, with labels.</param>
internal sealed class MixedSearch(IReadOnlyDictionary<string, Function> functions, IReadOnlyList<SignatureTensor> inputs, CalibrationSet labelled)
{
    private int _trials;

    /// <summary>Searches.</summary>
    /// <param name="source">The float subgraph.</param>
    /// <param name="layers">The errors of the operators that can be integer, in order.</param>
    /// <param name="make">Makes the subgraph in which some operators, by their names, stay float.</param>
    /// <param name="drop">The part of right answers that may be lost.</param>
    public AccuracySearch Run(Function source, IReadOnlyList<LayerError> layers, Func<IReadOnlySet<string>, Function> make, double drop)
    {
        double whole = Accuracy(source), integers = Of([]), least = whole - drop;
        if (integers >= least)
            return new AccuracySearch(whole, integers, integers, [], _trials);
        string[] order = [.. layers.OrderByDescending(l => l.OwnNoise).Select(l => l.Layer)];
        (int low, int high) = (1, order.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Of(order[..middle]) >= least)
                high = middle;
            else
                low = middle + 1;
        }

        List<string> restored = [.. order[..low]];
        foreach (string name in order[..low].OrderByDescending(n => Cost(source[n])))
        {
            if (restored.Count > 1 && Of([.. restored.Where(r => r != name)]) >= least)
                restored.Remove(name);
        }

        return new AccuracySearch(whole, integers, Of([.. restored]), restored, _trials);

        double Of(string[] floats)
        {
            _trials++;
            return Accuracy(make(floats.ToHashSet(StringComparer.Ordinal)));
        }
    }

    /// <summary>The part of examples whose class, the greatest element of the first result or the result itself, is the label.</summary>
    public double Accuracy(Function function)
    {
        (long right, long count) = (0, 0);
        using var run = new SetRun(functions, function, inputs, labelled, [[function.Results[0].Value]]);
        run.Run((example, _, tensors) =>
        {
            int[] classes = Classes(tensors[0]);
            if (example.Labels.Count == 0 || example.Labels.Count != classes.Length)
                throw QuantizeErrors.CannotQuantize.At(new Location(example.Source), $"there are {example.Labels.Count} labels for {classes.Length} answers {tensors[0]}", "give labels with --labels FILE, and as the first output the scores of the classes");
            for (int i = 0; i < classes.Length; i++)
                right += classes[i] == example.Labels[i] ? 1 : 0;
            count += classes.Length;
        });
        return (double)right / count;
    }

    private static int[] Classes(Tensor scores) => scores.DType switch
    {
        DType.Int64 => Array.ConvertAll(scores.Span<long>().ToArray(), c => (int)Math.Clamp(c, -1, int.MaxValue)),
        DType.Int32 => scores.Span<int>().ToArray(),
        DType.Float32 when scores.Shape.Rank > 0 && scores.Shape[-1] > 0 => Greatest(scores.Span<float>(), (int)scores.Shape[-1]),
        _ => throw QuantizeErrors.CannotQuantize.At(null, $"the first output is {scores}, expected scores of classes or classes", "choose it with --outputs"),
    };

    private static int[] Greatest(ReadOnlySpan<float> scores, int count)
    {
        int[] classes = new int[scores.Length / count];
        for (int i = 0; i < classes.Length; i++)
        {
            ReadOnlySpan<float> row = scores.Slice(i * count, count);
            for (int c = 1; c < count; c++)
            {
                if (row[c] > row[classes[i]])
                    classes[i] = c;
            }
        }

        return classes;
    }

    /// <summary>The multiplications of an operator, or the elements of its result where it has no weights.</summary>
    private static double Cost(Node node)
    {
        double elements = Elements(node.Fact(0).Shape);
        return OperatorRule.Find(node.Op.Name, DType.Int8) is { Weights: >= 0 and var weights } rule && node.Inputs[weights].Constant is { } w ? elements * w.ElementCount / Math.Max(1, w.Shape[rule.Axis]) : elements;
    }

    private static double Elements(Shape shape) => shape.HasRank ? shape.Dims.ToArray().Aggregate(1.0, (a, d) => a * Math.Max(1, d)) : 1;
}
