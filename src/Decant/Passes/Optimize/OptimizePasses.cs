namespace Decant.Passes.Optimize;

/// <summary>The passes of <see cref="Optimizer"/>.</summary>
internal static class OptimizePasses
{
    /// <summary>The passes of one round, in order; <paramref name="growth"/> is that of all rounds.</summary>
    public static IEnumerable<Pass> All(OptimizeOptions options, GrowthBudget growth)
    {
        IEnumerable<Pass> passes =
        [
            new Prune(),
            new RemoveIdentities(options.KeepPrints),
            new DropDropout(),
            new DeadBranches(),
            new DeadSwitches(),
            new MaterializeShapes(),
            new ConstantFolding(options.Folding, growth),
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

    /// <summary>What takes dropout out of a graph, and what may stand in its way.</summary>
    public static IEnumerable<Pass> Training(OptimizeOptions options, GrowthBudget growth)
    {
        IEnumerable<Pass> passes = [new Prune(), new RemoveIdentities(options.KeepPrints), new ConstantFolding(options.Folding, growth), new DropDropout()];
        return passes.Where(p => !options.Without.Contains(p.Name));
    }

    /// <summary>What changes functions and their callers at once, and so does not run over functions.</summary>
    public static IEnumerable<Pass> Callers(OptimizeOptions options) => options.Without.Contains("loop_invariants") ? [] : [new LoopInvariants()];

    /// <summary>What is done when nothing else is found any more, and only when asked for.</summary>
    public static IEnumerable<Pass> Last(OptimizeOptions options) =>
        [.. options.NarrowIndices ? [new NarrowIndices()] : (Pass[])[], .. options.Fuse ? [new FuseContractions()] : (Pass[])[]];
}
