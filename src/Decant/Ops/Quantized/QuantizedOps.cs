using static Decant.Ops.Quantized.QuantizedSteps;

namespace Decant.Ops.Quantized;

/// <summary>Ops on quantized tensors, and conversion to and from them.</summary>
internal static class QuantizedOps
{
    public static IEnumerable<Op> All =>
    [
        new Dequantize(),
        new QuantizeAndDequantize("QuantizeAndDequantize"),
        new QuantizeAndDequantize("QuantizeAndDequantizeV2"),
        new QuantizeAndDequantize("QuantizeAndDequantizeV3"),
        new QuantizeAndDequantize("QuantizeAndDequantizeV4"),
        new QuantizeAndDequantizeV4Grad(),
        new QuantizeDownAndShrinkRange(),
        new QuantizeV2(),
        new QuantizedBinary("QuantizedAdd", multiplies: false),
        new QuantizedPool("QuantizedAvgPool", averages: true),
        new QuantizedBatchNorm(),
        new QuantizedBiasAdd(),
        new QuantizedConcat(),
        new QuantizedConv("QuantizedConv2D"),
        new QuantizedConv("QuantizedConv2DAndRelu", Relu),
        new QuantizedConv("QuantizedConv2DAndReluAndRequantize", Relu | QuantizedSteps.Requantize),
        new QuantizedConv("QuantizedConv2DAndRequantize", QuantizedSteps.Requantize),
        new QuantizedConv("QuantizedConv2DPerChannel"),
        new QuantizedConv("QuantizedConv2DWithBias", Bias),
        new QuantizedConv("QuantizedConv2DWithBiasAndRelu", Bias | Relu),
        new QuantizedConv("QuantizedConv2DWithBiasAndReluAndRequantize", Bias | Relu | QuantizedSteps.Requantize),
        new QuantizedConv("QuantizedConv2DWithBiasAndRequantize", Bias | QuantizedSteps.Requantize),
        new QuantizedConv("QuantizedConv2DWithBiasSignedSumAndReluAndRequantize", Bias | Summand | Relu | QuantizedSteps.Requantize),
        new QuantizedConv("QuantizedConv2DWithBiasSumAndRelu", Bias | Summand | Relu),
        new QuantizedConv("QuantizedConv2DWithBiasSumAndReluAndRequantize", Bias | Summand | Relu | QuantizedSteps.Requantize),
        new QuantizedConv("QuantizedDepthwiseConv2D"),
        new QuantizedConv("QuantizedDepthwiseConv2DWithBias", Bias),
        new QuantizedConv("QuantizedDepthwiseConv2DWithBiasAndRelu", Bias | Relu),
        new QuantizedConv("QuantizedDepthwiseConv2DWithBiasAndReluAndRequantize", Bias | Relu | QuantizedSteps.Requantize),
        new QuantizedInstanceNorm(),
        new QuantizedMatMul("QuantizedMatMul"),
        new QuantizedMatMul("QuantizedMatMulWithBias", Bias),
        new QuantizedMatMul("QuantizedMatMulWithBiasAndDequantize", Bias | QuantizedSteps.Dequantize),
        new QuantizedMatMul("QuantizedMatMulWithBiasAndRelu", Bias | Relu),
        new QuantizedMatMul("QuantizedMatMulWithBiasAndReluAndRequantize", Bias | Relu | QuantizedSteps.Requantize),
        new QuantizedMatMul("QuantizedMatMulWithBiasAndRequantize", Bias | QuantizedSteps.Requantize),
        new QuantizedPool("QuantizedMaxPool", averages: false),
        new QuantizedBinary("QuantizedMul", multiplies: true),
        new QuantizedRelu("QuantizedRelu"),
        new QuantizedRelu("QuantizedRelu6", 6),
        new QuantizedRelu("QuantizedReluX"),
        new QuantizedReshape(),
        new QuantizedResizeBilinear(),
        new RequantizationRange(),
        new RequantizationRangePerChannel(),
        new Requantize(),
        new RequantizePerChannel(),
    ];
}
