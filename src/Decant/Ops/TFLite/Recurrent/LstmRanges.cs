using System.Numerics.Tensors;
using Decant.IR;

namespace Decant.Ops.TFLite.Recurrent;

/// <summary>The largest magnitudes inside LSTMs, taken down step by step by a session that has this among its resources.</summary>
internal sealed class LstmRanges
{
    private readonly Dictionary<Node, LstmRange> _ranges = [];

    /// <summary>What was seen inside a node, or null when it did not run.</summary>
    public LstmRange? Of(Node node) => _ranges.GetValueOrDefault(node);

    /// <summary>Takes down a step.</summary>
    /// <param name="node">The LSTM.</param>
    /// <param name="cells">The cells' state.</param>
    /// <param name="hidden">The outputs before the projection.</param>
    public void Add(Node node, ReadOnlySpan<float> cells, ReadOnlySpan<float> hidden)
    {
        if (cells.IsEmpty)
            return;
        LstmRange before = Of(node) ?? new LstmRange(0, 0);
        _ranges[node] = new LstmRange(Math.Max(before.Cell, Math.Abs(TensorPrimitives.MaxMagnitude(cells))), Math.Max(before.Hidden, Math.Abs(TensorPrimitives.MaxMagnitude(hidden))));
    }
}

/// <summary>What was seen inside an LSTM.</summary>
/// <param name="Cell">The largest magnitude of a cell's state; NaN when there was one.</param>
/// <param name="Hidden">The largest magnitude of an output before the projection.</param>
internal sealed record LstmRange(float Cell, float Hidden);
