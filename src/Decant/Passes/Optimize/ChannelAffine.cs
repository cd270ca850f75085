using Decant.IR;
using Decant.Ops;

namespace Decant.Passes.Optimize;

/// <summary>
/// What a node does to each channel of one of its inputs alone: y[.., c] = x[.., c] · scale[c] + shift[c], with constants. Biases, additions
/// and multiplications by constants, and normalizations by constant moments are of this kind.
/// </summary>
/// <param name="Node">The node.</param>
/// <param name="Data">The index of the input.</param>
/// <param name="Scale">The factors, or null for 1.</param>
/// <param name="Shift">The summands, or null for 0.</param>
internal sealed record ChannelAffine(Node Node, int Data, double[]? Scale, double[]? Shift)
{
    /// <summary>The input.</summary>
    public Value Input => Node.Inputs[Data];

    /// <summary>What a node does to channels of a tensor, or null when it does something else.</summary>
    /// <param name="node">The node.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="rank">The dimensions of the tensor.</param>
    /// <param name="channelsFirst">Whether channels are axis 1, not the last.</param>
    public static ChannelAffine? Of(Node node, long channels, int rank, bool channelsFirst)
    {
        if (node.Op.Dialect != Dialect.TensorFlow || node.Inputs.Exists(v => !v.IsPresent))
            return null;
        switch (node.Op.Name)
        {
            case "BiasAdd" when node.Inputs.Count == 2 && rank >= 2 && IsChannelsFirst(node) == channelsFirst && Vector(node.Inputs[1], channels) is { } bias:
                return new ChannelAffine(node, 0, null, bias);
            case "FusedBatchNorm" or "FusedBatchNormV2" or "FusedBatchNormV3" when node.Inputs.Count == 5 && rank >= 4 && IsChannelsFirst(node) == channelsFirst && !new NodeAttributes(node).Bool("is_training"):
                return Normalization(node, channels, new NodeAttributes(node).Float("epsilon"), [1, 2, 3, 4]);
            case "BatchNormWithGlobalNormalization" when node.Inputs.Count == 5 && rank == 4 && !channelsFirst:
                return Normalization(node, channels, new NodeAttributes(node).Float("variance_epsilon"), new NodeAttributes(node).Bool("scale_after_normalization") ? [4, 3, 1, 2] : [-1, 3, 1, 2]);
            case "Add" or "AddV2" or "Sub" or "Mul" or "Div" or "RealDiv" when node.Inputs.Count == 2:
                return Elementwise(node, channels, rank, channelsFirst);
            default:
                return null;
        }
    }

    private static ChannelAffine? Elementwise(Node node, long channels, int rank, bool channelsFirst)
    {
        int constant = node.Inputs[1].Constant is not null ? 1 : 0;
        if (node.Inputs[constant].Constant is null || node.Inputs[1 - constant].Constant is not null || Spread(node.Inputs[constant], channels, rank, channelsFirst) is not { } values)
            return null;
        bool isRight = constant == 1;
        return node.Op.Name switch
        {
            "Add" or "AddV2" => new ChannelAffine(node, 1 - constant, null, values),
            "Sub" => isRight ? new ChannelAffine(node, 0, null, Array.ConvertAll(values, v => -v)) : null,
            "Mul" => new ChannelAffine(node, 1 - constant, values, null),
            _ => isRight ? new ChannelAffine(node, 0, Array.ConvertAll(values, v => 1 / v), null) : null,
        };
    }

    /// <summary>γ·(x − μ)/√(σ² + ε) + β, from the inputs that hold γ (-1 for 1), β, μ and σ².</summary>
    private static ChannelAffine? Normalization(Node node, long channels, float epsilon, int[] inputs)
    {
        double[]?[] found = [.. inputs.Select(i => i < 0 ? [.. Enumerable.Repeat(1.0, (int)channels)] : Vector(node.Inputs[i], channels))];
        if (found is not [{ } gamma, { } beta, { } mean, { } variance])
            return null;
        double[] scale = new double[channels], shift = new double[channels];
        for (int c = 0; c < scale.Length; c++)
        {
            scale[c] = gamma[c] / Math.Sqrt(variance[c] + epsilon);
            shift[c] = beta[c] - (mean[c] * scale[c]);
        }

        return new ChannelAffine(node, 0, scale, shift);
    }

    private static double[]? Vector(Value value, long channels) =>
        value.Constant is { } tensor && tensor.Shape.Rank == 1 && tensor.ElementCount == channels ? FloatElements.Read(tensor) : null;

    /// <summary>A constant that broadcasts along the channels alone, and does not add dimensions.</summary>
    private static double[]? Spread(Value value, long channels, int rank, bool channelsFirst)
    {
        if (value.Constant is not { } tensor || tensor.Shape.Rank > rank || tensor.ElementCount != 1 && tensor.ElementCount != channels || FloatElements.Read(tensor) is not { } elements)
            return null;
        if (elements.Length == 1)
            return [.. Enumerable.Repeat(elements[0], (int)channels)];
        int axis = tensor.Shape.Rank - (channelsFirst ? rank - 1 : 1);
        return axis >= 0 && tensor.Shape[axis] == channels ? elements : null;
    }

    private static bool IsChannelsFirst(Node node) =>
        new NodeAttributes(node) is var attributes && attributes.Has("data_format") && attributes.String("data_format").StartsWith("NC", StringComparison.Ordinal);
}
