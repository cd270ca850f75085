using Decant.IR;
using Decant.Ops;

namespace Decant.Passes.Optimize;

/// <summary>
/// A convolution or matrix product of constant weights: y[.., k] = Σ over taps and c of x[.., c] · w[tap, c, k], and where in the weights
/// the channels of its input and output are.
/// </summary>
/// <param name="Node">The node.</param>
/// <param name="Data">The index of the input that is not constant.</param>
/// <param name="WeightsInput">The index of the weights.</param>
/// <param name="Weights">The constant.</param>
/// <param name="Rank">The dimensions of the output.</param>
/// <param name="ChannelsFirst">Whether channels are axis 1 of input and output, not the last.</param>
/// <param name="Outputs">The number of channels of the output.</param>
/// <param name="OutputStride">Weights of one output channel are <c>i / OutputStride % Outputs</c> of the index i.</param>
/// <param name="Inputs">The number of channels of the input that one output channel reads.</param>
/// <param name="InputStride">Weights of one input channel are <c>i / InputStride % Inputs</c> of the index i.</param>
internal sealed record Product(
    Node Node, int Data, int WeightsInput, Tensor Weights, int Rank, bool ChannelsFirst, long Outputs, long OutputStride, long Inputs, long InputStride)
{
    /// <summary>The product that a node is, or null.</summary>
    public static Product? Of(Node node)
    {
        if (node.Op.Dialect != Dialect.TensorFlow || node.Inputs.Count < 2 || node.Inputs.Exists(v => !v.IsPresent))
            return null;
        return node.Op.Name switch
        {
            "Conv2D" => Forward(node, 4),
            "Conv3D" => Forward(node, 5),
            "DepthwiseConv2dNative" => Depthwise(node),
            "Conv2DBackpropInput" => Backward(node, 4),
            "Conv3DBackpropInputV2" => Backward(node, 5),
            "MatMul" or "BatchMatMulV2" or "BatchMatMul" => Matrix(node),
            _ => null,
        };
    }

    /// <summary>The weights with each multiplied by the factor of its output channel; null when one is not finite.</summary>
    public TensorAttr? ScaledOutputs(double[] factors) => ScaledWeights.Of(Stored, factors, OutputStride);

    /// <summary>The weights with each multiplied by the factor of its input channel; null when one is not finite.</summary>
    public TensorAttr? ScaledInputs(double[] factors) => ScaledWeights.Of(Stored, factors, InputStride);

    /// <summary>What each output channel gains when each input channel gains this, everywhere and beyond the edges.</summary>
    public double[] Gain(double[] shifts)
    {
        double[] gain = new double[Outputs];
        long i = 0;
        FloatElements.Visit(Weights, weights =>
        {
            foreach (double weight in weights)
            {
                gain[i / OutputStride % Outputs] += weight * shifts[i / InputStride % Inputs];
                i++;
            }
        });
        return gain;
    }

    private TensorAttr Stored => (TensorAttr)Node.Inputs[WeightsInput].Node.Attributes["value"]!;

    private static Product? Forward(Node node, int rank) => Constant(node, 1, rank) is not { } w ? null
        : new Product(node, 0, 1, w, rank, IsChannelsFirst(node), w.Shape[-1], 1, w.Shape[-2], w.Shape[-1]);

    private static Product? Depthwise(Node node) => Constant(node, 1, 4) is not { } w ? null
        : new Product(node, 0, 1, w, 4, IsChannelsFirst(node), w.Shape[-1] * w.Shape[-2], 1, w.Shape[-2], w.Shape[-1]);

    private static Product? Backward(Node node, int rank) => node.Inputs.Count != 3 || Constant(node, 1, rank) is not { } w ? null
        : new Product(node, 2, 1, w, rank, IsChannelsFirst(node), w.Shape[-2], w.Shape[-1], w.Shape[-1], 1);

    private static Product? Matrix(Node node)
    {
        var attributes = new NodeAttributes(node);
        bool isBatch = node.Op != "MatMul";
        if (Constant(node, 1, 2) is not { } w || attributes.Bool(isBatch ? "adj_x" : "transpose_a"))
            return null;
        int rank = isBatch ? node.Inputs[0].Shape().Rank : 2;
        bool transposed = attributes.Bool(isBatch ? "adj_y" : "transpose_b");
        return rank < 2 ? null
            : transposed ? new Product(node, 0, 1, w, rank, false, w.Shape[0], w.Shape[1], w.Shape[1], 1)
            : new Product(node, 0, 1, w, rank, false, w.Shape[1], 1, w.Shape[0], w.Shape[1]);
    }

    private static Tensor? Constant(Node node, int input, int rank) =>
        node.Inputs[input].Constant is { DType: DType.Float32 or DType.Float64, ElementCount: > 0 } weights && weights.Shape.Rank == rank ? weights : null;

    private static bool IsChannelsFirst(Node node) => new NodeAttributes(node).String("data_format").StartsWith("NC", StringComparison.Ordinal);
}
