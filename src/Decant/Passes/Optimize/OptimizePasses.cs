namespace Decant.Passes.Optimize;

/// <summary>The passes of <see cref="Optimizer"/>.</summary>
internal static class OptimizePasses
{
    /// <summary>The passes of one round, in order.</summary>
    public static IEnumerable<Pass> All(OptimizeOptions options)
    {
        IEnumerable<Pass> passes =
        [
            new Prune(),
            new RemoveIdentities(),
            new MaterializeShapes(),
            new ConstantFolding(options.Folding),
            new SimplifyArithmetic(),
            new SimplifyCasts(),
            new SimplifyReshapes(),
            new SimplifyTransposes(),
            new SimplifyArrays(),
            new ReassociateConstants(),
            new FoldOutputScales(),
            new FoldInputScales(),
            new FoldPads(),
            new ReduceControlDependencies(),
            new CommonSubexpressions(),
            new Prune(),
        ];
        return passes.Where(p => !options.Without.Contains(p.Name));
    }
}
