namespace Decant.IR;

/// <summary>
/// What is known of a value without running the graph. Facts are computed, never serialized; every pass may learn more.
/// </summary>
/// <param name="DType">The element type; Invalid when not known.</param>
/// <param name="Shape">The dimensions, as far as they are known.</param>
/// <param name="Constant">The value itself, if it is constant and at hand.</param>
/// <param name="Quantization">How integers stand for real numbers (TFLite).</param>
/// <param name="Handle">For a resource or variant: what is known of the value behind the handle.</param>
public sealed record Fact(DType DType, Shape Shape, Tensor? Constant = null, Quantization? Quantization = null, Fact? Handle = null)
{
    /// <summary>Nothing is known.</summary>
    public static readonly Fact None = new(DType.Invalid, Shape.Unknown);

    /// <summary>The fact of a constant.</summary>
    public static Fact Of(Tensor constant) => new(constant.DType, constant.Shape, constant);

    /// <summary><c>float32[?,10]</c>, and a constant's value is not printed.</summary>
    public override string ToString() => $"{(DType == DType.Invalid ? "?" : DType.Name())}{Shape}";
}
