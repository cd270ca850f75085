using Decant.IR;

namespace Decant.Lowering.Fusions;

/// <summary>SPACE_TO_BATCH_ND, a convolution without padding, BATCH_TO_SPACE_ND: a convolution with dilations.</summary>
internal static class Dilations
{
    public static bool Join(Node node, FusionGraph graph)
    {
        if (node.Op.Name != "BATCH_TO_SPACE_ND" || FusionGraph.Producer(node.Inputs[0], "CONV_2D", "DEPTHWISE_CONV_2D") is not { } convolution || !graph.HasOneUse(convolution)
            || FusionGraph.Producer(convolution.Inputs[0], "SPACE_TO_BATCH_ND") is not { } split || !graph.HasOneUse(split))
            return false;
        if (Numbers(node.Inputs[1]) is not [var h, var w] || Numbers(split.Inputs[1]) is not [var h2, var w2] || h != h2 || w != w2 || Numbers(split.Inputs[2]) is not { Length: 4 } pads || Numbers(node.Inputs[2]) is not { Length: 4 } crops)
            return false;
        if (!IsPlain(convolution) || convolution.Attributes["padding"] is not StringAttr { Text: "VALID" })
            return false;
        Value input = split.Inputs[0];
        Shape from = input.Node.Fact(input.Port).Shape, to = node.Fact(0).Shape, filter = convolution.Inputs[1].Node.Fact(0).Shape;
        if (!from.HasRank || !to.HasRank || from[1] < 0 || from[2] < 0 || filter.Rank != 4)
            return false;
        bool isSame = to[1] == from[1] && to[2] == from[2] && IsHalf(pads[0], crops[0], (filter[1] - 1) * h) && IsHalf(pads[2], crops[2], (filter[2] - 1) * w);
        bool isValid = pads[0] == 0 && pads[2] == 0 && crops[0] == 0 && crops[2] == 0 && to[1] == from[1] - ((filter[1] - 1) * h) && to[2] == from[2] - ((filter[2] - 1) * w);
        if (!isSame && !isValid)
            return false;
        convolution.Attributes.Set("padding", isSame ? "SAME" : "VALID");
        convolution.Attributes.Set("dilation_h_factor", h);
        convolution.Attributes.Set("dilation_w_factor", w);
        graph.SetInput(convolution, 0, input);
        graph.Absorb(convolution, node);
        return true;
    }

    /// <summary>Whether the zeros in front are as many as SAME has, with nothing cut off there.</summary>
    private static bool IsHalf(int before, int crop, long total) => before == total / 2 && crop == 0;

    private static bool IsPlain(Node node) =>
        ((string[])["stride_w", "stride_h", "dilation_w_factor", "dilation_h_factor"]).All(a => node.Attributes[a] is IntAttr { Value: 1 });

    private static int[]? Numbers(Value value) => value.Constant is { DType: DType.Int32 } constant ? constant.Span<int>().ToArray() : null;
}
