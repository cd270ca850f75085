using Decant.Kernels.Elementwise;

namespace Decant.Ops.Arithmetic;

/// <summary>The ops that ask something of each real number.</summary>
internal static class Predicates
{
    public static Op IsFinite => new ElementwiseOp("IsFinite", static dtype => dtype switch
    {
        DType.Float32 => new MapKernel<float, bool, IsFiniteOperator<float>>(),
        DType.Float64 => new MapKernel<double, bool, IsFiniteOperator<double>>(),
        _ => null,
    }, DType.Bool);
    public static Op IsInf => new ElementwiseOp("IsInf", static dtype => dtype switch
    {
        DType.Float32 => new MapKernel<float, bool, IsInfinityOperator<float>>(),
        DType.Float64 => new MapKernel<double, bool, IsInfinityOperator<double>>(),
        _ => null,
    }, DType.Bool);
    public static Op IsNan => new ElementwiseOp("IsNan", static dtype => dtype switch
    {
        DType.Float32 => new MapKernel<float, bool, IsNaNOperator<float>>(),
        DType.Float64 => new MapKernel<double, bool, IsNaNOperator<double>>(),
        _ => null,
    }, DType.Bool);
}
