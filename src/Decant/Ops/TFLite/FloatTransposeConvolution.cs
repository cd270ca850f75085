using Decant.Kernels.Conv;
using Decant.Kernels.Gemm;

namespace Decant.Ops.TFLite;

/// <summary>TRANSPOSE_CONV of floats. A constant filter is turned once.</summary>
internal sealed class FloatTransposeConvolution : Kernel
{
    private readonly string _padding;
    private readonly string _activation;
    private readonly int _strideH;
    private readonly int _strideW;
    private readonly bool _hasBias;
    private readonly Weights _weights;
    private float[]? _filter;

    public FloatTransposeConvolution(KernelRequest request, string padding, (int H, int W) strides)
    {
        (_padding, (_strideH, _strideW), _activation, _hasBias) = (padding, strides, request.Activation(), request.HasInput(3));
        _weights = new Weights(request, 1);
    }

    public override bool Reads(int input) => input != 1 || !_weights.IsConstant;

    public override void Run(KernelContext context)
    {
        Sizes sizes = context.Derived(this, static (kernel, c) => new Sizes(TransposeConvolution.Geometry(c, kernel._weights.Shape ?? c.Shape(1), kernel._padding, kernel._strideH, kernel._strideW, out Shape output), output), values: 1 << 0);
        Span<float> y = context.Output<float>(0, sizes.Output);
        ReadOnlySpan<float> bias = _hasBias ? FloatConvolution.Bias(context, 3, sizes.Geometry.InChannels) : default;
        float[] filter = _weights.IsConstant ? _filter ??= Turned(context, sizes.Geometry) : ToHwoi(context.Input(1).Span<float>(), sizes.Geometry);
        ConvolutionBackpropInput.Run(context.Input(2).Span<float>(), filter, y, sizes.Geometry, new Epilogue<float>(bias, FloatConvolution.Fused(_activation)), context.Pool);
        if (!FloatConvolution.IsFused(_activation))
            Activated.Apply(_activation, y);
    }

    private float[] Turned(KernelContext context, ConvGeometry geometry) =>
        _weights.Packed(context, typeof(FloatTransposeConvolution), filter => ToHwoi(filter.Span<float>(), geometry), static filter => filter.Length * sizeof(float));

    /// <summary>A filter [out, height, width, in] as [height, width, out, in].</summary>
    private static float[] ToHwoi(ReadOnlySpan<float> filter, in ConvGeometry g)
    {
        float[] hwoi = new float[filter.Length];
        int taps = g.Taps, depth = g.OutChannels;
        for (int o = 0; o < g.InChannels; o++)
        {
            for (int t = 0; t < taps; t++)
                filter.Slice(((o * taps) + t) * depth, depth).CopyTo(hwoi.AsSpan(((t * g.InChannels) + o) * depth));
        }

        return hwoi;
    }

    private sealed record Sizes(ConvGeometry Geometry, Shape Output);
}
