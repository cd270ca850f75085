namespace Decant.Kernels.Gemm;

/// <summary>
/// What happens to each result before it is stored: + bias[column] (empty: none), + the residual at the same place (empty: none), then
/// the activation.
/// </summary>
public readonly ref struct Epilogue<T>(ReadOnlySpan<T> bias, Activation activation = Activation.None, ReadOnlySpan<T> residual = default)
{
    /// <summary>One value per output column or channel; empty for none.</summary>
    public ReadOnlySpan<T> Bias { get; } = bias;

    public Activation Activation { get; } = activation;

    /// <summary>In the place of an activation, for convolutions: what results below 0 are multiplied by, one value per channel; empty for none.</summary>
    public ReadOnlySpan<T> Slopes { get; init; }

    /// <summary>As many values as the output has, in its layout; empty for none. It may be the output itself, but not overlap it otherwise.</summary>
    public ReadOnlySpan<T> Residual { get; } = residual;

    /// <summary>Neither bias nor residual nor activation.</summary>
    public static Epilogue<T> None => default;
}
