using Decant.IR;
using Decant.Ops.TFLite.Recurrent;

namespace Decant.Inspection;

/// <summary>
/// Counts multiply-accumulates of convolutions, matrix products and recurrent operators from the shapes that were inferred. An unknown first
/// dimension (the batch) counts as 1.
/// </summary>
internal static class MacCounter
{
    private static readonly HashSet<string> Counted = new(StringComparer.Ordinal)
    {
        "Conv2D", "Conv3D", "_FusedConv2D", "DepthwiseConv2dNative", "Conv2DBackpropInput", "Conv3DBackpropInputV2", "MatMul", "_FusedMatMul",
        "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3",
        "tfl.BIDIRECTIONAL_SEQUENCE_LSTM", "tfl.BIDIRECTIONAL_SEQUENCE_RNN", "tfl.LSTM", "tfl.RNN", "tfl.SVDF", "tfl.UNIDIRECTIONAL_SEQUENCE_LSTM", "tfl.UNIDIRECTIONAL_SEQUENCE_RNN",
        "tfl.CONV_2D", "tfl.CONV_3D", "tfl.DEPTHWISE_CONV_2D", "tfl.TRANSPOSE_CONV", "tfl.FULLY_CONNECTED", "tfl.BATCH_MATMUL",
    };

    /// <summary>Whether ops of a counted kind are among these.</summary>
    public static bool Counts(IReadOnlyList<NameCount> ops)
    {
        foreach ((string name, _) in ops)
        {
            if (Counted.Contains(name))
                return true;
        }

        return false;
    }

    /// <summary>The count of nodes whose facts are inferred; null when shapes are not known well enough.</summary>
    public static long? Count(IEnumerable<Node> nodes)
    {
        long total = 0;
        foreach (Node node in nodes)
        {
            if (PerOutputElement(node) is not { } depth)
                continue;
            Shape output = OutputShape(node);
            if (!output.HasRank || depth < 0)
                return null;
            for (int axis = 0; axis < output.Rank; axis++)
            {
                if (output[axis] < 0 && axis > 0)
                    return null;
                depth = Saturating.Multiply(depth, Math.Max(output[axis], axis == 0 && output[0] < 0 ? 1 : 0));
            }

            total = Saturating.Add(total, depth);
        }

        return total;
    }

    /// <summary>Multiply-adds behind each element that <see cref="OutputShape"/> counts; null for other ops, -1 when not known.</summary>
    private static long? PerOutputElement(Node node)
    {
        Shape Input(int index) => InputShape(node, index);
        switch (node.Op.Name)
        {
            case "Conv2D" or "Conv3D" or "_FusedConv2D":
                return Product(Input(1), dropLast: 1);
            case "DepthwiseConv2dNative":
                return Product(Input(1), dropLast: 2);
            case "Conv2DBackpropInput" or "Conv3DBackpropInputV2":
                return Product(Input(1), dropLast: 2) is >= 0 and long window && Input(1)[-1] >= 0 ? Times(window, Input(1)[-2]) : -1;
            case "MatMul" or "_FusedMatMul":
                bool transposed = node.Attributes["transpose_a"] is BoolAttr { Value: true };
                return Input(0).Rank == 2 ? Input(0)[transposed ? 0 : 1] : -1;
            case "BatchMatMul" or "BatchMatMulV2" or "BatchMatMulV3":
                bool adjoint = node.Attributes["adj_x"] is BoolAttr { Value: true };
                return Input(0).Rank >= 2 ? Input(0)[adjoint ? -2 : -1] : -1;
            case "CONV_2D" or "DEPTHWISE_CONV_2D" or "TRANSPOSE_CONV":
                Shape filter = Input(1);
                return filter.Rank != 4 ? -1 : Times(Times(filter[1], filter[2]), node.Op.Name switch { "CONV_2D" => filter[3], "TRANSPOSE_CONV" => filter[0], _ => 1 });
            case "CONV_3D":
                return Product(Input(1), dropLast: 1);
            case "FULLY_CONNECTED":
                return Input(1).Rank == 2 ? Input(1)[1] : -1;
            case "BATCH_MATMUL":
                bool adjX = node.Attributes["adj_x"] is BoolAttr { Value: true };
                return Input(0).Rank >= 2 ? Input(0)[adjX ? -2 : -1] : -1;
            default:
                if (RecurrentWeights(node) is not { } weights)
                    return null;
                long elements = 0;
                foreach (int weight in weights)
                {
                    // A diagonal is multiplied element by element.
                    if (Input(weight).Rank == 1)
                        continue;
                    if (Product(Input(weight), dropLast: 0) is not (>= 0 and var size))
                        return -1;
                    elements = Saturating.Add(elements, size);
                }

                return elements;
        }
    }

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

    /// <summary>The elements that work is counted by: the output, for a transposed convolution the gradient it spreads, for recurrent operators the steps of all sequences.</summary>
    private static Shape OutputShape(Node node)
    {
        if (RecurrentWeights(node) is not null)
            return InputShape(node, 0) is { HasRank: true, Rank: > 0 } x ? new Shape(x.Dims[..^1]) : Shape.Unknown;
        return node.Op.Name is "Conv2DBackpropInput" or "Conv3DBackpropInputV2" or "TRANSPOSE_CONV" ? InputShape(node, 2) : node.Fact(0).Shape;
    }

    private static Shape InputShape(Node node, int index) => index < node.Inputs.Count && node.Inputs[index].IsPresent ? node.Inputs[index].Node.Fact(node.Inputs[index].Port).Shape : Shape.Unknown;

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
