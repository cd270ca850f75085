using Decant.Kernels.Quantized;
using Decant.Ops.NN;

namespace Decant.Ops.TFLite;

/// <summary>Convolutions of floats with integer weights.</summary>
internal static class HybridConvolution
{
    public static Kernel Prepare(KernelRequest request, bool isDepthwise)
    {
        WindowRule rule = WindowOptions.Rule(request);
        var weights = new IntegerWeights(request, 1, isHybrid: true);
        float[] scales = HybridSink.Scales(request, 1);
        string activation = request.Activation();
        bool hasBias = request.HasInput(2), isAsymmetric = isDepthwise || scales.Length > 1;
        return Kernel.Of(context =>
        {
            Tensor input = context.Input(0), filter = context.Input(1);
            WindowGeometry geometry = isDepthwise ? WindowOptions.Depthwise(rule, context.Node, input.Shape, filter.Shape) : WindowOptions.Geometry(rule, context.Node, input.Shape, filter.Shape);
            Tensor output = context.Allocate(0, DType.Float32, geometry.Output);
            if (output.ElementCount == 0)
                return;
            if (scales.Length > 1 && scales.Length != geometry.OutChannels)
                throw context.Fail($"has {scales.Length} scales for {geometry.OutChannels} channels");
            if (hasBias)
                FloatConvolution.Bias(context, 2, (int)geometry.OutChannels);
            HybridRows rows = HybridRows.Of(input.Span<float>(), (int)(input.ElementCount / geometry.Batch), isAsymmetric);
            var sink = new HybridSink(output, rows.Scales, output.ElementCount / geometry.Batch, scales, hasBias ? context.Input(2) : null);
            if (isDepthwise)
                IntegerConvolution.Depthwise(rows.Values, weights.Read(context), geometry.Depthwise(), sink, context.Pool);
            else
                IntegerConvolution.Run(rows.Values, weights.Read(context), geometry.Convolution(input.Shape[3] / filter.Shape[3]), false, sink, context.Pool);
            Activated.Apply(activation, context.Writable<float>(output));
        });
    }
}
