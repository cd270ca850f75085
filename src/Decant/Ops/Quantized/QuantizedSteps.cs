namespace Decant.Ops.Quantized;

/// <summary>What a quantized convolution or matrix product does to its sums, in this order.</summary>
[Flags]
internal enum QuantizedSteps
{
    None = 0,
    Bias = 1,
    Summand = 2,
    Relu = 4,
    Requantize = 8,
    Dequantize = 16,
}
