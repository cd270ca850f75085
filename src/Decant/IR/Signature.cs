namespace Decant.IR;

/// <summary>A named way to call a model.</summary>
/// <param name="Key">The name to choose it by, such as <c>serving_default</c>.</param>
/// <param name="Method">TensorFlow's method name, such as <c>tensorflow/serving/predict</c>, or empty.</param>
/// <param name="Inputs">The inputs in the order of the file.</param>
/// <param name="Outputs">The outputs in the order of the file.</param>
public sealed record Signature(string Key, string Method, IReadOnlyList<SignatureTensor> Inputs, IReadOnlyList<SignatureTensor> Outputs)
{
    /// <summary>The whole SignatureDef as it was read, or empty.</summary>
    public BufferSlice Encoded { get; init; }

    /// <summary>The function whose tensors the inputs and outputs are, or null for the main graph (TensorFlow Lite).</summary>
    public string? Function { get; init; }
}

/// <summary>An input or output of a signature.</summary>
/// <param name="Name">The name callers use.</param>
/// <param name="Tensor">The tensor of the graph, <c>scope/node:0</c>.</param>
/// <param name="DType">The element type.</param>
/// <param name="Shape">The dimensions, as far as they are given.</param>
public sealed record SignatureTensor(string Name, string Tensor, DType DType, Shape Shape);
