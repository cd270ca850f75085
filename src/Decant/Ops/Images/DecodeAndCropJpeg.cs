using Decant.IR;
using Decant.Ops.Text;
using Decant.Wire.Images;

namespace Decant.Ops.Images;

/// <summary>The part of a JPEG that <c>crop_window</c> (input 1: y, x, height, width) says, uint8 [height, width, channels].</summary>
internal sealed class DecodeAndCropJpeg() : Op("DecodeAndCropJpeg"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        int channels = Channels(context.Node);
        long[] window = context.ConstantInts(1) is { } given ? given.Length == 4 ? given : throw context.Fail($"has a crop window of {given.Length} numbers, expected 4") : [0, 0, -1, -1];
        context.Set(0, DType.UInt8, new Shape(Math.Max(window[2], -1), Math.Max(window[3], -1), channels == 0 ? Shape.UnknownDimension : channels));
    }

    public Kernel Prepare(KernelRequest request)
    {
        NodeAttributes attributes = request.Attributes;
        (int channels, bool fancy) = (Channels(request.Node), attributes.Bool("fancy_upscaling"));
        if (attributes.Int("ratio") != 1)
            throw request.NoKernel($"for ratio {attributes.Int("ratio")}, expected 1");
        if (attributes.String("dct_method") is not ("" or "INTEGER_ACCURATE" or "INTEGER_FAST") and var method)
            throw GraphErrors.BadAttribute.At(request.Node.At("dct_method"), $"is '{method}', expected INTEGER_ACCURATE, INTEGER_FAST or nothing");
        return Kernel.Of(context => Run(context, channels, fancy));
    }

    private static int Channels(Node node)
    {
        long channels = new NodeAttributes(node).Int("channels");
        return channels is 0 or 1 or 3 ? (int)channels : throw GraphErrors.BadAttribute.At(node.At("channels"), $"is {channels}, expected 0, 1 or 3");
    }

    private static void Run(KernelContext context, int channels, bool fancy)
    {
        if (context.StringInput(0) is not { ElementCount: 1 } contents)
            throw context.Fail($"has contents {context.Input(0)}, expected one string");
        Raster image = JpegReader.Read(contents.Strings[0].Span, channels, fancy);
        if (context.Ints(1) is not [var y, var x, > 0 and var height, > 0 and var width] || y < 0 || x < 0 || height > image.Height - y || width > image.Width - x)
            throw context.Fail($"has the crop window [{string.Join(',', context.Ints(1))}], expected y, x, height, width inside of {image.Height} x {image.Width} pixels");
        Span<byte> to = context.Output<byte>(0, new Shape(height, width, image.Channels));
        int run = (int)width * image.Channels;
        for (int row = 0; row < height; row++)
        {
            ReadOnlySpan<ushort> from = image.Samples.AsSpan((((int)y + row) * image.Width * image.Channels) + ((int)x * image.Channels), run);
            for (int i = 0; i < run; i++)
                to[(row * run) + i] = (byte)from[i];
        }
    }
}
