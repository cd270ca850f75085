using Decant.IR;

namespace Decant.Formats.Keras.Layers.Operations;

/// <summary>Operations that divide images into patches, and put them together again.</summary>
internal static class PatchOperations
{
    public static IReadOnlyList<OperationRow> All { get; } =
    [
        new("ExtractPatches", "images/x,size,strides,dilation_rate,padding,data_format", c => [Extract(c)]),
        new("ReconstructPatches", "patches/x,size,output_size,strides,padding,data_format", c => [Reconstruct(c)]),
    ];

    /// <summary>Each patch as the channels of one pixel: row by row, column by column, channel by channel.</summary>
    private static Value Extract(OperationCall c)
    {
        Value x = c.Tensor("images");
        int[] size = Sizes(c), strides = c.Ints("strides") ?? size, rates = c.Ints("dilation_rate") ?? [1];
        if (LayerGraph.ShapeOf(x) is not { HasRank: true, Rank: 4 } || size.Length != 2 || c.Text("data_format", "channels_last") != "channels_last")
            throw c.Call.Unsupported($"its input has the shape {LayerGraph.ShapeOf(x)}, expected [batch,height,width,channels], and a size of two numbers");
        return c.Call.Op("ExtractImagePatches", x, new AttributeMap
        {
            { "ksizes", ConvolutionLayers.Whole(size) }, { "strides", ConvolutionLayers.Whole(Two(strides)) }, { "rates", ConvolutionLayers.Whole(Two(rates)) }, { "padding", c.Text("padding", "valid").ToUpperInvariant() },
        });
    }

    /// <summary>Images of patches that do not overlap; what <c>same</c> padded around them is cut off.</summary>
    private static Value Reconstruct(OperationCall c)
    {
        Value x = c.Tensor("patches");
        int[] size = Sizes(c), wanted = c.Ints("output_size") ?? throw c.Bad("output_size", "the size of the images");
        int dims = size.Length;
        Shape shape = LayerGraph.ShapeOf(x);
        if (dims is not (2 or 3) || wanted.Length != dims || !shape.HasRank || shape.Rank != dims + 2 || shape.Dims[1..].Contains(-1) || c.Text("data_format", "channels_last") != "channels_last")
            throw c.Call.Unsupported($"its input has the shape {shape}, expected a batch, {dims} known sizes and channels");
        int[] grid = [.. shape.Dims[1..^1].ToArray().Select(d => (int)d)], strides = c.Ints("strides") ?? size;
        int pixels = size.Aggregate(1, (n, s) => n * Math.Max(1, s));
        if (!(strides.Length == 1 ? [.. Enumerable.Repeat(strides[0], dims)] : strides).AsSpan().SequenceEqual(size) || size.Any(s => s < 1) || shape[-1] % pixels != 0)
            throw c.Call.Unsupported("its patches overlap, or their channels are not those of whole patches");
        // [b, rows of patches, patches, rows, columns, channels] to [b, rows of patches, rows, patches, columns, channels].
        Value parts = c.Call.Reshape(x, [-1, .. grid, .. size, (int)shape[-1] / pixels]);
        Value whole = c.Call.Reshape(c.Call.Transpose(parts, [0, .. Enumerable.Range(1, dims).SelectMany(d => new[] { d, d + dims }), (2 * dims) + 1]), [-1, .. grid.Zip(size, (g, s) => g * s), (int)shape[-1] / pixels]);
        int[] extra = [.. grid.Zip(size, (g, s) => g * s).Zip(wanted, (have, want) => have - want)];
        if (extra.All(e => e == 0))
            return whole;
        if (c.Text("padding", "valid") != "same" || extra.Zip(size).Any(e => e.First < 0 || e.First >= e.Second))
            throw c.Bad("output_size", $"the size of the patches together, [{string.Join(',', grid.Zip(size, (g, s) => g * s))}]");
        return c.Call.Op("Slice", whole, c.Call.Ints([0, .. extra.Select(e => e / 2), 0]), c.Call.Ints([-1, .. wanted, -1]));
    }

    private static int[] Sizes(OperationCall c) => c.Ints("size") switch { [var one] => [one, one], { } more => more, _ => throw c.Bad("size", "the size of a patch") };

    private static int[] Two(int[] numbers) => numbers.Length == 1 ? [numbers[0], numbers[0]] : numbers;
}
