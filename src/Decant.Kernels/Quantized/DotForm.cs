namespace Decant.Kernels.Quantized;

/// <summary>How a micro-kernel takes its operands; the sums of bytes are corrected for zero points afterwards.</summary>
public enum DotForm
{
    /// <summary>Activations as unsigned bytes, weights as signed ones.</summary>
    Unsigned,

    /// <summary>Both as signed bytes.</summary>
    Signed,

    /// <summary>Both as 16-bit integers with their zero points taken off.</summary>
    Pairs,
}
