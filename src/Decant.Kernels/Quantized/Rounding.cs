namespace Decant.Kernels.Quantized;

/// <summary>How the last half of a bit is rounded when a sum of products is shifted to its scale.</summary>
public enum Rounding
{
    /// <summary>Away from zero, as gemmlowp does.</summary>
    AwayFromZero,

    /// <summary>Up, as TensorFlow Lite's matrix products do.</summary>
    HalfUp,

    /// <summary>
    /// Up in the channels that fill vectors of eight, away from zero in those that are left: TensorFlow Lite's depthwise convolution of int8
    /// where it is built for vectors (Arm, and x86-64 with SSE4.1).
    /// </summary>
    HalfUpInEights,
}
