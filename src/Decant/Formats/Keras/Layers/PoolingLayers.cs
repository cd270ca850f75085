using Decant.IR;

namespace Decant.Formats.Keras.Layers;

internal static class PoolingLayers
{
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
