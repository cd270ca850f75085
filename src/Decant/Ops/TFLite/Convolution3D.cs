using Decant.IR;

namespace Decant.Ops.TFLite;

/// <summary>CONV_3D and CONV_3D_TRANSPOSE, whose filters are in TensorFlow's order.</summary>
internal static class Convolution3D
{
    public static Kernel Prepare(KernelRequest request) =>
        Biased(request, Options(new Translation(request, "Conv3D").In(0, 1).Type("T", 0), request).Prepare(), 2);

    public static Kernel PrepareTranspose(KernelRequest request) =>
        Biased(request, Options(new Translation(request, "Conv3DBackpropInputV2").In(0, 1, 2).Type("T", 1).Type("Tshape", 0), request).Prepare(), 3);

    private static Translation Options(Translation translation, KernelRequest request)
    {
        ListAttr List(string suffix, string prefix) => new() { Ints = [1, .. ((string[])["d", "h", "w"]).Select(a => request.Attributes.Int($"{prefix}{a}{suffix}")), 1] };
        return translation.Set("strides", List("", "stride_")).Set("dilations", List("_factor", "dilation_")).Set("padding", request.Attributes.String("padding")).Set("data_format", "NDHWC");
    }

    private static Kernel Biased(KernelRequest request, Kernel kernel, int bias)
    {
        if (!request.HasInput(bias))
            return Activated.Of(request, kernel);
        return Activated.Of(request, Kernel.Of(context =>
        {
            var caught = new Catching(context);
            kernel.Run(caught);
            Span<float> y = context.Writable<float>(caught.Output!);
            ReadOnlySpan<float> b = FloatConvolution.Bias(context, bias, (int)caught.Output!.Shape[-1]);
            for (int i = 0; i < y.Length; i++)
                y[i] += b[i % b.Length];
        }));
    }

    private sealed class Catching(KernelContext inner) : ContextWrapper(inner)
    {
        public Tensor? Output { get; private set; }

        public override Tensor Allocate(int port, DType dtype, Shape shape) => Output = Inner.Allocate(port, dtype, shape);
    }
}
