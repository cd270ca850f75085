using Decant.IR;

namespace Decant.Comparison;

/// <summary>What to compare, and how closely.</summary>
public sealed record CompareOptions
{
    /// <summary>Relative tolerance: float32 rounding of a deep network.</summary>
    public double RelativeTolerance { get; init; } = 1e-4;

    /// <summary>Absolute tolerance, for values near zero.</summary>
    public double AbsoluteTolerance { get; init; } = 1e-5;

    /// <summary>
    /// Absolute tolerance as a part of the largest magnitude in an output: where sums are large, what they nearly cancel to is as
    /// uncertain as they are.
    /// </summary>
    public double ScaleTolerance { get; init; }

    /// <summary>The signature of both models, or null for the default one.</summary>
    public string? Signature { get; init; }

    /// <summary>Names of inputs of the first model to cut at; null for those of the signature.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>Whether both are run node by node, so that what a session folds by itself hides no difference of the graphs.</summary>
    public bool Plain { get; init; }

    /// <summary>Whether to look for the first tensor inside the graphs that differs.</summary>
    public bool Layers { get; init; }
}

/// <summary>One output of both models.</summary>
/// <param name="Name">The name in the first model.</param>
/// <param name="OtherName">The name in the second model.</param>
/// <param name="Difference">How they differ.</param>
public sealed record OutputComparison(string Name, string OtherName, TensorDifference Difference);

/// <summary>What running two models on the same inputs showed.</summary>
/// <param name="Outputs">Each output.</param>
/// <param name="FirstDifference">The first inner tensor that differs, in the order of running, when layers were asked for and one does.</param>
/// <param name="LayersCompared">The number of inner tensors that both graphs have by name.</param>
public sealed record ComparisonResult(IReadOnlyList<OutputComparison> Outputs, OutputComparison? FirstDifference, int LayersCompared)
{
    /// <summary>Whether all outputs are equal within the tolerance.</summary>
    public bool Equal => Outputs.All(o => o.Difference.Equal);
}

/// <summary>Runs two models on the same inputs and compares what they give.</summary>
public static class ModelComparison
{
    /// <summary>
    /// Compares <paramref name="b"/> with the reference <paramref name="a"/>. Inputs and outputs correspond by name; where a
    /// name is not there, by the tensor that a signature's name stands for, and else by position.
    /// </summary>
    /// <param name="a">The reference.</param>
    /// <param name="b">The model to compare.</param>
    /// <param name="inputs">Values by the names of the reference; inputs that the outputs need and that are not given are random.</param>
    /// <param name="random">Makes the values of other inputs.</param>
    /// <param name="options">What and how closely.</param>
    /// <exception cref="ModelException">One of the models cannot be run, or nothing corresponds.</exception>
    public static ComparisonResult Compare(Model a, Model b, IReadOnlyDictionary<string, Tensor> inputs, Random random, CompareOptions options)
    {
        SignatureView first = SignatureView.Of(a, options.Signature);
        SignatureView second = SignatureView.Of(b, b.Signatures.Exists(s => s.Key == options.Signature) ? options.Signature : null);
        var feeds = new Dictionary<string, Tensor>(inputs, StringComparer.Ordinal);
        string[] outputs = [.. options.Outputs ?? [.. first.Outputs.Select(o => o.Name)]];
        if (outputs.Length == 0)
            throw CompareErrors.NothingToCompare.At(new Location(a.Path), "the model has no outputs", a.LooseWeights?.Hint ?? "name some: --output NAME");
        RandomTensors.Complete(feeds, first, outputs, random);
        Dictionary<string, string> inputNames = Correspond(b, feeds.Keys, first.Inputs, second.Inputs, isInput: true);
        Dictionary<string, string> outputNames = Correspond(b, outputs, first.Outputs, second.Outputs, isInput: false);
        string[] inner = options.Layers ? [.. Layers(a, b)] : [];
        SessionOptions session = options.Plain ? new SessionOptions { Fusion = false } : new SessionOptions();
        using var sessionA = new Session(a, session);
        using var sessionB = new Session(b, session);
        IReadOnlyDictionary<string, Tensor> resultsA = sessionA.Run(feeds, outputs, options.Signature);
        Dictionary<string, Tensor> feedsB = feeds.ToDictionary(f => inputNames[f.Key], f => f.Value);
        IReadOnlyDictionary<string, Tensor> resultsB = sessionB.Run(feedsB, [.. outputs.Select(o => outputNames[o])], second.Key.Length > 0 ? second.Key : null);
        List<OutputComparison> compared = [.. outputs.Select(o => new OutputComparison(o, outputNames[o], Difference(resultsA[o], resultsB[outputNames[o]], options)))];
        OutputComparison? firstDifference = null;
        if (inner.Length > 0 && !compared.TrueForAll(c => c.Difference.Equal))
        {
            IReadOnlyDictionary<string, Tensor> layersA = sessionA.Run(feeds, inner, options.Signature);
            IReadOnlyDictionary<string, Tensor> layersB = sessionB.Run(feedsB, inner, second.Key.Length > 0 ? second.Key : null);
            firstDifference = inner.Select(n => new OutputComparison(n, n, Difference(layersA[n], layersB[n], options))).FirstOrDefault(c => !c.Difference.Equal);
        }

        return new ComparisonResult(compared, firstDifference, inner.Length);
    }

    internal static TensorDifference Difference(Tensor a, Tensor b, CompareOptions options) =>
        TensorDifference.Of(a, b, options.RelativeTolerance, options.ScaleTolerance == 0 ? options.AbsoluteTolerance : Math.Max(options.AbsoluteTolerance, options.ScaleTolerance * Largest(a)));

    private static double Largest(Tensor tensor)
    {
        double largest = 0;
        if (tensor.DType == DType.Float32)
        {
            foreach (float x in tensor.Span<float>())
                largest = float.IsFinite(x) ? Math.Max(largest, Math.Abs(x)) : largest;
        }
        else if (tensor.DType == DType.Float64)
        {
            foreach (double x in tensor.Span<double>())
                largest = double.IsFinite(x) ? Math.Max(largest, Math.Abs(x)) : largest;
        }

        return largest;
    }

    private static Dictionary<string, string> Correspond(
        Model b, IEnumerable<string> names, IReadOnlyList<SignatureTensor> first, IReadOnlyList<SignatureTensor> second, bool isInput)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            int position = first.Select(t => t.Name).ToList().IndexOf(name);
            string tensor = position >= 0 ? first[position].Tensor : name;
            if (second.Any(t => t.Name == name) || Has(b, name))
                result[name] = name;
            else if (Has(b, tensor))
                result[name] = tensor;
            else if (position >= 0 && first.Count == second.Count)
                result[name] = second[position].Name;
            else
                throw CompareErrors.NothingToCompare.At(new Location(b.Path), $"there is no {(isInput ? "input" : "output")} '{name}' or tensor '{tensor}' in the second model");
        }

        return result;
    }

    private static bool Has(Model model, string tensor) => model.Graph.TryGet(tensor.Split(':')[0], out _);

    /// <summary>Inner tensors of port 0 that both graphs compute with the same op, in the order of running of the first.</summary>
    private static IEnumerable<string> Layers(Model a, Model b) =>
        from node in a.Graph.Nodes
        where node.Inputs.Count > 0 && b.Graph.TryGet(node.Name, out Node? other) && other.Op == node.Op && node.Fact(0).DType.HasFixedSize()
        select node.Name;
}
