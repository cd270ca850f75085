using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Quantized;

/// <summary>A micro-kernel of depthwise convolutions: the one of <see cref="DotKernel"/> for bytes where it is VPDPBUSD, else by the lanes in force.</summary>
internal sealed unsafe class DepthwiseKernel
{
    private static readonly DepthwiseKernel Bytes = new(DotForm.Unsigned, 4, 32, &DepthwiseBytes.Run, &DepthwiseColumns.Run);
    private static readonly DepthwiseKernel VnniPairs = new(DotForm.Pairs, 2, 16, &DepthwisePairs<VnniPairDot>.Run, &DepthwisePairColumns<VnniPairDot>.Run);
    private static readonly DepthwiseKernel Pairs = new(DotForm.Pairs, 2, 16, &DepthwisePairs<PairDot256>.Run, &DepthwisePairColumns<PairDot256>.Run);
    private static readonly DepthwiseKernel Lanes128 = new(DotForm.Pairs, 1, 4, &DepthwiseShorts.Run, null);
    private static readonly DepthwiseKernel Scalar = new(DotForm.Pairs, 1, 1, &DepthwiseScalar.Run, null);

    private readonly delegate*<in DepthwiseTask, void> run, runColumns;

    private DepthwiseKernel(DotForm form, int together, int channels, delegate*<in DepthwiseTask, void> run, delegate*<in DepthwiseTask, void> runColumns)
    {
        (Form, Together, Channels) = (form, together, channels);
        this.run = run;
        this.runColumns = runColumns;
    }

    /// <summary>Bytes, or 16-bit integers.</summary>
    public DotForm Form { get; }

    /// <summary>Taps that are interleaved.</summary>
    public int Together { get; }

    /// <summary>Channels of a block.</summary>
    public int Channels { get; }

    /// <summary>The kernel in force on this thread.</summary>
    /// <param name="takesBytes">Whether the activations and the weights without their zero point are bytes, or those with it.</param>
    public static DepthwiseKernel Choose(bool takesBytes) =>
        takesBytes && DotKernel.Current.Form == DotForm.Unsigned ? Bytes
        : LaneWidth.Current >= 256 && Avx2.IsSupported ? (DotKernel.CurrentWide.Name == "avxvnni16" ? VnniPairs : Pairs)
        : LaneWidth.Current >= 128 && Vector128.IsHardwareAccelerated ? Lanes128 : Scalar;

    /// <summary>Whether windows of a size can be stored for <see cref="RunColumns"/>.</summary>
    public bool TakesColumns(int height, int width) =>
        runColumns != null && width == DepthwiseColumns.Width && (height == 3 || (height == 4 && Form != DotForm.Pairs));

    /// <summary>Where a tap is among those that are stored for <see cref="RunColumns"/>.</summary>
    public int Place(int line, int column) => Form != DotForm.Pairs ? (4 * column) + line : line < 2 ? (2 * column) + line : 7 + column;

    public void Run(in DepthwiseTask task) => run(task);

    /// <summary>The same under windows that move by one column.</summary>
    public void RunColumns(in DepthwiseTask task) => runColumns(task);
}
