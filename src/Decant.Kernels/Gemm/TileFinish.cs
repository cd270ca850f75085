namespace Decant.Kernels.Gemm;

/// <summary>What a result goes through before it is final: + bias of its column (null: none), then a clamp to [Low, High].</summary>
internal readonly unsafe struct TileFinish(float* bias, Activation activation)
{
    public readonly float* Bias = bias;
    public readonly Activation Activation = activation;
    public readonly float Low = activation == Activation.ReluN1To1 ? -1 : 0;
    public readonly float High = activation switch
    {
        Activation.Relu6 => 6,
        Activation.ReluN1To1 => 1,
        _ => float.PositiveInfinity,
    };

    public bool IsNothing => Bias == null && Activation == Activation.None;

    /// <summary>The same for the columns from <paramref name="column"/> on.</summary>
    public TileFinish From(int column) => new(Bias == null ? null : Bias + column, Activation);
}
