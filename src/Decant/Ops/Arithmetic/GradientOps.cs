using System.Numerics;

namespace Decant.Ops.Arithmetic;

/// <summary>
/// The gradients of elementwise ops, which graphs cut out of training keep. Input order is TensorFlow's: (y, dy) for
/// functions whose gradient is written in the output, (gradients, features) for activations.
/// </summary>
internal static class GradientOps
{
    private const double SeluScale = 1.0507009873554804934;
    private const double SeluScaleAlpha = 1.7580993408473768599;

    public static Op EluGrad => new ElementwiseOp("EluGrad", ElementwiseKernels.Binary(static (dy, y) => y < 0 ? dy * (y + 1) : dy));
    public static Op InvGrad => new ElementwiseOp("InvGrad", ElementwiseKernels.Binary(static (y, dy) => -dy * y * y, static (y, dy) => -dy * Complex.Conjugate(y * y)));
    public static Op LeakyReluGrad => new LeakyReluGradient();
    public static Op ReciprocalGrad => new ElementwiseOp("ReciprocalGrad", ElementwiseKernels.Binary(static (y, dy) => -dy * y * y, static (y, dy) => -dy * Complex.Conjugate(y * y)));
    public static Op Relu6Grad => new ElementwiseOp("Relu6Grad", ElementwiseKernels.Binary(static (dy, x) => x > 0 && x < 6 ? dy : 0));
    public static Op ReluGrad => new ElementwiseOp("ReluGrad", ElementwiseKernels.Binary(static (dy, x) => x > 0 ? dy : 0));
    public static Op RsqrtGrad => new ElementwiseOp("RsqrtGrad", ElementwiseKernels.Binary(static (y, dy) => -0.5 * dy * y * y * y, static (y, dy) => -0.5 * dy * Complex.Conjugate(y * y * y)));
    public static Op SeluGrad => new ElementwiseOp("SeluGrad", ElementwiseKernels.Binary(static (dy, y) => y < 0 ? dy * (y + SeluScaleAlpha) : dy * SeluScale));
    public static Op SigmoidGrad => new ElementwiseOp("SigmoidGrad", ElementwiseKernels.Binary(static (y, dy) => dy * y * (1 - y), static (y, dy) => dy * Complex.Conjugate(y * (1 - y))));
    public static Op SoftplusGrad => new ElementwiseOp("SoftplusGrad", ElementwiseKernels.Binary(static (dy, x) => dy / (1 + Math.Exp(-x))));
    public static Op SoftsignGrad => new ElementwiseOp("SoftsignGrad", ElementwiseKernels.Binary(static (dy, x) => dy / ((1 + Math.Abs(x)) * (1 + Math.Abs(x)))));
    public static Op SqrtGrad => new ElementwiseOp("SqrtGrad", ElementwiseKernels.Binary(static (y, dy) => dy * 0.5 / y, static (y, dy) => dy * 0.5 / Complex.Conjugate(y)));
    public static Op TanhGrad => new ElementwiseOp("TanhGrad", ElementwiseKernels.Binary(static (y, dy) => dy * (1 - (y * y)), static (y, dy) => dy * Complex.Conjugate(1 - (y * y))));

    private sealed class LeakyReluGradient() : Op("LeakyReluGrad"), IInfersFacts, IHasKernel
    {
        public void Infer(InferenceContext context) => context.Set(0, context.ElementType(), Broadcasting.Of(context, context.Shape(0), context.Shape(1)));

        public Kernel Prepare(KernelRequest request)
        {
            double alpha = request.Attributes.Float("alpha");
            return ElementKernels.Choose(request, ElementwiseKernels.Binary((dy, x) => x > 0 ? dy : alpha * dy));
        }
    }
}
