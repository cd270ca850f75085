namespace Decant.Kernels.Gemm;

/// <summary>
/// What a result goes through before it is final: + bias of its column (null: none), then a clamp to [Low, High], or, where it is below 0, times the
/// slope of its column (null: none).
/// </summary>
internal readonly unsafe struct TileFinish
{
    public readonly float* Bias;
    public readonly Activation Activation;
    public readonly float Low;
    public readonly float High;
    public readonly float* Slopes;

    public TileFinish(float* bias, Activation activation, float* slopes = null)
        : this(bias, slopes, activation, activation == Activation.ReluN1To1 ? -1 : 0, activation switch
        {
            Activation.Relu6 => 6,
            Activation.ReluN1To1 => 1,
            _ => float.PositiveInfinity,
        })
    {
    }

    private TileFinish(float* bias, float* slopes, Activation activation, float low, float high)
    {
        Bias = bias;
        Slopes = slopes;
        (Activation, Low, High) = (activation, low, high);
    }

    /// <summary>Whether there is an upper bound.</summary>
    public bool IsBounded => Activation > Activation.Relu;

    public bool IsNothing => Bias == null && Activation == Activation.None;

    /// <summary>The same for the columns from <paramref name="column"/> on.</summary>
    public TileFinish From(int column) => new(Bias == null ? null : Bias + column, Slopes == null ? null : Slopes + column, Activation, Low, High);

    /// <summary>What of it a part of the products takes, of which the first begins with the bias and the last ends with the rest.</summary>
    public TileFinish Part(bool isFirst, bool isLast) => new(isFirst ? Bias : null, isLast ? Slopes : null, isLast ? Activation : Activation.None, Low, High);

    /// <summary>What becomes of a column's sum to which bias and residual have been added.</summary>
    public float Last(float x, int column) => Slopes != null ? x < 0 ? x * Slopes[column] : x : GemmReference.Activate(x, Activation);
}
