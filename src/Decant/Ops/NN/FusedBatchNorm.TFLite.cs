using Decant.IR;
using Decant.Ops.Arrays;
using Decant.Ops.Lowering;

namespace Decant.Ops.NN;

/// <summary>Normalizations and softmax in TensorFlow Lite's operators.</summary>
internal static class NormalizationLowering
{
    public static IEnumerable<LoweringRule> All =>
    [
        new("FusedBatchNorm", BatchNorm),
        new("FusedBatchNormV2", BatchNorm),
        new("FusedBatchNormV3", BatchNorm),
        new("BatchNormWithGlobalNormalization", OldBatchNorm),
        new("LRN", g => g.Set(g.Emit("LOCAL_RESPONSE_NORMALIZATION", [g.In(0)], new()
        {
            { "radius", g.Attributes.Int("depth_radius") }, { "bias", g.Attributes.Float("bias") }, { "alpha", g.Attributes.Float("alpha") }, { "beta", g.Attributes.Float("beta") },
        })[0])),
        new("Softmax", g => g.Set(g.Emit("SOFTMAX", [g.In(0)], new() { { "beta", 1f } })[0])),
        new("LogSoftmax", g => g.Set(g.Emit("LOG_SOFTMAX", [g.In(0)], null)[0])),
    ];

    // y = x * (scale * rsqrt(variance + epsilon)) + (offset - mean * that)
    private static void BatchNorm(LoweringContext g)
    {
        Layout layout = Layout.Read(g.Node, g.Attributes.String("data_format").Length - 2);
        Value input = ConvolutionLowering.ChannelsLast(g, g.In(0), layout);
        Value epsilon = g.Scalar(g.Attributes.Float("epsilon"), g.Type(1));
        (Value mean, Value variance) = (g.InputCount > 3 ? g.In(3) : default, g.InputCount > 4 ? g.In(4) : default);
        if (g.Attributes.Bool("is_training"))
        {
            Value axes = g.Vector([.. Enumerable.Range(0, layout.SpatialRank + 1).Select(i => (long)i)]);
            mean = g.Tf("Mean", input, axes);
            variance = g.Tf("Mean", g.Tf("SquaredDifference", input, mean), axes);
            Shape shape = LoweringContext.Fact(input).Shape;
            g.Set(1, mean);
            g.Set(3, mean);
            g.Set(4, variance);
            if (shape.HasRank && new Shape(shape.Dims[..^1]).TryElementCount(out long count))
                g.Set(2, g.Tf("Mul", variance, g.Scalar(count / (double)Math.Max(1, count - 1), g.Type(1))));
        }
        else
        {
            g.Set(1, mean);
            g.Set(2, variance);
            g.Set(3, mean);
            g.Set(4, variance);
        }

        Value factor = g.Tf("Mul", g.In(1), g.Tf("Rsqrt", g.Tf("AddV2", variance, epsilon)));
        Value shift = g.Tf("Sub", g.In(2), g.Tf("Mul", mean, factor));
        g.Set(0, ConvolutionLowering.Back(g, g.Tf("AddV2", g.Tf("Mul", input, factor), shift), layout));
    }

    private static void OldBatchNorm(LoweringContext g)
    {
        Value factor = g.Tf("Rsqrt", g.Tf("AddV2", g.In(2), g.Scalar(g.Attributes.Float("variance_epsilon"), g.Type(0))));
        if (g.Attributes.Bool("scale_after_normalization"))
            factor = g.Tf("Mul", g.In(4), factor);
        g.Set(g.Tf("AddV2", g.Tf("Mul", g.In(0), factor), g.Tf("Sub", g.In(3), g.Tf("Mul", g.In(1), factor))));
    }
}
