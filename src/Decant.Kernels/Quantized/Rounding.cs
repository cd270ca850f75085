namespace Decant.Kernels.Quantized;

/// <summary>How the shift that ends a fixed-point product rounds halves.</summary>
public enum Rounding
{
    /// <summary>Away from zero, as gemmlowp does.</summary>
    AwayFromZero,

    /// <summary>Up, as TensorFlow Lite's matrix products do.</summary>
    HalfUp,
}
