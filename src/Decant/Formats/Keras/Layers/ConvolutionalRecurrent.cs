using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>ConvLSTM1D, 2D and 3D: LSTMs whose products are convolutions. Those of the inputs are computed for all steps at once.</summary>
internal static class ConvolutionalRecurrent
{
    public static IReadOnlyList<Value> Lstm(LayerCall call, int dims)
    {
        if (call.Rank != dims + 3 || call.IsChannelsFirst || call.Shape.Dims[2..].Contains(-1))
            throw call.Unsupported($"its input has the shape {call.Shape}, expected batch, steps, {dims} dimensions, channels, of which all behind the steps are known");
        int[] strides = call.Config.Ints("strides", dims, 1), dilations = call.Config.Ints("dilation_rate", dims, 1), one = [.. Enumerable.Repeat(1, dims)];
        Value steps = call.Transpose(call.Input, [1, 0, .. Enumerable.Range(2, dims + 1)]);
        Value flat = call.Reshape(steps, [-1, .. call.Shape.Dims[2..].ToArray().Select(d => (int)d)]);
        Value kernel = call.Weights.Get(call.Graph, 0, "kernel");
        Value recurrent = call.Weights.Get(call.Graph, 1, "recurrent_kernel");
        Value projected = Convolve(call, flat, kernel, strides, dilations, call.Config.Text("padding", "valid").ToUpperInvariant());
        if (call.Config.Flag("use_bias", true))
            projected = call.Op("BiasAdd", projected, call.Weights.Get(call.Graph, 2, "bias"));
        Shape shape = LayerGraph.ShapeOf(projected);
        if (!shape.HasRank || shape.Dims[1..].Contains(-1) || shape[-1] % 4 != 0)
            throw KerasErrors.BadWeights.At(call.Config.Location(), $"the convolution of the inputs gives {shape}, expected 4 gates");
        int[] state = [.. shape.Dims[1..^1].ToArray().Select(d => (int)d), (int)(shape[-1] / 4)];
        projected = call.Op("Reshape", projected, call.Op("Pack", [call.Size(steps, 0), call.Size(steps, 1), .. shape.Dims[1..].ToArray().Select(d => call.Int((int)d))]));
        return RecurrentLoop.Run(call, new ProjectedSteps(projected, recurrent, default, state), 2, (step, x, states, weights, _) =>
            Recurrent.LstmStep(step, step.Op("AddV2", x, Convolve(step, states[0], weights, one, one, "SAME")), states[1]));
    }

    // That of one dimension is one of two, of which the first is 1.
    private static Value Convolve(LayerCall call, Value x, Value kernel, int[] strides, int[] dilations, string padding)
    {
        var attributes = new AttributeMap { { "strides", ConvolutionLayers.Whole(strides) }, { "padding", padding }, { "dilations", ConvolutionLayers.Whole(dilations) } };
        if (strides.Length > 1)
            return call.Op(strides.Length == 2 ? "Conv2D" : "Conv3D", x, kernel, attributes);
        attributes = new AttributeMap { { "strides", ConvolutionLayers.Whole([1, strides[0]]) }, { "padding", padding }, { "dilations", ConvolutionLayers.Whole([1, dilations[0]]) } };
        return call.Op("Squeeze", call.Op("Conv2D", call.Op("ExpandDims", x, call.Int(1)), call.Op("ExpandDims", kernel, call.Int(0)), attributes), new AttributeMap { { "squeeze_dims", new ListAttr { Ints = [1] } } });
    }
}
