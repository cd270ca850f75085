using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.Arithmetic;

/// <summary>Conversions between types, and what passes values on, in TensorFlow Lite's operators.</summary>
internal static class ConversionLowering
{
    public static IEnumerable<LoweringRule> All =>
    [
        new("Cast", Cast),
        new("Bitcast", g => g.Set(g.Emit("BITCAST", [g.In(0)], null)[0])),
        new("Bucketize", g => g.Set(g.Emit("BUCKETIZE", [g.In(0)], new() { { "boundaries", new ListAttr { Floats = g.Attributes.Floats("boundaries") } } })[0])),
        .. ((string[])["Identity", "StopGradient", "PreventGradient", "CheckNumerics", "CheckNumericsV2", "Snapshot", "PlaceholderWithDefault", "EnsureShape", "DebugIdentity", "_Retval"]).Select(op => new LoweringRule(op, g => g.Set(g.In(0)))),
        new("IdentityN", g => g.Set([.. g.Node.Inputs])),
        new("FakeQuantWithMinMaxArgs", g => g.Set(FakeQuant(g, g.Attributes.Float("min"), g.Attributes.Float("max")))),
        new("FakeQuantWithMinMaxVars", g => g.Set(FakeQuant(g, Range(g, 1), Range(g, 2)))),
    ];

    private static void Cast(LoweringContext g)
    {
        DType from = g.Type(0), to = g.Attributes.Type("DstT");
        if (from == to)
        {
            g.Set(g.In(0));
            return;
        }

        g.Set(g.Emit("CAST", [g.In(0)], new() { { "in_data_type", from }, { "out_data_type", to } }, new Fact(to, g.Shape(0)))[0]);
    }

    private static float Range(LoweringContext g, int input) => g.In(input).Constant is { DType: DType.Float32, ElementCount: 1 } value ? value.Span<float>()[0] : throw g.Refuse("has a range that is not constant");

    private static Value FakeQuant(LoweringContext g, float min, float max) => g.Emit("FAKE_QUANT", [g.In(0)], new()
    {
        { "min", min }, { "max", max }, { "num_bits", g.Attributes.Int("num_bits") }, { "narrow_range", g.Attributes.Bool("narrow_range") },
    })[0];
}
