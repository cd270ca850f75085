using Decant.Ops.Arithmetic;
using Decant.Ops.Arrays;
using Decant.Ops.Audio;
using Decant.Ops.ControlFlow;
using Decant.Ops.Images;
using Decant.Ops.LinearAlgebra;
using Decant.Ops.Lists;
using Decant.Ops.NN;
using Decant.Ops.Reductions;
using Decant.Ops.Sampling;
using Decant.Ops.Sparse;
using Decant.Ops.State;
using Decant.Ops.Tables;

namespace Decant.Ops.Lowering;

/// <summary>All ops that have a form in TensorFlow Lite, by name.</summary>
public static class LoweringTable
{
    private static readonly Lazy<Dictionary<string, LoweringRule>> ByName = new(() => Families.ToDictionary(r => r.Op, StringComparer.Ordinal));

    /// <summary>The rules, sorted by op.</summary>
    public static IReadOnlyList<LoweringRule> All => [.. ByName.Value.Values.OrderBy(r => r.Op, StringComparer.Ordinal)];

    private static IEnumerable<LoweringRule> Families =>
    [
        .. UnaryLowering.All, .. BinaryLowering.All, .. FunctionLowering.All, .. ConversionLowering.All, .. SpectralLowering.All, AudioSpectrogramLowering.Rule, MfccLowering.Rule, .. ShapeLowering.All, .. MoveLowering.All, .. SliceLowering.All, .. IndexLowering.All,
        .. ReductionLowering.All, .. SegmentLowering.All, .. ConvolutionLowering.All, .. FusedProductLowering.All, .. PoolLowering.All, .. NormalizationLowering.All, .. LossLowering.All, .. CellLowering.All, .. ProductLowering.All, .. MatrixLowering.All, .. EliminationLowering.All, SvdLowering.Rule, ZetaLowering.Rule, CountLowering.Rule, SparseSumLowering.Rule,
        .. ImageLowering.All, .. ResamplingLowering.All, CombinedSuppressionLowering.Rule, CropAndResizeLowering.Rule, .. ControlFlowLowering.All, .. ListLowering.All,
        .. SamplingLowering.All, .. StateLowering.All, .. TableLowering.All,
    ];

    /// <summary>The rule of an op, or null.</summary>
    public static LoweringRule? Find(string op) => ByName.Value.GetValueOrDefault(op);
}
