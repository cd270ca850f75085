namespace Decant.IR;

/// <summary>real = scale * (quantized - zero point), per tensor or along an axis.</summary>
public sealed record Quantization(IReadOnlyList<float> Scales, IReadOnlyList<long> ZeroPoints, int Axis = 0)
{
    /// <summary>The smallest real values seen in calibration, as TensorFlow Lite files may keep them.</summary>
    public IReadOnlyList<float> Min { get; init; } = [];

    /// <summary>The largest real values seen in calibration.</summary>
    public IReadOnlyList<float> Max { get; init; } = [];

    /// <summary>Another scheme than a scale per tensor or channel, or null.</summary>
    public QuantizationDetails? Details { get; init; }

    /// <summary>Whether integers stand for real numbers by a scale, rather than for themselves.</summary>
    public bool HasScale => Scales.Count > 0;
}

/// <summary>A quantization scheme of its own.</summary>
public abstract record QuantizationDetails;

/// <summary>A scheme that some other program knows.</summary>
public sealed record CustomQuantization(BufferSlice Custom) : QuantizationDetails;

/// <summary>A scale per block of elements along the last axis; scales and zero points are tensors of the subgraph, by number.</summary>
public sealed record BlockwiseQuantization(int Scales, int ZeroPoints, int BlockSize) : QuantizationDetails
{
    /// <summary>The scales, when the tensor of that number is a constant.</summary>
    public TensorAttr? ScaleTensor { get; internal set; }
}

/// <summary>As <see cref="BlockwiseQuantization"/>, along several axes.</summary>
public sealed record MultiAxisQuantization(int Scales, int ZeroPoints, int BlockSize, IReadOnlyList<int> Axes) : QuantizationDetails;
