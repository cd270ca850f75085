using Decant.IR;
using Decant.Kernels.Resize;

namespace Decant.Ops.Images;

/// <summary>The sizes of ops that make images [batch, height, width, channels] of another height and width.</summary>
internal static class ImageShape
{
    /// <summary>The shape of images of which an input gives height and width.</summary>
    public static Shape Infer(InferenceContext context, int sizeInput)
    {
        Shape images = Ranked(context.Node, context.Shape(0));
        long[] size = context.ConstantInts(sizeInput) ?? [Shape.UnknownDimension, Shape.UnknownDimension];
        return size.Length == 2 ? new Shape(images[0], size[0], size[1], images[3]) : throw context.Fail($"has {size.Length} sizes, expected height and width");
    }

    /// <summary>Height and width that an input gives, both positive.</summary>
    public static (int Height, int Width) Size(KernelContext context, int sizeInput)
    {
        long[] size = context.Ints(sizeInput);
        return size is [> 0 and <= int.MaxValue, > 0 and <= int.MaxValue] ? ((int)size[0], (int)size[1])
            : throw context.Fail($"has the size [{string.Join(',', size)}], expected a positive height and width");
    }

    /// <summary>The geometry of resizing input 0 to a size, by the attributes that say where pixel centres lie.</summary>
    public static ResizeGeometry Geometry(KernelContext context, Shape images, int height, int width)
    {
        var attributes = new NodeAttributes(context.Node);
        bool alignCorners = attributes.Has("align_corners") && attributes.Bool("align_corners");
        bool halfPixels = attributes.Has("half_pixel_centers") && attributes.Bool("half_pixel_centers");
        if (alignCorners && halfPixels)
            throw context.Fail("has both align_corners and half_pixel_centers, expected one of them at most");
        if (images[1] == 0 || images[2] == 0 || images[1] > int.MaxValue || images[2] > int.MaxValue || images[0] > int.MaxValue || images[3] > int.MaxValue)
            throw context.Fail($"has images of shape {images}, expected a height and width above 0 and dimensions up to {int.MaxValue}");
        return new ResizeGeometry((int)images[0], (int)images[1], (int)images[2], height, width, (int)images[3], alignCorners, halfPixels);
    }

    /// <summary>The geometry of resizing input 0 to the size that an input gives, derived once for the same ones.</summary>
    public static Resizing Resizing(KernelContext context, int sizeInput) => context.Derived(sizeInput, static (input, c) =>
    {
        Shape images = Ranked(c.Node, c.Shape(0));
        (int height, int width) = Size(c, input);
        return new Resizing(Geometry(c, images, height, width), new Shape(images[0], height, width, images[3]));
    }, values: 1u << sizeInput);

    /// <summary>A shape of rank 4.</summary>
    public static Shape Ranked(Node node, Shape images) =>
        !images.HasRank ? Shape.OfRank(4)
            : images.Rank == 4 ? images
            : throw OpErrors.BadInput.At(node.At(), $"has images of shape {images}, expected [batch,height,width,channels]");
}

/// <summary>How images are resized, and the shape of the result.</summary>
internal sealed record Resizing(ResizeGeometry Geometry, Shape Output);
