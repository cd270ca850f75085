using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>Layers that spread the values of images.</summary>
internal static class ContrastLayers
{
    private const int Values = 256, MostTiles = 4096;

    /// <summary>Each channel of an image, stretched so that it has the lowest and the highest of all values; a channel of one value stays.</summary>
    public static Value AutoContrast(LayerCall call)
    {
        if (call.Rank is not (3 or 4))
            throw call.Unsupported($"its input has {call.Rank} dimensions");
        Value given = CoreLayers.AsFloat(call, call.Input);
        Value x = ToBytes(call, given);
        // Keras takes these two axes wherever the channels are.
        Value axes = call.Ints(call.Rank - 3, call.Rank - 2);
        var keep = new AttributeMap { { "keep_dims", true } };
        Value low = call.Op("Min", x, axes, keep), high = call.Op("Max", x, axes, keep.Clone());
        Value scale = call.Op("RealDiv", call.Like(x, Values - 1), call.Op("Sub", high, low));
        x = call.Op("AddV2", call.Op("Mul", x, scale), call.Op("Mul", call.Op("Neg", low), scale));
        x = FromBytes(call, Clipped(call, x));
        return call.Op("SelectV2", call.Op("IsNan", x), given, x);
    }

    /// <summary>
    /// Each pixel's place in the histograms of the four tiles around it, weighted by how near these are. What a histogram has above a limit is
    /// spread over all of its values.
    /// </summary>
    public static Value LimitedEqualization(LayerCall call)
    {
        if (call.Rank is not (3 or 4))
            throw call.Unsupported($"its input has {call.Rank} dimensions");
        bool isOne = call.Rank == 3, first = call.IsChannelsFirst;
        Value x = isOne ? call.Op("ExpandDims", call.Input, call.Int(0)) : call.Input;
        if (first)
            x = call.Transpose(x, 0, 2, 3, 1);
        Shape shape = LayerGraph.ShapeOf(x);
        if (shape.Dims[1..].Contains(-1) || shape.ElementCount > int.MaxValue / Values)
            throw call.Unsupported("the size of its input is not known");
        Value y = Equalized(call, ToBytes(call, CoreLayers.AsFloat(call, x)), (int)shape[1], (int)shape[2], (int)shape[3]);
        y = call.Cast(FromBytes(call, y), LayerGraph.DTypeOf(call.Input));
        if (first)
            y = call.Transpose(y, 0, 3, 1, 2);
        return isOne ? call.Op("Squeeze", y, new AttributeMap { { "squeeze_dims", new ListAttr { Ints = [0] } } }) : y;
    }

    private static Value Equalized(LayerCall call, Value x, int height, int width, int channels)
    {
        int[] grid = call.Config.Ints("tile_grid_size", 2, 8);
        if (grid[0] < 1 || grid[1] < 1 || (long)grid[0] * grid[1] > MostTiles)
            throw call.Config.Bad("tile_grid_size", $"two numbers from 1 on, whose product is at most {MostTiles}");
        int rows = (height + grid[0] - 1) / grid[0], columns = (width + grid[1] - 1) / grid[1];
        Value ranks = Ranks(call, Whole(call, x, (rows * grid[0]) - height, (columns * grid[1]) - width), grid, rows, columns, channels);
        // Tiles at the edges count for what lies beyond them too.
        ranks = call.Op("GatherV2", call.Op("GatherV2", ranks, call.Ints(Edged(grid[0])), call.Int(1)), call.Ints(Edged(grid[1])), call.Int(2));
        int perRow = Values * channels * (grid[1] + 2), perImage = perRow * (grid[0] + 2);
        Value pixels = call.Cast(Clipped(call, x), DType.Int32);
        Value places = call.Op("AddV2", pixels, call.Graph.Const($"{call.Scope}/channels", Tensor.Wrap([.. Enumerable.Range(0, channels).Select(c => c * Values)])));
        Value images = call.Op("Mul", call.Op("Range", call.Int(0), call.Size(x, 0), call.Int(1)), call.Int(perImage));
        places = call.Op("AddV2", places, call.Op("Reshape", images, call.Ints(-1, 1, 1, 1)));
        Value flat = call.Reshape(ranks, -1);
        (int[] tops, float[] downs) = Between(height, rows, grid[0]);
        (int[] lefts, float[] rights) = Between(width, columns, grid[1]);
        Value right = call.Graph.Const($"{call.Scope}/right", Tensor.Wrap(rights, new Shape(1, width, 1))), down = call.Graph.Const($"{call.Scope}/down", Tensor.Wrap(downs, new Shape(height, 1, 1)));
        return Mixed(Row(0), Row(1), down);

        Value Row(int below) => Mixed(Of(below, 0), Of(below, 1), right);

        Value Of(int below, int beside)
        {
            int[] offsets = [.. tops.SelectMany(t => lefts.Select(l => (Math.Min(t + below, grid[0] + 1) * perRow) + (Math.Min(l + beside, grid[1] + 1) * Values * channels)))];
            return call.Op("GatherV2", flat, call.Op("AddV2", places, call.Graph.Const($"{call.Scope}/tiles", Tensor.Wrap(offsets, new Shape(height, width, 1)))), call.Int(0));
        }

        Value Mixed(Value a, Value b, Value share) => call.Op("AddV2", call.Op("Mul", a, call.Op("Sub", call.Like(share, 1), share)), call.Op("Mul", b, share));
    }

    // Which values of each tile have which rank: [batch, rows of tiles, tiles, channels, 256].
    private static Value Ranks(LayerCall call, Value x, int[] grid, int rows, int columns, int channels)
    {
        int pixels = rows * columns;
        Value tiles = call.Transpose(call.Reshape(x, -1, grid[0], rows, grid[1], columns, channels), 0, 1, 3, 5, 2, 4);
        Value counted = call.Cast(Clipped(call, call.Reshape(tiles, -1, pixels)), DType.Int32);
        Value counts = call.Op("DenseBincount", [counted, call.Int(Values), call.Graph.Const($"{call.Scope}/weights", Tensor.Wrap(Array.Empty<float>(), new Shape(0)))]);
        float limit = call.Config.Number("clip_limit", 4) * pixels / Values;
        var keep = new AttributeMap { { "keep_dims", true } };
        if (limit > 0)
        {
            Value most = call.Op("Minimum", counts, call.Like(counts, limit));
            Value rest = call.Op("Sum", call.Op("Sub", counts, most), call.Ints(-1), keep);
            counts = call.Op("AddV2", most, call.Op("Mul", rest, call.Like(rest, 1f / Values)));
        }

        Value sums = call.Op("Cumsum", counts, call.Int(-1)), least = call.Op("Min", sums, call.Ints(-1), keep.Clone());
        Value range = call.Op("Sub", call.Like(least, pixels), least);
        range = call.Op("SelectV2", call.Op("Equal", range, call.Like(range, 0)), call.Like(range, 1), range);
        Value ranks = Clipped(call, call.Op("RealDiv", call.Op("Mul", call.Op("Sub", sums, least), call.Like(sums, Values - 1)), range));
        return call.Reshape(ranks, -1, grid[0], grid[1], channels, Values);
    }

    // The images, reflected at their ends to a whole number of tiles.
    private static Value Whole(LayerCall call, Value x, int down, int right)
    {
        if (down == 0 && right == 0)
            return x;
        Value paddings = call.Graph.Const($"{call.Scope}/paddings", Tensor.Wrap([0, 0, 0, down, 0, right, 0, 0], new Shape(4, 2)));
        return call.Op("MirrorPad", x, paddings, new AttributeMap { { "mode", "SYMMETRIC" } });
    }

    // The tile before each pixel, with one more at each end, and how far the pixel is on the way to the next.
    private static (int[] Tiles, float[] Shares) Between(int size, int tile, int count)
    {
        float[] places = [.. Enumerable.Range(0, size).Select(i => ((i - (tile / 2f)) / tile) + 1)];
        return ([.. places.Select(p => Math.Clamp((int)MathF.Floor(p), 0, count + 1))], [.. places.Select(p => p - MathF.Floor(p))]);
    }

    private static int[] Edged(int count) => [0, .. Enumerable.Range(0, count), count - 1];

    private static Value Clipped(LayerCall call, Value x) => call.Op("Minimum", call.Op("Maximum", x, call.Like(x, 0)), call.Like(x, Values - 1));

    private static Value ToBytes(LayerCall call, Value x)
    {
        (float low, float high) = Range(call);
        return low == 0 && high == Values - 1 ? x : call.Op("Mul", call.Op("RealDiv", call.Op("Sub", x, call.Like(x, low)), call.Like(x, high - low)), call.Like(x, Values - 1));
    }

    private static Value FromBytes(LayerCall call, Value x)
    {
        (float low, float high) = Range(call);
        return low == 0 && high == Values - 1 ? x : call.Op("AddV2", call.Op("Mul", call.Op("RealDiv", x, call.Like(x, Values - 1)), call.Like(x, high - low)), call.Like(x, low));
    }

    private static (float Low, float High) Range(LayerCall call)
    {
        if (call.Config.Find("value_range") is not { ValueKind: not System.Text.Json.JsonValueKind.Null } range)
            return (0, Values - 1);
        return JsonNumbers.Read(range) is { Values: [var low, var high] } ? ((float)low, (float)high) : throw call.Config.Bad("value_range", "two numbers");
    }
}
