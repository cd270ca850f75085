using static Decant.Ops.Quantized.QuantizedSteps;

namespace Decant.Ops.Quantized;

/// <summary>Ops on quantized tensors, and conversion to and from them.</summary>
internal static class QuantizedOps
{
    public static Op Dequantize => new Dequantize();
    public static Op QuantizeAndDequantize => new QuantizeAndDequantize("QuantizeAndDequantize");
    public static Op QuantizeAndDequantizeV2 => new QuantizeAndDequantize("QuantizeAndDequantizeV2");
    public static Op QuantizeAndDequantizeV3 => new QuantizeAndDequantize("QuantizeAndDequantizeV3");
    public static Op QuantizeAndDequantizeV4 => new QuantizeAndDequantize("QuantizeAndDequantizeV4");
    public static Op QuantizeAndDequantizeV4Grad => new QuantizeAndDequantizeV4Grad();
    public static Op QuantizeDownAndShrinkRange => new QuantizeDownAndShrinkRange();
    public static Op QuantizeV2 => new QuantizeV2();
    public static Op QuantizedAdd => new QuantizedBinary("QuantizedAdd", multiplies: false);
    public static Op QuantizedAvgPool => new QuantizedPool("QuantizedAvgPool", averages: true);
    public static Op QuantizedBatchNormWithGlobalNormalization => new QuantizedBatchNorm();
    public static Op QuantizedBiasAdd => new QuantizedBiasAdd();
    public static Op QuantizedConcat => new QuantizedConcat();
    public static Op QuantizedConv2D => new QuantizedConv("QuantizedConv2D");
    public static Op QuantizedConv2DAndRelu => new QuantizedConv("QuantizedConv2DAndRelu", Relu);
    public static Op QuantizedConv2DAndReluAndRequantize => new QuantizedConv("QuantizedConv2DAndReluAndRequantize", Relu | QuantizedSteps.Requantize);
    public static Op QuantizedConv2DAndRequantize => new QuantizedConv("QuantizedConv2DAndRequantize", QuantizedSteps.Requantize);
    public static Op QuantizedConv2DPerChannel => new QuantizedConv("QuantizedConv2DPerChannel");
    public static Op QuantizedConv2DWithBias => new QuantizedConv("QuantizedConv2DWithBias", Bias);
    public static Op QuantizedConv2DWithBiasAndRelu => new QuantizedConv("QuantizedConv2DWithBiasAndRelu", Bias | Relu);
    public static Op QuantizedConv2DWithBiasAndReluAndRequantize => new QuantizedConv("QuantizedConv2DWithBiasAndReluAndRequantize", Bias | Relu | QuantizedSteps.Requantize);
    public static Op QuantizedConv2DWithBiasAndRequantize => new QuantizedConv("QuantizedConv2DWithBiasAndRequantize", Bias | QuantizedSteps.Requantize);
    public static Op QuantizedConv2DWithBiasSignedSumAndReluAndRequantize => new QuantizedConv("QuantizedConv2DWithBiasSignedSumAndReluAndRequantize", Bias | Summand | Relu | QuantizedSteps.Requantize);
    public static Op QuantizedConv2DWithBiasSumAndRelu => new QuantizedConv("QuantizedConv2DWithBiasSumAndRelu", Bias | Summand | Relu);
    public static Op QuantizedConv2DWithBiasSumAndReluAndRequantize => new QuantizedConv("QuantizedConv2DWithBiasSumAndReluAndRequantize", Bias | Summand | Relu | QuantizedSteps.Requantize);
    public static Op QuantizedDepthwiseConv2D => new QuantizedConv("QuantizedDepthwiseConv2D");
    public static Op QuantizedDepthwiseConv2DWithBias => new QuantizedConv("QuantizedDepthwiseConv2DWithBias", Bias);
    public static Op QuantizedDepthwiseConv2DWithBiasAndRelu => new QuantizedConv("QuantizedDepthwiseConv2DWithBiasAndRelu", Bias | Relu);
    public static Op QuantizedDepthwiseConv2DWithBiasAndReluAndRequantize => new QuantizedConv("QuantizedDepthwiseConv2DWithBiasAndReluAndRequantize", Bias | Relu | QuantizedSteps.Requantize);
    public static Op QuantizedInstanceNorm => new QuantizedInstanceNorm();
    public static Op QuantizedMatMul => new QuantizedMatMul("QuantizedMatMul");
    public static Op QuantizedMatMulWithBias => new QuantizedMatMul("QuantizedMatMulWithBias", Bias);
    public static Op QuantizedMatMulWithBiasAndDequantize => new QuantizedMatMul("QuantizedMatMulWithBiasAndDequantize", Bias | QuantizedSteps.Dequantize);
    public static Op QuantizedMatMulWithBiasAndRelu => new QuantizedMatMul("QuantizedMatMulWithBiasAndRelu", Bias | Relu);
    public static Op QuantizedMatMulWithBiasAndReluAndRequantize => new QuantizedMatMul("QuantizedMatMulWithBiasAndReluAndRequantize", Bias | Relu | QuantizedSteps.Requantize);
    public static Op QuantizedMatMulWithBiasAndRequantize => new QuantizedMatMul("QuantizedMatMulWithBiasAndRequantize", Bias | QuantizedSteps.Requantize);
    public static Op QuantizedMaxPool => new QuantizedPool("QuantizedMaxPool", averages: false);
    public static Op QuantizedMul => new QuantizedBinary("QuantizedMul", multiplies: true);
    public static Op QuantizedRelu => new QuantizedRelu("QuantizedRelu");
    public static Op QuantizedRelu6 => new QuantizedRelu("QuantizedRelu6", 6);
    public static Op QuantizedReluX => new QuantizedRelu("QuantizedReluX");
    public static Op QuantizedReshape => new QuantizedReshape();
    public static Op QuantizedResizeBilinear => new QuantizedResizeBilinear();
    public static Op RequantizationRange => new RequantizationRange();
    public static Op RequantizationRangePerChannel => new RequantizationRangePerChannel();
    public static Op Requantize => new Requantize();
    public static Op RequantizePerChannel => new RequantizePerChannel();
}
