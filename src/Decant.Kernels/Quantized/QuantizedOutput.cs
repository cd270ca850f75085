namespace Decant.Kernels.Quantized;

/// <summary>What quantized results are cut to, and how they are rounded.</summary>
/// <param name="Kind">Their type.</param>
/// <param name="ZeroPoint">What stands for 0.</param>
/// <param name="Min">The least result.</param>
/// <param name="Max">The greatest result.</param>
/// <param name="Rounding">How the shift at the end rounds halves.</param>
public readonly record struct QuantizedOutput(IntegerKind Kind, int ZeroPoint, int Min, int Max, Rounding Rounding)
{
    /// <summary>Bytes of a result.</summary>
    internal int Size => Kind == IntegerKind.Int16 ? 2 : 1;
}
