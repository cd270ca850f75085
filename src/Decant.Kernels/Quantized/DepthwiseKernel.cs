using System.Runtime.Intrinsics;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Quantized;

/// <summary>A micro-kernel of depthwise convolutions: the one of <see cref="DotKernel"/> for bytes where it is VPDPBUSD, else by the lanes in force.</summary>
internal sealed unsafe class DepthwiseKernel
{
    private static readonly DepthwiseKernel Bytes = new(DotForm.Unsigned, 32, &DepthwiseBytes.Run, static w => w);
    private static readonly DepthwiseKernel Lanes512 = new(DotForm.Pairs, 16, &DepthwiseShorts<Vector512<int>, IntegerLanes512>.Run, IntegerLanes512.Factor);
    private static readonly DepthwiseKernel Lanes256 = new(DotForm.Pairs, 8, &DepthwiseShorts<Vector256<int>, IntegerLanes256>.Run, IntegerLanes256.Factor);
    private static readonly DepthwiseKernel Lanes128 = new(DotForm.Pairs, 4, &DepthwiseShorts<Vector128<int>, IntegerLanes128>.Run, IntegerLanes128.Factor);
    private static readonly DepthwiseKernel Scalar = new(DotForm.Pairs, 1, &DepthwiseScalar.Run, static w => w);

    private readonly delegate*<in DepthwiseTask, void> run;

    private DepthwiseKernel(DotForm form, int channels, delegate*<in DepthwiseTask, void> run, Func<int, int> factor)
    {
        (Form, Channels, Factor) = (form, channels, factor);
        this.run = run;
    }

    /// <summary>Bytes, or pairs of which the second is 0.</summary>
    public DotForm Form { get; }

    /// <summary>Channels of a block.</summary>
    public int Channels { get; }

    /// <summary>How a weight is stored where the form is pairs.</summary>
    public Func<int, int> Factor { get; }

    /// <summary>The kernel in force on this thread.</summary>
    /// <param name="takesBytes">Whether the activations and the weights without their zero point are bytes, or those with it.</param>
    public static DepthwiseKernel Choose(bool takesBytes) =>
        takesBytes && DotKernel.Current.Form == DotForm.Unsigned ? Bytes
        : LaneWidth.Current >= 512 && IntegerLanes512.IsSupported ? Lanes512
        : LaneWidth.Current >= 256 && IntegerLanes256.IsSupported ? Lanes256
        : LaneWidth.Current >= 128 && IntegerLanes128.IsSupported ? Lanes128 : Scalar;

    public void Run(in DepthwiseTask task) => run(task);
}
