using Decant.Kernels.Elementwise;
using Decant.Kernels.Quantized;
using Decant.Ops.Arithmetic;

namespace Decant.Ops.TFLite;

/// <summary>PRELU: x where it is positive, else x * alpha, alpha broadcast.</summary>
internal static class Prelu
{
    public static Kernel Prepare(KernelRequest request)
    {
        if (!request.IsQuantized(0))
            return ElementKernels.Choose(request, request.InputType(0), d => d == DType.Float32 ? new BinaryKernel<float, PreluOperator<float>>() : null);
        (QuantParams x, QuantParams alpha, QuantParams output) = (request.InputQuant(0), request.InputQuant(1), request.OutputQuant());
        FixedPoint positive = FixedPoint.Of((double)(x.Scale / output.Scale));
        FixedPoint negative = FixedPoint.Of((double)(x.Scale * alpha.Scale / output.Scale));
        return Pairs.Integers(request, (a, b) => a - x.ZeroPoint is var value && value >= 0
            ? positive.Times(value) + output.ZeroPoint : negative.Times(value * (b - alpha.ZeroPoint)) + output.ZeroPoint);
    }
}
