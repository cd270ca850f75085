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

    /// <summary>For convolutions: what results are multiplied by after the activation, one value per channel; empty for none.</summary>
    public ReadOnlySpan<T> Scale { get; init; }

    /// <summary>What is added to results times <see cref="Scale"/>, as many values.</summary>
    public ReadOnlySpan<T> Shift { get; init; }

    /// <summary>For convolutions: the hard swish (y · Factor) · min(max(y + Offset, 0), 6) of what the activation gives; a factor of 0 is for none.</summary>
    public (T Offset, T Factor) Swish { get; init; }

    /// <summary>As many values as the output has, in its layout; empty for none. It may be the output itself, but not overlap it otherwise.</summary>
    public ReadOnlySpan<T> Residual { get; } = residual;

    /// <summary>Neither bias nor residual nor activation.</summary>
    public static Epilogue<T> None => default;
}
