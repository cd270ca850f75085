using Decant.IR;

namespace Decant.Formats.Keras.Layers;

internal static class PoolingLayers
{
    private const int MostPlaces = 10_000_000;

    public static Value Pool(LayerCall call, int dims, bool isMax)
    {
        int[] sizes = call.Config.Ints("pool_size", dims, 2);
        int[] strides = call.Config.Find("strides") is { ValueKind: not System.Text.Json.JsonValueKind.Null } || call.Config.Find("stride") is not null ? call.Config.Ints("strides", dims) : sizes;
        Value x = call.IsChannelsFirst ? call.Transpose(call.Input, [0, .. Enumerable.Range(2, dims), 1]) : call.Input;
        if (dims == 1)
            x = call.Op("ExpandDims", x, call.Int(1));
        string op = (isMax ? "MaxPool" : "AvgPool") + (dims == 3 ? "3D" : "");
        Value y = call.Op(op, x, new AttributeMap
        {
            { "ksize", ConvolutionLayers.Whole(sizes) }, { "strides", ConvolutionLayers.Whole(strides) }, { "padding", call.Config.Text("padding", "valid").ToUpperInvariant() },
        });
        if (dims == 1)
            y = call.Op("Squeeze", y, new AttributeMap { { "squeeze_dims", new ListAttr { Ints = [1] } } });
        return call.IsChannelsFirst ? call.Transpose(y, [0, dims + 1, .. Enumerable.Range(1, dims)]) : y;
    }

    /// <summary>Windows that divide each dimension as evenly as can be: of n, window i goes from floor(i size / n) to ceil((i + 1) size / n).</summary>
    public static Value Adaptive(LayerCall call, int dims, bool isMax)
    {
        if (call.Rank != dims + 2)
            throw KerasErrors.BadConfig.At(call.Config.Location(), $"its input has {call.Rank} dimensions, expected {dims + 2}");
        int start = call.IsChannelsFirst ? 2 : 1;
        int[] counts = call.Config.Ints("output_size", dims);
        Value x = call.Input;
        for (int d = 0; d < dims; d++)
        {
            long size = call.Shape[start + d];
            if (size is < 1 or > MostPlaces)
                throw call.Unsupported("the size of its input is not known");
            if (counts[d] < 1 || (long)counts[d] * ((size / counts[d]) + 2) > MostPlaces)
                throw call.Config.Bad("output_size", "sizes from 1 on");
            x = Windows(call, x, start + d, (int)size, counts[d], isMax);
        }

        return x;
    }

    private static Value Windows(LayerCall call, Value x, int axis, int size, int count, bool isMax)
    {
        if (count == size)
            return x;
        (int From, int Length)[] windows = [.. Enumerable.Range(0, count).Select(i => (From: (int)((long)i * size / count), To: (int)((((i + 1L) * size) + count - 1) / count))).Select(w => (w.From, w.To - w.From))];
        int longest = windows.Max(w => w.Length);
        // A window that is shorter repeats its last place, which then weighs nothing.
        int[] places = [.. windows.SelectMany(w => Enumerable.Range(0, longest).Select(i => w.From + Math.Min(i, w.Length - 1)))];
        Value parts = call.Op("GatherV2", x, call.Graph.Const($"{call.Scope}/places", Tensor.Wrap(places, new Shape(count, longest))), call.Int(axis));
        if (isMax)
            return call.Op("Max", parts, call.Ints(axis + 1));
        if (windows.All(w => w.Length == longest))
            return call.Op("Mean", parts, call.Ints(axis + 1));
        float[] shares = [.. windows.SelectMany(w => Enumerable.Range(0, longest).Select(i => i < w.Length ? 1f / w.Length : 0))];
        Value weights = call.Graph.Const($"{call.Scope}/shares", Tensor.Wrap(shares, new Shape([count, longest, .. Enumerable.Repeat(1L, call.Rank - 1 - axis)])));
        return call.Op("Sum", call.Op("Mul", parts, call.Cast(weights, LayerGraph.DTypeOf(x))), call.Ints(axis + 1));
    }

    public static Value Global(LayerCall call, int dims, bool isMax)
    {
        int start = call.IsChannelsFirst ? 2 : 1;
        var keep = new AttributeMap { { "keep_dims", call.Config.Flag("keepdims", false) } };
        Value axes = call.Ints([.. Enumerable.Range(start, dims)]);
        if (isMax || dims != 1 || !call.Mask.IsPresent)
            return call.Op(isMax ? "Max" : "Mean", call.Input, axes, keep);
        // The mean of the steps that the mask keeps.
        Value x = call.Input;
        Value kept = call.Op("ExpandDims", call.Cast(call.Mask, LayerGraph.DTypeOf(x)), call.Int(start == 1 ? 2 : 1));
        return call.Op("RealDiv", call.Op("Sum", call.Op("Mul", x, kept), axes, keep), call.Op("Sum", kept, axes, keep.Clone()));
    }
}
