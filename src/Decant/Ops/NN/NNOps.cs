namespace Decant.Ops.NN;

/// <summary>Convolutions, pools, normalizations, losses and recurrent cells.</summary>
internal static class NNOps
{
    public static Op AvgPool => new AvgPool("AvgPool", 2);
    public static Op AvgPool3D => new AvgPool("AvgPool3D", 3);
    public static Op AvgPool3DGrad => new AvgPoolGrad("AvgPool3DGrad", 3);
    public static Op AvgPoolGrad => new AvgPoolGrad("AvgPoolGrad", 2);
    public static Op BatchNormWithGlobalNormalization => new BatchNormWithGlobalNormalization();
    public static Op BiasAdd => new BiasAdd("BiasAdd");
    public static Op BiasAddGrad => new BiasAddGrad();
    public static Op BiasAddV1 => new BiasAdd("BiasAddV1");
    public static Op BlockLSTM => new BlockLstm("BlockLSTM");
    public static Op BlockLSTMV2 => new BlockLstm("BlockLSTMV2");
    public static Op CTCBeamSearchDecoder => new CtcBeamSearchDecoder();
    public static Op CTCGreedyDecoder => new CtcGreedyDecoder();
    public static Op CTCLoss => new CtcLoss("CTCLoss");
    public static Op CTCLossV2 => new CtcLoss("CTCLossV2");
    public static Op Conv1D => new Conv("Conv1D", 1);
    public static Op Conv2D => new Conv("Conv2D", 2);
    public static Op Conv2DBackpropFilter => new ConvBackpropFilter("Conv2DBackpropFilter", 2);
    public static Op Conv2DBackpropInput => new ConvBackpropInput("Conv2DBackpropInput", 2);
    public static Op Conv3D => new Conv("Conv3D", 3);
    public static Op Conv3DBackpropFilter => new ConvBackpropFilter("Conv3DBackpropFilter", 3, takesFilter: true);
    public static Op Conv3DBackpropFilterV2 => new ConvBackpropFilter("Conv3DBackpropFilterV2", 3);
    public static Op Conv3DBackpropInput => new ConvBackpropInput("Conv3DBackpropInput", 3, takesInput: true);
    public static Op Conv3DBackpropInputV2 => new ConvBackpropInput("Conv3DBackpropInputV2", 3);
    public static Op DepthwiseConv2d => new DepthwiseConv("DepthwiseConv2d");
    public static Op DepthwiseConv2dNative => new DepthwiseConv("DepthwiseConv2dNative");
    public static Op DepthwiseConv2dNativeBackpropFilter => new DepthwiseConvBackprop("DepthwiseConv2dNativeBackpropFilter", inFilter: true);
    public static Op DepthwiseConv2dNativeBackpropInput => new DepthwiseConvBackprop("DepthwiseConv2dNativeBackpropInput", inFilter: false);
    public static Op Dilation2D => new Dilation2D();
    public static Op FusedBatchNorm => new FusedBatchNorm("FusedBatchNorm");
    public static Op FusedBatchNormGrad => new FusedBatchNormGrad("FusedBatchNormGrad");
    public static Op FusedBatchNormGradV2 => new FusedBatchNormGrad("FusedBatchNormGradV2");
    public static Op FusedBatchNormGradV3 => new FusedBatchNormGrad("FusedBatchNormGradV3");
    public static Op FusedBatchNormV2 => new FusedBatchNorm("FusedBatchNormV2");
    public static Op FusedBatchNormV3 => new FusedBatchNorm("FusedBatchNormV3");
    public static Op FusedDepthwiseConv2dNative => new DepthwiseConv("FusedDepthwiseConv2dNative");
    public static Op FusedPadConv2D => new FusedPadConv("FusedPadConv2D", resizes: false);
    public static Op FusedResizeAndPadConv2D => new FusedPadConv("FusedResizeAndPadConv2D", resizes: true);
    public static Op GRUBlockCell => new GruBlockCell();
    public static Op LRN => new LocalResponseNormalization();
    public static Op LSTMBlockCell => new LstmBlockCell();
    public static Op LogSoftmax => new Softmax("LogSoftmax", logarithm: true);
    public static Op MaxPool => new MaxPool("MaxPool", 2);
    public static Op MaxPool3D => new MaxPool("MaxPool3D", 3);
    public static Op MaxPool3DGrad => new MaxPoolGrad("MaxPool3DGrad", 3);
    public static Op MaxPoolGrad => new MaxPoolGrad("MaxPoolGrad", 2);
    public static Op MaxPoolGradV2 => new MaxPoolGrad("MaxPoolGradV2", 2, windowIsInput: true);
    public static Op MaxPoolV2 => new MaxPool("MaxPoolV2", 2, windowIsInput: true);
    public static Op MaxPoolWithArgmax => new MaxPoolWithArgmax();
    public static Op Softmax => new Softmax("Softmax", logarithm: false);
    public static Op SoftmaxCrossEntropyWithLogits => new SoftmaxCrossEntropy();
    public static Op SparseSoftmaxCrossEntropyWithLogits => new SparseSoftmaxCrossEntropy();
    public static Op _FusedConv2D => new Conv("_FusedConv2D", 2);
    public static Op _FusedDepthwiseConv2dNative => new DepthwiseConv("_FusedDepthwiseConv2dNative");
}
