using Decant.IR;
using Decant.Wire.Images;

namespace Decant.Ops.Images;

/// <summary>
/// An image [height, width, 1 or 3] of uint8 to a baseline JPEG file; <c>progressive</c> and <c>optimize_size</c> change nothing. Of
/// <c>EncodeJpegVariableQuality</c>, the quality is input 1.
/// </summary>
internal sealed class EncodeJpeg(string name) : Op(name), IInfersFacts, IHasKernel
{
    private bool QualityIsInput => Name.Name == "EncodeJpegVariableQuality";

    public void Infer(InferenceContext context)
    {
        Shape image = context.Shape(0);
        context.Set(0, DType.String, !image.HasRank || image.Rank == 3 ? Shape.Scalar : throw context.Fail($"has an image of shape {image}, expected [height,width,channels]"));
    }

    public Kernel Prepare(KernelRequest request)
    {
        if (QualityIsInput)
            return Kernel.Of(static context => Run(context, "", new JpegSettings((int)Math.Clamp(context.Int(1), -1, 101), Subsamples: true)));
        NodeAttributes attributes = request.Attributes;
        string format = attributes.String("format");
        if (format is not ("" or "grayscale" or "rgb"))
            throw GraphErrors.BadAttribute.At(request.Node.At("format"), $"is '{format}', expected grayscale, rgb or nothing");
        string unit = attributes.String("density_unit");
        if (unit is not ("in" or "cm"))
            throw GraphErrors.BadAttribute.At(request.Node.At("density_unit"), $"is '{unit}', expected in or cm");
        var settings = new JpegSettings(
            (int)Math.Clamp(attributes.Int("quality"), -1, 101),
            attributes.Bool("chroma_downsampling"),
            (byte)(unit == "in" ? 1 : 2),
            (ushort)Math.Clamp(attributes.Int("x_density"), 0, ushort.MaxValue),
            (ushort)Math.Clamp(attributes.Int("y_density"), 0, ushort.MaxValue),
            attributes.Bytes("xmp_metadata"));
        return Kernel.Of(context => Run(context, format, settings));
    }

    private static void Run(KernelContext context, string format, JpegSettings settings)
    {
        Tensor image = context.Input(0);
        Shape shape = image.Shape;
        if (image.DType != DType.UInt8 || shape.Rank != 3 || shape[2] is not (1 or 3) || shape[0] is < 1 or > ushort.MaxValue || shape[1] is < 1 or > ushort.MaxValue)
            throw context.Fail($"has an image {image}, expected uint8[height,width,1 or 3], at most {ushort.MaxValue} high and wide");
        if ((format == "grayscale" && shape[2] != 1) || (format == "rgb" && shape[2] != 3))
            throw context.Fail($"has an image of {shape[2]} channels for the format {format}");
        if (settings.Quality is < 0 or > 100)
            throw context.Fail($"has the quality {settings.Quality}, expected 0 to 100");
        ushort[] samples = new ushort[Raster.Count(1, shape[0], shape[1], (int)shape[2])];
        ReadOnlySpan<byte> bytes = image.Span<byte>();
        for (int i = 0; i < samples.Length; i++)
            samples[i] = bytes[i];
        byte[] file = JpegWriter.Write(new Raster(1, (int)shape[0], (int)shape[1], (int)shape[2], samples), settings);
        context.SetOutput(0, new Tensor(Shape.Scalar, [file]));
    }
}
