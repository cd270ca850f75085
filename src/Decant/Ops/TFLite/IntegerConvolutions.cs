using Decant.Kernels.Quantized;
using Decant.Ops.NN;

namespace Decant.Ops.TFLite;

/// <summary>CONV_2D and DEPTHWISE_CONV_2D of quantized tensors.</summary>
internal static class IntegerConvolutions
{
    public static Kernel Prepare(KernelRequest request, bool isDepthwise)
    {
        WindowRule rule = WindowOptions.Rule(request);
        var weights = new IntegerWeights(request, 1);
        var requantization = new Requantization(request, 0, 1, isFloatProduct: false);
        int zero = request.InputQuant(0).ZeroPoint;
        bool isWide = request.InputType(0) == DType.Int16, hasBias = request.HasInput(2);
        return Kernel.Of(context =>
        {
            Tensor input = context.Input(0), filter = context.Input(1);
            WindowGeometry geometry = isDepthwise ? WindowOptions.Depthwise(rule, context.Node, input.Shape, filter.Shape) : WindowOptions.Geometry(rule, context.Node, input.Shape, filter.Shape);
            Tensor output = context.Allocate(0, request.OutputType(), geometry.Output);
            if (output.ElementCount == 0)
                return;
            Rounding rounding = Requantization.OfConvolution(input.DType, isDepthwise, input.Shape[3] != filter.Shape[3]);
            Requantization.Sink sink = requantization.Into(context, output, hasBias ? context.Input(2) : null, (int)geometry.OutChannels, rounding);
            short[] x = Shorts.Of(input, zero);
            if (isDepthwise)
                IntegerConvolution.Depthwise(x, weights.Read(context), geometry.Depthwise(), sink, context.Pool);
            else
                IntegerConvolution.Run(x, weights.Read(context), geometry.Convolution(input.Shape[3] / filter.Shape[3]), isWide, sink, context.Pool);
        });
    }
}
