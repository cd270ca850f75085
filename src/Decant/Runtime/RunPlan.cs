namespace Decant.Runtime;

/// <summary>
/// A program planned for the shapes of its feeds: tensors that are made once, at offsets of one <see cref="Arena"/>, and the
/// steps that are left to run. What a run finds to be otherwise than planned takes pooled memory instead.
/// </summary>
internal sealed class RunPlan
{
    /// <summary>A step with the tensors that its kernel will ask for.</summary>
    /// <param name="Step">The step.</param>
    /// <param name="Outputs">By port; null for an output that is not planned.</param>
    /// <param name="Scratch">In the order in which they are asked for.</param>
    public sealed record PlannedStep(Step Step, Tensor?[] Outputs, Tensor?[] Scratch)
    {
        /// <summary>Gives the output without running the kernel, if that is how it is planned.</summary>
        public PlannedView? View { get; init; }

        /// <summary>Views that the step gave.</summary>
        public ViewCache Views { get; } = new();
    }

    /// <summary>The types and shapes of the feeds that this is the plan for.</summary>
    public required (DType DType, Shape Shape)[] Feeds { get; init; }

    /// <summary>The steps that run.</summary>
    public required PlannedStep[] Steps { get; init; }

    /// <summary>What slots hold before the first step and after the last: constants, and views of planned memory.</summary>
    public required object?[] Fixed { get; init; }

    /// <summary>The memory of intermediate values.</summary>
    public required Arena Arena { get; init; }

    /// <summary>How much of the arena the run uses.</summary>
    public required long ArenaBytes { get; init; }

    /// <summary>Whether this is the plan for feeds of these types and shapes.</summary>
    public bool IsFor(ReadOnlySpan<object> feeds)
    {
        for (int i = 0; i < feeds.Length; i++)
        {
            if (feeds[i] is not Tensor tensor || tensor.DType != Feeds[i].DType || tensor.Shape != Feeds[i].Shape)
                return false;
        }

        return true;
    }
}
