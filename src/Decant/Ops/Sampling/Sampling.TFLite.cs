using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.Sampling;

/// <summary>Random numbers, which TensorFlow Lite's operators draw from the same seeds.</summary>
internal static class SamplingLowering
{
    public static IEnumerable<LoweringRule> All =>
    [
        new("Multinomial", g => g.Set(Draw(g, "MULTINOMIAL", g.In(0), Arrays.ShapeLowering.Narrow(g, g.In(1))))),
        new("RandomStandardNormal", g => g.Set(Draw(g, "RANDOM_STANDARD_NORMAL", Arrays.ShapeLowering.Narrow(g, g.In(0))))),
        new("RandomUniform", g => g.Set(Draw(g, "RANDOM_UNIFORM", Arrays.ShapeLowering.Narrow(g, g.In(0))))),
    ];

    private static Value Draw(LoweringContext g, string op, params Value[] inputs) =>
        g.Emit(op, inputs, new AttributeMap { { "seed", g.Attributes.Int("seed") }, { "seed2", g.Attributes.Int("seed2") } })[0];
}
