using Decant.IR;

namespace Decant.Ops.TFLite;

/// <summary>Convolutions, products, pools, normalizations and resizing.</summary>
internal static class Neural
{
    public static IEnumerable<Op> All =>
    [
        new TFLiteOp("AVERAGE_POOL_2D", r => Pools.Prepare(r, isMax: false)),
        new TFLiteOp("BATCH_MATMUL", BatchProduct.Prepare),
        new TFLiteOp("CONV_2D", r => Convolve(r, isDepthwise: false)),
        new TFLiteOp("CONV_3D", Convolution3D.Prepare),
        new TFLiteOp("CONV_3D_TRANSPOSE", Convolution3D.PrepareTranspose),
        new TFLiteOp("DEPTHWISE_CONV_2D", r => Convolve(r, isDepthwise: true)),
        new TFLiteOp("EMBEDDING_LOOKUP", Embedding.Prepare),
        new TFLiteOp("EMBEDDING_LOOKUP_SPARSE", Embedding.PrepareSparse),
        new TFLiteOp("FULLY_CONNECTED", FullyConnected.Prepare),
        new TFLiteOp("L2_NORMALIZATION", L2Normalization.Prepare),
        new TFLiteOp("L2_POOL_2D", Pools.PrepareL2),
        new TFLiteOp("LOCAL_RESPONSE_NORMALIZATION", r => new Translation(r, "LRN").In(0).Type("T", 0).Set("depth_radius", r.Attributes.Int("radius")).Set("bias", r.Attributes.Float("bias")).Set("alpha", r.Attributes.Float("alpha")).Set("beta", r.Attributes.Float("beta")).Prepare()),
        new TFLiteOp("LOG_SOFTMAX", Softmax.PrepareLog),
        new TFLiteOp("MAX_POOL_2D", r => Pools.Prepare(r, isMax: true)),
        new TFLiteOp("RESIZE_BILINEAR", ResizeBilinear.Prepare),
        new TFLiteOp("RESIZE_NEAREST_NEIGHBOR", ResizeNearestNeighbor.Prepare),
        new TFLiteOp("SOFTMAX", Softmax.Prepare),
        new TFLiteOp("TRANSPOSE_CONV", TransposeConvolution.Prepare),
    ];

    private static Kernel Convolve(KernelRequest request, bool isDepthwise) => (request.InputType(0), request.InputType(1)) switch
    {
        (DType.Float32, DType.Float32) => new FloatConvolution(request, isDepthwise),
        (DType.Float32 or DType.Int8 or DType.UInt8 or DType.Int16, _) when PackedWeights.Take(request) && PackedFinish.Takes(request) => new PackedConvolution(request, isDepthwise),
        (DType.Float32, _) => HybridConvolution.Prepare(request, isDepthwise),
        (DType.Int8 or DType.UInt8 or DType.Int16, _) => IntegerConvolutions.Prepare(request, isDepthwise),
        (var type, var weights) => throw request.NoKernel($"for {type.Name()} with weights of {weights.Name()}"),
    };
}
