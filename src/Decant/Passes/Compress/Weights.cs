using Decant.IR;

namespace Decant.Passes.Compress;

/// <summary>The elements of a constant, which are read again whenever they are asked for, and the least and the largest of them.</summary>
internal sealed record Weights(TensorAttr Attribute, float Min, float Max)
{
    /// <summary>The dimensions.</summary>
    public Shape Shape => Attribute.Shape;

    /// <summary>The elements.</summary>
    public Tensor Tensor => Attribute.Value;

    /// <summary>The largest magnitude.</summary>
    public float Magnitude => Math.Max(-Min, Max);
}
