using Decant.IR;

namespace Decant.Runtime;

/// <summary>Is told of every step of a session's runs: <see cref="SessionOptions.Observer"/>. Called on the thread that runs.</summary>
public interface IStepObserver
{
    /// <summary>A step has ended.</summary>
    void Observe(in StepTiming step);
}

/// <summary>How long a step of a run took, and what it moved and computed.</summary>
/// <param name="Node">The node; of a fused step, the one whose kernel runs it.</param>
/// <param name="Fused">The nodes that ran in the same step after <paramref name="Node"/>, in order; mostly none.</param>
/// <param name="Depth">0 in the main graph; 1 inside a function that a step of depth 0 calls, whose time holds this one's; and so on.</param>
/// <param name="Started">When it started, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="Ended">When it ended, in the same ticks.</param>
/// <param name="BytesRead">The bytes of its inputs.</param>
/// <param name="BytesWritten">The bytes of the outputs that somebody reads.</param>
/// <param name="Flops">Floating-point operations, an addition and a multiplication counted as two; 0 for ops that do not count them.</param>
public readonly record struct StepTiming(Node Node, IReadOnlyList<Node> Fused, int Depth, long Started, long Ended, long BytesRead, long BytesWritten, long Flops);
