using System.Numerics;

namespace Decant.Ops.Arithmetic;

/// <summary>The ops that compute with elements.</summary>
internal static class ArithmeticOps
{
    public static IEnumerable<Op> All =>
    [
        new AddN("AccumulateNV2"),
        new AddN("AddN"),
        new ComplexPart("Angle", static x => x.Phase),
        new ApproximateEqual(),
        new Betainc(),
        new Bincount("Bincount", dense: false),
        new Bitcast(),
        new Bucketize(),
        new Cast(),
        new ClipByValue(),
        new ComplexOfParts(),
        new ComplexPart("ComplexAbs", Complex.Abs),
        new Cumulative("Cumprod", Accumulation.Product),
        new Cumulative("Cumsum", Accumulation.Sum),
        new Cumulative("CumulativeLogsumexp", Accumulation.LogSumExp),
        new Bincount("DenseBincount", dense: true),
        new Equality("Equal", whenEqual: true),
        new FakeQuant("FakeQuantWithMinMaxArgs", hasRangeInputs: false, perChannel: false),
        new FakeQuant("FakeQuantWithMinMaxVars", hasRangeInputs: true, perChannel: false),
        new FakeQuant("FakeQuantWithMinMaxVarsPerChannel", hasRangeInputs: true, perChannel: true),
        new FakeQuantGradient("FakeQuantWithMinMaxArgsGradient", hasRangeInputs: false, perChannel: false),
        new FakeQuantGradient("FakeQuantWithMinMaxVarsGradient", hasRangeInputs: true, perChannel: false),
        new FakeQuantGradient("FakeQuantWithMinMaxVarsPerChannelGradient", hasRangeInputs: true, perChannel: true),
        new HistogramFixedWidth(),
        new ComplexPart("Imag", static x => x.Imaginary),
        new LeakyRelu(),
        new LinSpace(),
        new Equality("NotEqual", whenEqual: false),
        Prelu.Op,
        new Range(),
        new ComplexPart("Real", static x => x.Real),
        new Select("Select", broadcasts: false),
        new Select("SelectV2", broadcasts: true),
        .. BinaryOps.All,
        .. GradientOps.All,
        .. Predicates.All,
        .. UnaryOps.All,
    ];
}
