using Decant.IR;

namespace Decant.Passes.Compress;

/// <summary>What came of making weights smaller.</summary>
/// <param name="Model">The model with smaller weights. They are computed while it is saved, from the files of the source, which must stay open.</param>
/// <param name="Report">Which weights changed, and which did not and why.</param>
/// <param name="Embeddings">What became of embeddings, in the order of the options.</param>
public sealed record CompressionResult(Model Model, PassReport Report, IReadOnlyList<EmbeddingReport> Embeddings);

/// <summary>Makes the weights of models smaller.</summary>
internal static class Compressor
{
    /// <summary>Changes a frozen model in place.</summary>
    /// <exception cref="ModelException">A name is unknown, or the rows of an embedding cannot be changed.</exception>
    public static CompressionResult Run(Model frozen, IReadOnlyCollection<string> kept, CompressOptions options)
    {
        foreach (string name in options.PerWeight.Keys.Concat(options.Weights.Only ?? []).Concat(options.Weights.Except))
            _ = frozen.Graph[name];
        var context = new PassContext(frozen, frozen.Graph, kept.Select(n => frozen.Graph[n]), [], []);
        List<EmbeddingReport> embeddings = [.. options.Embeddings.Select(e => EmbeddingRows.Apply(frozen, e, context))];
        PassReport report = PassDriver.Run(frozen, Passes(options), new PassOptions { Kept = kept, Verify = options.Verify, InferFacts = false });
        return new CompressionResult(frozen, report, embeddings);
    }

    /// <summary>The setting for most weights first, then those of single ones, which the first leaves alone.</summary>
    private static IEnumerable<Pass> Passes(CompressOptions options)
    {
        WeightSelection most = options.Weights with { Except = [.. options.Weights.Except, .. options.PerWeight.Keys] };
        IEnumerable<Pass> passes = options.Setting?.Passes(most with { Only = WithFactors(most.Only) }) ?? [];
        foreach (IGrouping<CompressionSetting, string> group in options.PerWeight.GroupBy(p => p.Value, p => p.Key))
            passes = passes.Concat(group.Key.Passes(new WeightSelection { MinElements = 1, Only = WithFactors([.. group]) }));
        return passes;
    }

    /// <summary>Names of weights with those that their factors would have.</summary>
    private static HashSet<string>? WithFactors(IReadOnlyCollection<string>? names) =>
        names?.SelectMany(n => (string[])[n, n + LowRankPass.LeftSuffix, n + LowRankPass.RightSuffix]).ToHashSet(StringComparer.Ordinal);
}
