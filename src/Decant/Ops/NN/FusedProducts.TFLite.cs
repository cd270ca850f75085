using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.NN;

/// <summary>
/// Products with what <c>fused_ops</c> applies to their results, as <see cref="FusedEpilogue"/> reads it: the ops one after the other, of which
/// the converter's fusions make what TensorFlow Lite's operators have.
/// </summary>
internal static class FusedProductLowering
{
    private static readonly string[] Kept = ["strides", "padding", "explicit_paddings", "data_format", "dilations", "transpose_a", "transpose_b"];

    public static IEnumerable<LoweringRule> All =>
    [
        new("_FusedConv2D", g => Unfuse(g, "Conv2D")),
        new("FusedDepthwiseConv2dNative", g => Unfuse(g, "DepthwiseConv2dNative")),
        new("_FusedMatMul", g => Unfuse(g, "MatMul")),
    ];

    private static void Unfuse(LoweringContext g, string product)
    {
        FusedEpilogue.Read(g.Node);
        var attributes = new AttributeMap();
        foreach (string name in Kept)
        {
            if (g.Attributes.Find(name) is { } value)
                attributes.Add(name, value);
        }

        Value y = g.Tf(product, attributes, g.In(0), g.In(1));
        int next = 2;
        foreach (string op in g.Attributes.Has("fused_ops") ? g.Attributes.Strings("fused_ops") : [])
        {
            y = op switch
            {
                "BiasAdd" => g.Tf("BiasAdd", Layout(g), y, g.In(next++)),
                "Add" => g.Tf("AddV2", y, g.In(next++)),
                "FusedBatchNorm" => Normalized(g, y, ref next),
                "Prelu" => Sloped(g, y, g.In(next++)),
                "LeakyRelu" => g.Tf("LeakyRelu", new AttributeMap { { "alpha", Number(g, "leakyrelu_alpha", 0.2f) } }, y),
                _ => g.Tf(op, y),
            };
        }

        g.Set(y);
    }

    private static AttributeMap Layout(LoweringContext g) => new() { { "data_format", g.Attributes.Has("data_format") ? g.Attributes.String("data_format") : "NHWC" } };

    private static float Number(LoweringContext g, string attribute, float absent) => g.Attributes.Has(attribute) ? g.Attributes.Float(attribute) : absent;

    private static Value Normalized(LoweringContext g, Value y, ref int next)
    {
        AttributeMap attributes = Layout(g);
        attributes.Add("epsilon", Number(g, "epsilon", 1e-4f));
        attributes.Add("is_training", false);
        Value result = g.Tf("FusedBatchNormV3", attributes, y, g.In(next), g.In(next + 1), g.In(next + 2), g.In(next + 3));
        next += 4;
        return result;
    }

    private static Value Sloped(LoweringContext g, Value y, Value slope)
    {
        if (g.Attributes.Has("data_format") && g.Attributes.String("data_format") == "NCHW")
            throw g.Refuse("has Prelu with channels first");
        return g.Tf("Prelu", y, slope);
    }
}
