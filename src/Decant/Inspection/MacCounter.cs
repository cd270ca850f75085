using Decant.IR;
using Decant.Ops;

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
        "tfl.CONV_2D", "tfl.CONV_3D", "tfl.CONV_3D_TRANSPOSE", "tfl.DEPTHWISE_CONV_2D", "tfl.TRANSPOSE_CONV", "tfl.FULLY_CONNECTED", "tfl.BATCH_MATMUL",
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
            Shape[] inputs = [.. node.Inputs.AsSpan().ToArray().Select(v => v.IsPresent ? v.Node.Fact(v.Port).Shape : Shape.Unknown)];
            if (Macs.PerElement(node, inputs) is not { } depth)
                continue;
            Shape output = Macs.Elements(node, inputs, node.Fact(0).Shape);
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
}
