using Decant.IR;
using Decant.Ops;

namespace Decant.Inspection;

/// <summary>What is known of a node without running it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Op">Its op, <c>Conv2D</c> or <c>tfl.CONV_2D</c>.</param>
/// <param name="Inputs">The nodes that it reads or waits for, constants aside, by their positions in the list.</param>
/// <param name="Outputs">The types and shapes of its outputs.</param>
/// <param name="Weights">The constants that it reads; one that several nodes read is in the list of each.</param>
/// <param name="Macs">Multiply-accumulates of one run, a batch of 1; 0 for ops that have none or are not counted, and where shapes are not known.</param>
public sealed record NodeReport(string Name, OpName Op, IReadOnlyList<int> Inputs, IReadOnlyList<Fact> Outputs, IReadOnlyList<WeightReport> Weights, long Macs)
{
    /// <summary>The bytes of its weights.</summary>
    public long WeightBytes => Weights.Aggregate(0L, (sum, w) => Saturating.Add(sum, w.Bytes));
}

/// <summary>A constant that a node reads.</summary>
/// <param name="Name">The name of the constant's node.</param>
/// <param name="DType">Its element type.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Bytes">Its size in memory; 0 for strings.</param>
public sealed record WeightReport(string Name, DType DType, Shape Shape, long Bytes);
