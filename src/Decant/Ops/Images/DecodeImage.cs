using Decant.IR;
using Decant.Wire.Images;

namespace Decant.Ops.Images;

/// <summary>
/// Decodes a JPEG, PNG, GIF or BMP file, whichever it is, to [height, width, channels] (an animation to [frames, height, width, 3], by
/// <c>DecodeGif</c> always so). <c>channels</c> 0 takes the file's own. uint16 has the full 16 bits of a PNG, other files times 256; float32 is
/// in [0, 1]. <c>dct_method</c> is a hint; the transform is always the accurate one.
/// </summary>
internal sealed class DecodeImage(string name) : Op(name), IInfersFacts, IHasKernel
{
    private bool GivesFrames => Name.Name == "DecodeGif";

    public void Infer(InferenceContext context)
    {
        NodeAttributes attributes = context.Attributes;
        long channels = GivesFrames ? 3 : Channels(attributes, context.Node) is > 0 and int given ? given : Shape.UnknownDimension;
        bool mayAnimate = Name.Name == "DecodeImage" && attributes.Bool("expand_animations");
        Shape image = new(Shape.UnknownDimension, Shape.UnknownDimension, channels);
        context.Set(0, Type(attributes), mayAnimate ? Shape.Unknown : GivesFrames ? new Shape(Shape.UnknownDimension, Shape.UnknownDimension, Shape.UnknownDimension, 3) : image);
    }

    public Kernel Prepare(KernelRequest request)
    {
        NodeAttributes attributes = request.Attributes;
        int channels = GivesFrames ? 3 : Channels(attributes, request.Node);
        bool fancy = !attributes.Has("fancy_upscaling") || attributes.Bool("fancy_upscaling");
        if (attributes.Has("ratio") && attributes.Int("ratio") != 1)
            throw request.NoKernel($"for ratio {attributes.Int("ratio")}, expected 1");
        if (attributes.Has("dct_method") && attributes.String("dct_method") is not ("" or "INTEGER_ACCURATE" or "INTEGER_FAST"))
            throw GraphErrors.BadAttribute.At(request.Node.At("dct_method"), $"is '{attributes.String("dct_method")}', expected INTEGER_ACCURATE, INTEGER_FAST or nothing");
        bool animates = GivesFrames || (Name.Name == "DecodeImage" && attributes.Bool("expand_animations"));
        DType dtype = Type(attributes);
        return dtype is DType.UInt8 or DType.UInt16 or DType.Float32
            ? Kernel.Of(context => Run(context, channels, fancy, animates, dtype))
            : throw request.NoKernel($"for {dtype.Name()}");
    }

    private static int Channels(NodeAttributes attributes, Node node)
    {
        long channels = attributes.Has("channels") ? attributes.Int("channels") : 0;
        return channels is 0 or 1 or 3 or 4 ? (int)channels : throw GraphErrors.BadAttribute.At(node.At("channels"), $"is {channels}, expected 0, 1, 3 or 4");
    }

    private static DType Type(NodeAttributes attributes) => attributes.Has("dtype") ? attributes.Type("dtype") : DType.UInt8;

    private void Run(KernelContext context, int channels, bool fancy, bool animates, DType dtype)
    {
        if (context.Input(0).ElementCount != 1)
            throw context.Fail($"has contents {context.Input(0)}, expected one string");
        ReadOnlySpan<byte> file = context.Input(0).Strings[0].Span;
        string? format = ImageFile.Recognize(file);
        Raster image = format == "jpeg" ? JpegReader.Read(file, channels, fancy) : ImageFile.Read(file, channels);
        int frames = animates ? image.Frames : 1;
        Shape size = new(image.Height, image.Width, image.Channels);
        Shape shape = GivesFrames || (animates && format == "gif") ? new Shape([frames, .. size.Dims]) : size;
        ReadOnlySpan<ushort> samples = image.Samples.AsSpan(0, (int)shape.ElementCount);
        switch (dtype)
        {
            case DType.UInt8:
                Span<byte> bytes = context.Output<byte>(0, shape);
                for (int i = 0; i < bytes.Length; i++)
                    bytes[i] = (byte)(image.IsWide ? samples[i] >> 8 : samples[i]);
                break;
            case DType.UInt16:
                int widening = image.IsWide ? 1 : format == "png" ? 257 : 256;
                Span<ushort> words = context.Output<ushort>(0, shape);
                for (int i = 0; i < words.Length; i++)
                    words[i] = (ushort)(samples[i] * widening);
                break;
            default:
                float scale = 1f / (image.IsWide ? ushort.MaxValue : byte.MaxValue);
                Span<float> floats = context.Output<float>(0, shape);
                for (int i = 0; i < floats.Length; i++)
                    floats[i] = samples[i] * scale;
                break;
        }
    }
}
