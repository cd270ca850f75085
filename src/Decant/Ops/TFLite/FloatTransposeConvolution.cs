using Decant.Kernels.Conv;
using Decant.Kernels.Gemm;

namespace Decant.Ops.TFLite;

/// <summary>A transposed convolution of floats by a filter [out, height, width, in], which is input 1. A constant filter is turned once.</summary>
/// <param name="request">The node.</param>
/// <param name="inputs">The activations and the bias, which may be missing.</param>
/// <param name="activation">What follows.</param>
/// <param name="sizes">The inputs whose values the geometry depends on, as bits.</param>
/// <param name="geometry">The convolution of which this is the transpose, and the shape of the output, from the shape of the filter.</param>
internal sealed class FloatTransposeConvolution(KernelRequest request, (int X, int Bias) inputs, string activation, uint sizes, Func<KernelContext, Shape, (ConvGeometry Geometry, Shape Output)> geometry) : Kernel
{
    private readonly bool _hasBias = request.HasInput(inputs.Bias);
    private readonly Weights _weights = new(request, 1);
    private float[]? _filter;

    public override bool Reads(int input) => input != 1 || !_weights.IsConstant;

    public override void Run(KernelContext context)
    {
        Sizes of = context.Derived(this, static (kernel, c) => kernel.Derive(c), values: sizes);
        Span<float> y = context.Output<float>(0, of.Output);
        if (y.IsEmpty)
            return;
        ReadOnlySpan<float> bias = _hasBias ? FloatConvolution.Bias(context, inputs.Bias, of.Geometry.InChannels) : default;
        float[] filter = _weights.IsConstant ? _filter ??= Turned(context, of.Geometry) : ToHwoi(context.Input(1).Span<float>(), of.Geometry);
        ConvolutionBackpropInput.Run(context.Input(inputs.X).Span<float>(), filter, y, of.Geometry, new Epilogue<float>(bias, FloatConvolution.Fused(activation)), context.Pool);
        if (!FloatConvolution.IsFused(activation))
            Activated.Apply(activation, y);
    }

    private Sizes Derive(KernelContext context)
    {
        (ConvGeometry of, Shape output) = geometry(context, _weights.Shape ?? context.Shape(1));
        return new Sizes(of, output);
    }

    private float[] Turned(KernelContext context, ConvGeometry of) =>
        _weights.Packed(context, typeof(FloatTransposeConvolution), filter => ToHwoi(filter.Span<float>(), of), static filter => filter.Length * sizeof(float));

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
