using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>A batch normalization by constant moments, as one factor and one offset per channel.</summary>
internal sealed class Normalization
{
    private Normalization(float[] scale, float[] offset, string? dataFormat, Value[] constants) => (Scale, Offset, DataFormat, Constants) = (scale, offset, dataFormat, constants);

    /// <summary>The factors.</summary>
    public float[] Scale { get; }

    /// <summary>What is added.</summary>
    public float[] Offset { get; }

    /// <summary>The order of the dimensions; null for the op that has the channels last and says nothing.</summary>
    public string? DataFormat { get; }

    /// <summary>The inputs that hold the moments, gamma and beta.</summary>
    public Value[] Constants { get; }

    /// <summary>Whether a node normalizes.</summary>
    public static bool IsOne(Node node) =>
        node.Op.Name is "FusedBatchNorm" or "FusedBatchNormV2" or "FusedBatchNormV3" or "BatchNormWithGlobalNormalization" && node.Inputs.Count == 5 && !node.Inputs.Exists(i => !i.IsPresent);

    /// <summary>Reads a normalization.</summary>
    /// <param name="node">A node for which <see cref="IsOne"/> holds.</param>
    /// <param name="context">What is known of the graph.</param>
    /// <param name="reason">Why it is none by constants, when null is returned.</param>
    public static Normalization? Of(Node node, PassContext context, out string reason)
    {
        bool isFused = node.Op != "BatchNormWithGlobalNormalization";
        (int mean, int variance, int beta, int gamma) = isFused ? (3, 4, 2, 1) : (1, 2, 3, 4);
        reason = "";
        if (isFused && node.Attributes["is_training"] is not BoolAttr { Value: false })
            reason = "computes the moments of its batch: is_training is true";
        else if (!context.HasOneOutputInUse(node))
            reason = "the moments that it gives are used";
        bool usesGamma = isFused || node.Attributes["scale_after_normalization"] is BoolAttr { Value: true };
        float epsilon = (node.Attributes[isFused ? "epsilon" : "variance_epsilon"] as FloatAttr)?.Value ?? (isFused ? 0.0001f : 0.001f);
        long channels = node.Inputs[mean].Constant?.ElementCount ?? 0;
        if (reason.Length == 0)
            reason = Bad("Mean", mean, node, channels) ?? Bad("Variance", variance, node, channels) ?? Bad("Beta", beta, node, channels) ?? (usesGamma ? Bad("Gamma", gamma, node, channels) : null) ?? "";
        if (reason.Length > 0)
            return null;
        float[] scale = new float[channels];
        float[] offset = new float[channels];
        ReadOnlySpan<float> variances = node.Inputs[variance].Constant!.Span<float>();
        ReadOnlySpan<float> means = node.Inputs[mean].Constant!.Span<float>();
        ReadOnlySpan<float> betas = node.Inputs[beta].Constant!.Span<float>();
        ReadOnlySpan<float> gammas = usesGamma ? node.Inputs[gamma].Constant!.Span<float>() : [];
        for (int i = 0; i < scale.Length; i++)
        {
            scale[i] = 1f / MathF.Sqrt(variances[i] + epsilon);
            if (usesGamma)
                scale[i] *= gammas[i];
            offset[i] = (-means[i] * scale[i]) + betas[i];
        }

        return new Normalization(scale, offset, isFused ? WeightedNode.DataFormat(node) : null, [.. node.Inputs.AsSpan()[1..]]);
    }

    private static string? Bad(string what, int input, Node node, long channels) =>
        ChannelFactors.Vector(node.Inputs[input], channels) is not null ? null
        : node.Inputs[input].Constant is { } constant ? $"{what} input to batch norm has bad shape: {constant.Shape}"
        : $"{what} input to batch norm is {node.Inputs[input].Node.Op}, not a Const: run fold_constants first";
}
