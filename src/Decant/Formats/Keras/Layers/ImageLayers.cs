using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>Layers that cut and scale images.</summary>
internal static class ImageLayers
{
    /// <summary>The middle of an image; one that is smaller is scaled so that it fills the size, and then cut.</summary>
    public static Value CenterCrop(LayerCall call) => Cropped(call, call.Config.Int("height"), call.Config.Int("width"));

    public static Value Resizing(LayerCall call)
    {
        int height = call.Config.Int("height"), width = call.Config.Int("width");
        if (call.Config.Flag("pad_to_aspect_ratio", false))
            return Resized(call, Padded(call, ChannelsLast(call), height, width), height, width);
        if (!call.Config.Flag("crop_to_aspect_ratio", false))
            return Resized(call, ChannelsLast(call), height, width);
        return Filling(call, ChannelsLast(call), height, width);
    }

    /// <summary>
    /// Outside of training, the largest part of the wanted form, scaled. Keras 3.6 and 3.7 cut the size itself out of that part's corner, and later ones leave
    /// images as they are.
    /// </summary>
    public static Value RandomCrop(LayerCall call)
    {
        Version version = call.Config.KerasVersion;
        if (version >= new Version(3, 8))
            return call.Input;
        Value x = CoreLayers.AsFloat(call, ChannelsLast(call));
        int height = call.Config.Int("height"), width = call.Config.Int("width");
        if (version < new Version(3, 6))
            return Filling(call, x, height, width);
        (long rows, long columns, int high, int wide) = Largest(call, x, height, width);
        int top = (int)((rows - high) / 2), left = (int)((columns - wide) / 2);
        Value part = Part(call, x, top, left, (int)Math.Min(height, rows - top), (int)Math.Min(width, columns - left));
        return LayerGraph.ShapeOf(part) is var shape && shape[-3] == height && shape[-2] == width ? part : Resized(call, part, height, width);
    }

    private static Value Cropped(LayerCall call, int height, int width)
    {
        Value x = ChannelsLast(call);
        (long rows, long columns) = Sizes(call, x);
        if (rows < height || columns < width)
            return Filling(call, x, height, width);
        return Middle(call, CoreLayers.AsFloat(call, x), rows, columns, height, width);
    }

    // The largest part of the wanted form, from the middle, scaled.
    private static Value Filling(LayerCall call, Value x, int height, int width)
    {
        (long rows, long columns, int high, int wide) = Largest(call, x, height, width);
        return Resized(call, Middle(call, x, rows, columns, high, wide), height, width);
    }

    private static (long Rows, long Columns, int Height, int Width) Largest(LayerCall call, Value x, int height, int width)
    {
        (long rows, long columns) = Sizes(call, x);
        long high = Math.Min(rows, columns * height / Math.Max(1, width)), wide = Math.Min(columns, rows * width / Math.Max(1, height));
        return (rows, columns, (int)Math.Max(1, high), (int)Math.Max(1, wide));
    }

    /// <summary>The image in the middle of one of the wanted form. Keras pads both sides alike, by half of what is missing, rounded down.</summary>
    private static Value Padded(LayerCall call, Value x, int height, int width)
    {
        if (call.Config.Text("fill_mode", "constant") is var mode && mode != "constant")
            throw call.Unsupported($"its fill_mode is '{mode}'");
        (long rows, long columns) = Sizes(call, x);
        int rank = LayerGraph.ShapeOf(x).Rank, top = (int)(Missing(rows, columns, height, width) / 2), left = (int)(Missing(columns, rows, width, height) / 2);
        if (top == 0 && left == 0)
            return x;
        int[] padding = new int[rank * 2];
        (padding[(rank - 3) * 2], padding[((rank - 3) * 2) + 1], padding[(rank - 2) * 2], padding[((rank - 2) * 2) + 1]) = (top, top, left, left);
        return call.Op("PadV2", x, call.Graph.Const($"{call.Scope}/paddings", Tensor.Wrap(padding, new Shape(rank, 2))), call.Like(x, call.Config.Number("fill_value", 0)));

        static long Missing(long size, long other, int wanted, int otherWanted) => otherWanted < 1 ? 0 : Math.Max(0, (long)((float)(other * wanted) / otherWanted) - size);
    }

    private static Value Middle(LayerCall call, Value x, long rows, long columns, int height, int width) =>
        rows == height && columns == width ? x : Part(call, x, (int)((rows - height) / 2), (int)((columns - width) / 2), height, width);

    private static Value Part(LayerCall call, Value x, int top, int left, int height, int width)
    {
        int rank = LayerGraph.ShapeOf(x).Rank;
        int[] from = new int[rank], size = [.. Enumerable.Repeat(-1, rank)];
        (from[rank - 3], from[rank - 2], size[rank - 3], size[rank - 2]) = (top, left, height, width);
        return call.Op("Slice", x, call.Ints(from), call.Ints(size));
    }

    private static Value Resized(LayerCall call, Value x, int height, int width)
    {
        bool isOne = LayerGraph.ShapeOf(x).Rank == 3;
        Value images = isOne ? call.Op("ExpandDims", x, call.Int(0)) : x;
        Value y = CoreLayers.AsFloat(call, Interpolation.Resize(call, images, call.Ints(height, width), call.Config.Text("interpolation", "bilinear"), call.Config.Flag("antialias", false)));
        return isOne ? call.Op("Squeeze", y, new AttributeMap { { "squeeze_dims", new ListAttr { Ints = [0] } } }) : y;
    }

    private static Value ChannelsLast(LayerCall call) =>
        call.IsChannelsFirst ? throw call.Unsupported("its channels come first") : call.Rank is 3 or 4 ? call.Input : throw call.Unsupported($"its input has {call.Rank} dimensions");

    private static (long Rows, long Columns) Sizes(LayerCall call, Value x)
    {
        Shape shape = LayerGraph.ShapeOf(x);
        return shape[-3] >= 0 && shape[-2] >= 0 ? (shape[-3], shape[-2]) : throw call.Unsupported("the size of its input is not known");
    }
}
