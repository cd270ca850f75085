using Decant.Ops.Text;
using Decant.Wire.Images;

namespace Decant.Ops.Images;

/// <summary>Height, width and channels of a JPEG file, int32 or int64 [3].</summary>
internal sealed class ExtractJpegShape() : Op("ExtractJpegShape"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, context.Attributes.Type("output_type"), new Shape(3));

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.Attributes.Type("output_type");
        return dtype is DType.Int32 or DType.Int64 ? Kernel.Of(context => Run(context, dtype)) : throw request.NoKernel($"for {dtype.Name()}");
    }

    private static void Run(KernelContext context, DType dtype)
    {
        if (context.StringInput(0) is not { ElementCount: 1 } contents)
            throw context.Fail($"has contents {context.Input(0)}, expected one string");
        (int height, int width, int channels) = JpegSize.Read(contents.Strings[0].Span);
        context.SetOutput(0, dtype == DType.Int32 ? Tensor.Wrap([height, width, channels]) : Tensor.Wrap([(long)height, width, channels]));
    }
}
