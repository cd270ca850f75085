using Decant.Kernels.Elementwise;

namespace Decant.Ops.Arithmetic;

/// <summary>The ops that compute with elements.</summary>
internal static class ArithmeticOps
{
    public static Op AccumulateNV2 => new AddN("AccumulateNV2");
    public static Op AddN => new AddN("AddN");
    public static Op Angle => new ComplexPart<PhasePart>("Angle");
    public static Op ApproximateEqual => new ApproximateEqual();
    public static Op Betainc => new Betainc();
    public static Op Bincount => new Bincount("Bincount", dense: false);
    public static Op Bitcast => new Bitcast();
    public static Op Bucketize => new Bucketize();
    public static Op Cast => new Cast();
    public static Op ClipByValue => new ClipByValue();
    public static Op Complex => new ComplexOfParts();
    public static Op ComplexAbs => new ComplexPart<MagnitudePart>("ComplexAbs");
    public static Op Cumprod => new Cumulative("Cumprod", Accumulation.Product);
    public static Op Cumsum => new Cumulative("Cumsum", Accumulation.Sum);
    public static Op CumulativeLogsumexp => new Cumulative("CumulativeLogsumexp", Accumulation.LogSumExp);
    public static Op DenseBincount => new Bincount("DenseBincount", dense: true);
    public static Op Equal => new Equality("Equal", whenEqual: true);
    public static Op FakeQuantWithMinMaxArgs => new FakeQuant("FakeQuantWithMinMaxArgs", hasRangeInputs: false, perChannel: false);
    public static Op FakeQuantWithMinMaxArgsGradient => new FakeQuantGradient("FakeQuantWithMinMaxArgsGradient", hasRangeInputs: false, perChannel: false);
    public static Op FakeQuantWithMinMaxVars => new FakeQuant("FakeQuantWithMinMaxVars", hasRangeInputs: true, perChannel: false);
    public static Op FakeQuantWithMinMaxVarsGradient => new FakeQuantGradient("FakeQuantWithMinMaxVarsGradient", hasRangeInputs: true, perChannel: false);
    public static Op FakeQuantWithMinMaxVarsPerChannel => new FakeQuant("FakeQuantWithMinMaxVarsPerChannel", hasRangeInputs: true, perChannel: true);
    public static Op FakeQuantWithMinMaxVarsPerChannelGradient => new FakeQuantGradient("FakeQuantWithMinMaxVarsPerChannelGradient", hasRangeInputs: true, perChannel: true);
    public static Op HistogramFixedWidth => new HistogramFixedWidth();
    public static Op Imag => new ComplexPart<ImaginaryPart>("Imag");
    public static Op LeakyRelu => new LeakyRelu();
    public static Op LinSpace => new LinSpace();
    public static Op NotEqual => new Equality("NotEqual", whenEqual: false);

    /// <summary>TensorFlow.js's Prelu: x where x is at least 0, alpha · x elsewhere; alpha broadcasts.</summary>
    public static Op Prelu => new ElementwiseOp("Prelu", ElementwiseKernels.Binary<PreluOperator<float>, PreluOperator<double>>());

    public static Op Range => new Range();
    public static Op Real => new ComplexPart<RealPart>("Real");
    public static Op Select => new Select("Select", broadcasts: false);
    public static Op SelectV2 => new Select("SelectV2", broadcasts: true);
}
