namespace Decant.Quantizing;

/// <summary>The kinds of fault that stop a quantization.</summary>
public static class QuantizeErrors
{
    public static readonly ErrorCode BadCalibrationSet = new("bad-calibration-set", "A set of examples cannot be read, or does not fit the inputs of the model.");
    public static readonly ErrorCode CannotQuantize = new("cannot-quantize", "What is asked of a quantization does not fit the model, or something is missing for it.");

    /// <summary>All codes of this class, for the generated page.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } = [BadCalibrationSet, CannotQuantize];
}
