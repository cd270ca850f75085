namespace Decant.Ops.TFLite;

/// <summary>Index arithmetic that STABLEHLO_GATHER and STABLEHLO_SCATTER share: where windows of an operand begin, and elements in them.</summary>
internal sealed class StablehloIndices
{
    private readonly long[] _starts;
    private readonly long[] _strides;
    private readonly int _vectorDim;
    private readonly long[] _startMap;
    private readonly long[] _windowDims;
    private readonly int[] _operandDims;
    private readonly int _operandRank;

    /// <summary>Indices of a run.</summary>
    /// <param name="context">The run.</param>
    /// <param name="startInput">The input with the start indices.</param>
    /// <param name="vectorDim">Their dimension that a start's numbers lie along; their rank when each is a start of one number.</param>
    /// <param name="startMap">For each number of a start the operand's dimension.</param>
    /// <param name="windowDims">The dimensions of results or updates that are a window's, in order.</param>
    /// <param name="collapsed">The operand's dimensions that windows do not have.</param>
    /// <param name="operandRank">The rank of the operand.</param>
    public StablehloIndices(KernelContext context, int startInput, int vectorDim, long[] startMap, long[] windowDims, long[] collapsed, int operandRank)
    {
        Shape = context.Shape(startInput);
        (_starts, _vectorDim, _startMap, _windowDims, _operandRank) = (context.Ints(startInput), vectorDim, startMap, windowDims, operandRank);
        _operandDims = [.. Enumerable.Range(0, operandRank).Where(d => !collapsed.Contains(d))];
        long numbers = vectorDim == Shape.Rank ? 1 : vectorDim >= 0 && vectorDim < Shape.Rank ? Shape[vectorDim] : -1;
        if (numbers != startMap.Length || startMap.Any(d => d < 0 || d >= operandRank) || windowDims.Length != _operandDims.Length || windowDims.Distinct().Count() != windowDims.Length)
            throw context.Fail($"has the start indices {context.Input(startInput)} along dimension {vectorDim} for [{string.Join(',', startMap)}] and windows in [{string.Join(',', windowDims)}] of {operandRank} dimensions");
        BatchDims = [.. Enumerable.Range(0, Shape.Rank).Where(d => d != vectorDim).Select(d => Shape[d])];
        _strides = new long[Shape.Rank + 1];
        _strides[Shape.Rank] = 1;
        for (int d = Shape.Rank - 1; d >= 0; d--)
            _strides[d] = _strides[d + 1] * Shape[d];
    }

    /// <summary>The shape of the start indices.</summary>
    public Shape Shape { get; }

    /// <summary>The sizes of the start indices' other dimensions.</summary>
    public long[] BatchDims { get; }

    /// <summary>The operand's dimensions that windows have.</summary>
    public IReadOnlyList<int> OperandDims => _operandDims;

    /// <summary>The operand's index of an element: the start of its window and its place there.</summary>
    /// <param name="element">An index of the result or the updates.</param>
    /// <param name="start">Is filled with the start.</param>
    /// <param name="offset">Is filled with the place in the window.</param>
    public void Split(ReadOnlySpan<long> element, Span<long> start, Span<long> offset)
    {
        start.Clear();
        offset.Clear();
        long at = 0;
        int batch = 0;
        for (int d = 0; d < element.Length; d++)
        {
            int window = Array.IndexOf(_windowDims, (long)d);
            if (window >= 0)
            {
                offset[_operandDims[window]] = element[d];
                continue;
            }

            if (batch == _vectorDim)
                batch++;
            at += element[d] * _strides[++batch];
        }

        long step = _vectorDim < Shape.Rank ? _strides[_vectorDim + 1] : 0;
        for (int i = 0; i < _startMap.Length; i++)
            start[(int)_startMap[i]] = _starts[at + (i * step)];
    }

    /// <summary>The next index of a shape in order; false behind the last.</summary>
    public static bool Next(Span<long> index, Shape shape)
    {
        for (int d = index.Length - 1; d >= 0; d--)
        {
            if (++index[d] < shape[d])
                return true;
            index[d] = 0;
        }

        return false;
    }
}
