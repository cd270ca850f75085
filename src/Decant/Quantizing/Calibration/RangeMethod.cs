namespace Decant.Quantizing.Calibration;

/// <summary>How the range of an activation follows from the values that were seen.</summary>
public enum RangeMethod
{
    /// <summary>From the least to the greatest value.</summary>
    MinMax,

    /// <summary>All but a small part of the values, the same at each end.</summary>
    Percentile,

    /// <summary>The range whose steps give the least mean squared error, of rounding and of clamping together.</summary>
    MeanSquaredError,
}
