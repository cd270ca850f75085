namespace Decant.Ops.TFLite.Recurrent;

/// <summary>Rows that weights are multiplied with; those with integer weights share one quantization. Serves one step after another.</summary>
internal sealed class RecurrentVectors(bool isAsymmetric)
{
    private readonly Reused<float> _values = new();
    private readonly HybridRows _quantized = new();
    private float[] _rows = [];
    private bool _isQuantized;

    public int Rows => Depth == 0 ? 0 : _rows.Length / Depth;

    public int Depth { get; private set; }

    /// <summary>The rows as 8-bit integers.</summary>
    public HybridRows Quantized
    {
        get
        {
            if (!_isQuantized)
                _quantized.Fill(_rows, Depth, isAsymmetric);
            _isQuantized = true;
            return _quantized;
        }
    }

    /// <summary>Other rows, to be written before they are read.</summary>
    public float[] Begin(int rows, int depth)
    {
        (Depth, _isQuantized) = (depth, false);
        return _rows = _values.Of(rows * depth);
    }

    /// <summary>A copy of other rows.</summary>
    public RecurrentVectors Set(ReadOnlySpan<float> values, int depth)
    {
        (Depth, _isQuantized) = (depth, false);
        _rows = _values.Copy(values);
        return this;
    }

    public ReadOnlySpan<float> Row(int row) => _rows.AsSpan(row * Depth, Depth);
}
