using Decant.IR;
using Decant.Ops.Sampling;

namespace Decant.Ops.Images;

/// <summary>
/// A random crop of an image (input 0: height, width, channels) that covers enough of one of the boxes (input 1: [batch, boxes, 4] of
/// y, x, y, x in [0, 1]); the whole image when no attempt does. Gives begin and size for Slice, and the crop as a box [1, 1, 4]. The numbers are drawn as
/// TensorFlow draws them.
/// </summary>
internal sealed class SampleDistortedBoundingBox(string name) : Op(name), IInfersFacts, IHasKernel
{
    private const ulong CallsPerAttempt = 4;

    public void Infer(InferenceContext context)
    {
        context.Set(0, context.Input(0).DType, new Shape(3));
        context.Set(1, context.Input(0).DType, new Shape(3));
        context.Set(2, DType.Float32, new Shape(1, 1, 4));
    }

    public Kernel Prepare(KernelRequest request)
    {
        NodeAttributes attributes = request.Attributes;
        DType dtype = request.ElementType();
        if (dtype is not (DType.UInt8 or DType.Int8 or DType.Int16 or DType.Int32 or DType.Int64))
            throw request.NoKernel($"for {dtype.Name()}");
        IReadOnlyList<float> ratios = attributes.Floats("aspect_ratio_range"), areas = attributes.Floats("area_range");
        if (ratios is not [> 0, > 0])
            throw GraphErrors.BadAttribute.At(request.Node.At("aspect_ratio_range"), $"is [{string.Join(',', ratios)}], expected two positive numbers");
        if (areas is not [> 0 and <= 1, > 0 and <= 1])
            throw GraphErrors.BadAttribute.At(request.Node.At("area_range"), $"is [{string.Join(',', areas)}], expected two numbers above 0 and up to 1");
        long attempts = attributes.Int("max_attempts");
        if (attempts is < 1 or > int.MaxValue)
            throw GraphErrors.BadAttribute.At(request.Node.At("max_attempts"), $"is {attempts}, expected a positive int32");
        float? covered = Name.Name == "SampleDistortedBoundingBox" ? attributes.Float("min_object_covered") : null;
        var crops = new CropSampler((ratios[0], ratios[1]), (areas[0], areas[1]), (int)attempts);
        return Kernel.Of(context => Run(context, crops, covered, attributes.Bool("use_image_if_no_bounding_boxes"), dtype));
    }

    private void Run(KernelContext context, CropSampler crops, float? covered, bool takesImage, DType dtype)
    {
        if (context.Ints(0) is not [>= 0 and <= int.MaxValue and var height, >= 0 and <= int.MaxValue and var width, _])
            throw context.Fail($"has the image size [{string.Join(',', context.Ints(0))}], expected height, width and channels");
        float least = covered ?? (context.Input(2) is { DType: DType.Float32, ElementCount: 1 } given ? given.Span<float>()[0] : throw context.Fail($"input 2 is {context.Input(2)}, expected one float32"));
        if (!(least >= 0))
            throw context.Fail($"has min_object_covered {least}, expected a number that is not negative");
        PixelBox image = new(0, 0, (int)width, (int)height);
        List<PixelBox> boxes = Boxes(context, image);
        if (boxes.Count == 0)
            boxes.Add(takesImage ? image : throw context.Fail("has no bounding boxes, expected one at least", "set use_image_if_no_bounding_boxes to take the whole image"));
        Philox generator = Name.Name == "StatelessSampleDistortedBoundingBox" ? context.Stateless(3) : context.Generator().Reserve((ulong)crops.Attempts * CallsPerAttempt);
        PixelBox crop = crops.Sample(image, boxes, least, new PhiloxWords(generator)) ?? image;
        context.SetOutput(0, Integers(dtype, crop.Top, crop.Left, 0));
        context.SetOutput(1, Integers(dtype, crop.Height, crop.Width, -1));
        Span<float> box = context.Output<float>(2, new Shape(1, 1, 4));
        (box[0], box[1], box[2], box[3]) = (crop.Top / (float)height, crop.Left / (float)width, crop.Bottom / (float)height, crop.Right / (float)width);
    }

    private static List<PixelBox> Boxes(KernelContext context, PixelBox image)
    {
        Tensor input = context.Input(1);
        if (input.DType != DType.Float32 || input.Shape.Rank != 3 || input.Shape[2] != 4)
            throw context.Fail($"input 1 is {input}, expected float32[batch,boxes,4]");
        ReadOnlySpan<float> corners = input.Span<float>();
        List<PixelBox> boxes = [];
        for (int i = 0; i < corners.Length; i += 4)
        {
            foreach (float corner in corners.Slice(i, 4))
            {
                if (!(corner is >= 0 and <= 1))
                    throw context.Fail($"has a box with the coordinate {corner}, expected 0 to 1");
            }

            boxes.Add(new PixelBox((int)(corners[i + 1] * image.Width), (int)(corners[i] * image.Height), (int)(corners[i + 3] * image.Width), (int)(corners[i + 2] * image.Height)));
        }

        return boxes;
    }

    private static Tensor Integers(DType dtype, int first, int second, int third) => dtype switch
    {
        DType.UInt8 => Tensor.Wrap([(byte)first, (byte)second, (byte)third]),
        DType.Int8 => Tensor.Wrap([(sbyte)first, (sbyte)second, (sbyte)third]),
        DType.Int16 => Tensor.Wrap([(short)first, (short)second, (short)third]),
        DType.Int32 => Tensor.Wrap([first, second, third]),
        _ => Tensor.Wrap([first, second, (long)third]),
    };
}
