namespace Decant.Quantizing.Calibration;

/// <summary>How the pixels of an image become the elements of an input: (pixel * scale - mean) / std, in each channel.</summary>
public sealed record ImagePreprocessing
{
    /// <summary>The height and width that images are resized to, bilinearly; null to take those of the input, which images must have.</summary>
    public (int Height, int Width)? Resize { get; init; }

    /// <summary>What pixels from 0 to 255 are multiplied by first.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>What is subtracted then: one number, or one for each channel.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [0];

    /// <summary>What it is divided by: one number, or one for each channel.</summary>
    public IReadOnlyList<float> Std { get; init; } = [1];
}
