using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>Images in another size, by the methods of <c>tf.image.resize</c>.</summary>
internal static class Interpolation
{
    /// <summary>Images [batch, new height, new width, channels]; float32 but for the nearest pixels, which keep their type.</summary>
    /// <param name="call">The layer.</param>
    /// <param name="images">[batch, height, width, channels].</param>
    /// <param name="size">The new height and width, int32.</param>
    /// <param name="method">The name of the method.</param>
    /// <param name="antialias">Whether what shrinks is made of all pixels that lie under one of the result.</param>
    /// <exception cref="ModelException">There is no such method.</exception>
    public static Value Resize(LayerCall call, Value images, Value size, string method, bool antialias = false)
    {
        var halfPixels = new AttributeMap { { "half_pixel_centers", true } };
        switch (method)
        {
            case "nearest":
                return call.Op("ResizeNearestNeighbor", images, size, halfPixels);
            case "area":
                return call.Op("ResizeArea", images, size);
            case "bilinear" when !antialias:
                return call.Op("ResizeBilinear", images, size, halfPixels);
            case "bicubic" when !antialias:
                return call.Op("ResizeBicubic", images, size, halfPixels);
        }

        string kernel = method switch
        {
            "bilinear" => "triangle",
            "bicubic" => "keyscubic",
            "lanczos3" or "lanczos5" or "gaussian" or "mitchellcubic" => method,
            _ => throw call.Unsupported($"its interpolation is '{method}'"),
        };
        Value before = call.Op("Pack", [call.Size(images, 1), call.Size(images, 2)]);
        Value scale = call.Op("RealDiv", call.Cast(size, DType.Float32), call.Cast(before, DType.Float32));
        return call.Op("ScaleAndTranslate", [images, size, scale, call.Graph.Const($"{call.Scope}/translation", Tensor.Wrap(new float[2]))], new AttributeMap { { "kernel_type", kernel }, { "antialias", antialias } });
    }
}
