using Decant.IR;
using Decant.Ops.TFLite.Recurrent;

namespace Decant.Ops;

/// <summary>The multiply-accumulates of convolutions, matrix products and recurrent operators, from shapes.</summary>
internal static class Macs
{
    /// <summary>Multiply-accumulates for each of <see cref="Elements"/>; null for other ops, -1 when not known.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">The shapes of its inputs, as far as they are known.</param>
    public static long? PerElement(Node node, ReadOnlySpan<Shape> inputs)
    {
        switch (node.Op.Name)
        {
            case "Conv2D" or "Conv3D" or "_FusedConv2D":
                return Product(Input(inputs, 1), dropLast: 1);
            case "DepthwiseConv2dNative":
                return Product(Input(inputs, 1), dropLast: 2);
            case "Conv2DBackpropInput" or "Conv3DBackpropInputV2" or "CONV_3D_TRANSPOSE":
                return Product(Input(inputs, 1), dropLast: 2) is >= 0 and long window && Input(inputs, 1)[-1] >= 0 ? Times(window, Input(inputs, 1)[-2]) : -1;
            case "MatMul" or "_FusedMatMul":
                bool transposed = node.Attributes["transpose_a"] is BoolAttr { Value: true };
                return Input(inputs, 0).Rank == 2 ? Input(inputs, 0)[transposed ? 0 : 1] : -1;
            case "BatchMatMul" or "BatchMatMulV2" or "BatchMatMulV3":
                bool adjoint = node.Attributes["adj_x"] is BoolAttr { Value: true };
                return Input(inputs, 0).Rank >= 2 ? Input(inputs, 0)[adjoint ? -2 : -1] : -1;
            case "CONV_2D" or "DEPTHWISE_CONV_2D" or "TRANSPOSE_CONV":
                Shape filter = Input(inputs, 1);
                return filter.Rank != 4 ? -1 : Times(Times(filter[1], filter[2]), node.Op.Name switch { "CONV_2D" => filter[3], "TRANSPOSE_CONV" => filter[0], _ => 1 });
            case "CONV_3D":
                return Product(Input(inputs, 1), dropLast: 1);
            case "FULLY_CONNECTED":
                return Input(inputs, 1).Rank == 2 ? Input(inputs, 1)[1] : -1;
            case "BATCH_MATMUL":
                bool adjX = node.Attributes["adj_x"] is BoolAttr { Value: true };
                return Input(inputs, 0).Rank >= 2 ? Input(inputs, 0)[adjX ? -2 : -1] : -1;
            default:
                if (RecurrentWeights(node) is not { } weights)
                    return null;
                long elements = 0;
                foreach (int weight in weights)
                {
                    // A diagonal is multiplied element by element.
                    if (Input(inputs, weight).Rank == 1)
                        continue;
                    if (Product(Input(inputs, weight), dropLast: 0) is not (>= 0 and var size))
                        return -1;
                    elements = Saturating.Add(elements, size);
                }

                return elements;
        }
    }

    /// <summary>The elements by which work is counted: the output, for a transposed convolution the gradient it spreads, for recurrent operators the steps of all sequences.</summary>
    public static Shape Elements(Node node, ReadOnlySpan<Shape> inputs, Shape output)
    {
        if (RecurrentWeights(node) is not null)
            return Input(inputs, 0) is { HasRank: true, Rank: > 0 } x ? new Shape(x.Dims[..^1]) : Shape.Unknown;
        return node.Op.Name is "Conv2DBackpropInput" or "Conv3DBackpropInputV2" or "CONV_3D_TRANSPOSE" or "TRANSPOSE_CONV" ? Input(inputs, 2) : output;
    }

    /// <summary>The floating-point operations of a run, two for each multiply-accumulate; 0 for other ops.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">The shapes of its inputs.</param>
    /// <param name="output">The shape of output 0.</param>
    public static long Flops(Node node, ReadOnlySpan<Shape> inputs, Shape output) =>
        PerElement(node, inputs) is >= 0 and var macs && Elements(node, inputs, output) is { HasRank: true } elements ? Saturating.Multiply(2, Saturating.Multiply(macs, elements.ElementCount)) : 0;

    /// <summary>The inputs of a recurrent operator that are matrices, each of which is multiplied with a vector in each step; null for other operators.</summary>
    private static IEnumerable<int>? RecurrentWeights(Node node) => node.Op.Dialect != Dialect.TFLite ? null : (node.Op.Name switch
    {
        "BIDIRECTIONAL_SEQUENCE_LSTM" => LstmInputs.Forward.Matrices.Concat(LstmInputs.Backward.Matrices),
        "BIDIRECTIONAL_SEQUENCE_RNN" => [1, 2, 5, 6, 10, 11],
        "LSTM" when node.Attributes["kernel_type"] is StringAttr { Text: "BASIC" } => [2],
        "LSTM" or "UNIDIRECTIONAL_SEQUENCE_LSTM" => LstmInputs.Single.Matrices,
        "RNN" or "SVDF" or "UNIDIRECTIONAL_SEQUENCE_RNN" => [1, 2],
        _ => null,
    })?.Where(i => i < node.Inputs.Count && node.Inputs[i].IsPresent);

    private static Shape Input(ReadOnlySpan<Shape> inputs, int index) => index < inputs.Length ? inputs[index] : Shape.Unknown;

    private static long Product(Shape shape, int dropLast)
    {
        if (shape.Rank <= dropLast)
            return -1;
        long product = 1;
        foreach (long dim in shape.Dims[..^dropLast])
        {
            product = Times(product, dim);
        }

        return product;
    }

    /// <summary>The product; -1, not known, when a factor is not known or it does not fit 64 bits.</summary>
    private static long Times(long a, long b) => a < 0 || b < 0 || Math.BigMul(a, b, out long low) != 0 || low < 0 ? -1 : low;
}
