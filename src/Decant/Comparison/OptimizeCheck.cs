using Decant.IR;
using Decant.Passes.Optimize;

namespace Decant.Comparison;

/// <summary>What running an optimized model beside its original showed.</summary>
/// <param name="Comparison">The comparison of the outputs; null when they could not be run.</param>
/// <param name="NotRun">Why they could not be run, or null.</param>
/// <param name="Random">Outputs that were left out because they depend on random numbers.</param>
public sealed record OptimizeCheck(ComparisonResult? Comparison, Diagnostic? NotRun, IReadOnlyList<string> Random)
{
    /// <summary>
    /// How far outputs may be apart: folding rounds each weight once more, and changes the order of additions. In networks of a
    /// hundred layers that adds up to a few 1e-5 of the largest value.
    /// </summary>
    public static CompareOptions Tolerance { get; } = new() { RelativeTolerance = 1e-4, AbsoluteTolerance = 1e-6, ScaleTolerance = 1e-4, Plain = true };

    /// <summary>Whether both gave the same, or nothing could be compared.</summary>
    public bool Passed => Comparison is null || Comparison.Equal;

    /// <summary>The values of inputs that both were run on, by the names of the graphs' tensors; none when they were not run.</summary>
    public IReadOnlyDictionary<string, Tensor> Feeds { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>Runs both on the same inputs.</summary>
    /// <param name="original">The model that was optimized.</param>
    /// <param name="result">What became of it.</param>
    /// <param name="inputs">Values of inputs by the names of the original; those that are not given are random.</param>
    /// <param name="seed">The seed of random values.</param>
    /// <param name="options">How closely; <see cref="Tolerance"/> where it is null.</param>
    /// <exception cref="ModelException">The original runs, but the result does not.</exception>
    public static OptimizeCheck Run(Model original, OptimizeResult result, IReadOnlyDictionary<string, Tensor> inputs, int seed, CompareOptions? options = null)
    {
        Model reference = result.HasLostTraining ? result.Reference : original;
        HashSet<string> random = RandomOutputs(result.Reference, result.Outputs);
        string[] outputs = [.. result.Outputs.Where(o => !random.Contains(o))];
        if (outputs.Length == 0)
            return new OptimizeCheck(null, new Diagnostic(CompareErrors.NothingToCompare, "all outputs depend on random numbers", null), [.. random]);
        options ??= Tolerance;
        var session = new SessionOptions { Fusion = !options.Plain };
        var view = SignatureView.Of(original);
        Dictionary<string, Tensor> given = inputs.ToDictionary(i => view.Resolve(i.Key, isInput: true).ToString(), i => i.Value);
        SignatureTensor[] wanted = [.. outputs.Select(o => new SignatureTensor(o, o, default, Shape.Unknown))];
        SignatureTensor[] asked = [.. Open(view, result, inputs), .. given.Select(g => new SignatureTensor(g.Key, g.Key, g.Value.DType, g.Value.Shape))];
        if (ProbeAnswer.Find(reference, result.Reference.Graph, asked, wanted, given, seed, out Diagnostic? notRun, session) is not { } expected)
            return new OptimizeCheck(null, notRun, [.. random]);
        IReadOnlyDictionary<string, Tensor> found = PiecewiseRun.Run(result.Model, expected.Inputs, outputs, options: session);
        OutputComparison[] compared = [.. outputs.Select(o => new OutputComparison(o, o, ModelComparison.Difference(expected.Outputs[o], found[o], options)))];
        return new OptimizeCheck(new ComparisonResult(compared, null, 0), null, [.. random]) { Feeds = expected.Inputs };
    }

    /// <summary>The inputs that the outputs need and that are not given.</summary>
    private static List<SignatureTensor> Open(SignatureView view, OptimizeResult result, IReadOnlyDictionary<string, Tensor> given)
    {
        HashSet<Node> needed = Passes.Reach.Backward(result.Outputs.Select(o => result.Reference.Graph[o.Split(':')[0]]));
        HashSet<string> there = [.. given.Keys.Select(g => view.Resolve(g, isInput: true).Node.Name)];
        var open = new List<SignatureTensor>();
        foreach (Node node in result.Reference.Graph.Nodes.Where(n => n.Op.Name is "Placeholder" or "PlaceholderV2" && needed.Contains(n) && !there.Contains(n.Name)))
        {
            Shape shape = view.Inputs.FirstOrDefault(i => view.Resolve(i.Name, isInput: true).Node.Name == node.Name)?.Shape is { HasRank: true } declared ? declared
                : (node.Attributes["shape"] as ShapeAttr)?.Value ?? Shape.Unknown;
            open.Add(new SignatureTensor(node.Name, node.Name, (node.Attributes["dtype"] as TypeAttr)?.Value ?? DType.Invalid, shape));
        }

        return open;
    }

    internal static HashSet<string> RandomOutputs(Model model, IEnumerable<string> outputs) =>
        [.. outputs.Where(o => Passes.Reach.Backward([model.Graph[o.Split(':')[0]]]).Any(IsUnseeded) || model.Functions.Values.Any(f => f.Nodes.Any(IsUnseeded)))];

    private static bool IsUnseeded(Node node) =>
        Ordering.IsRandom(node) && node.Attributes["seed"] is null or IntAttr { Value: 0 } && node.Attributes["seed2"] is null or IntAttr { Value: 0 };
}
