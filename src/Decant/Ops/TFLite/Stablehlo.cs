using Decant.IR;

namespace Decant.Ops.TFLite;

/// <summary>Operators of StableHLO that TensorFlow Lite has kernels for.</summary>
internal static class Stablehlo
{
    public static IEnumerable<Op> All =>
    [
        new TFLiteOp("DILATE", Spread.Dilate),
        new TFLiteOp("REDUCE_WINDOW", ReduceWindow.Prepare),
        Elementwise("STABLEHLO_ADD", "AddV2"),
        new TFLiteOp("STABLEHLO_AND", r => r.InputType(0) == DType.Bool ? new Translation(r, "LogicalAnd").In(0, 1).Prepare() : Plain("BitwiseAnd")(r)),
        new TFLiteOp("STABLEHLO_CBRT", r => TFLite.Elementwise.Floats(r, MathF.Cbrt)),
        new TFLiteOp("STABLEHLO_GATHER", StablehloGather.Prepare),
        Elementwise("STABLEHLO_MAXIMUM", "Maximum"),
        Elementwise("STABLEHLO_MINIMUM", "Minimum"),
        Elementwise("STABLEHLO_MULTIPLY", "Mul"),
        new TFLiteOp("STABLEHLO_PAD", Spread.Pad),
        new TFLiteOp("STABLEHLO_REDUCE_WINDOW", ReduceWindow.PrepareStablehlo),
        new TFLiteOp("STABLEHLO_RNG_BIT_GENERATOR", RandomBits.Prepare),
        new TFLiteOp("STABLEHLO_SCATTER", StablehloScatter.Prepare),
        Elementwise("STABLEHLO_SHIFT_LEFT", "LeftShift"),
    ];

    /// <summary>An option that is a list of integers; empty where it is not given.</summary>
    public static long[] Longs(KernelRequest request, string option) => request.Attributes.Find(option) is ListAttr { Ints: var ints } ? [.. ints] : [];

    private static TFLiteOp Elementwise(string name, string op) => new(name, Plain(op));

    private static Func<KernelRequest, Kernel> Plain(string op) => r => new Translation(r, op).In(0, 1).Type("T", 0).Prepare();
}
