using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>ConvLSTM2D: an LSTM whose products are convolutions. Those of the inputs are computed for all steps at once.</summary>
internal static class ConvolutionalRecurrent
{
    public static IReadOnlyList<Value> Lstm2D(LayerCall call)
    {
        if (call.Rank != 5 || call.IsChannelsFirst || call.Shape.Dims[2..].Contains(-1))
            throw call.Unsupported($"its input has the shape {call.Shape}, expected batch, steps, rows, columns, channels, of which the last three are known");
        int[] strides = call.Config.Ints("strides", 2, 1), dilations = call.Config.Ints("dilation_rate", 2, 1);
        Value steps = call.Transpose(call.Input, 1, 0, 2, 3, 4);
        Value flat = call.Reshape(steps, [-1, .. call.Shape.Dims[2..].ToArray().Select(d => (int)d)]);
        Value kernel = call.Weights.Get(call.Graph, 0, "kernel");
        Value recurrent = call.Weights.Get(call.Graph, 1, "recurrent_kernel");
        Value projected = Convolve(call, flat, kernel, strides, dilations, call.Config.Text("padding", "valid").ToUpperInvariant());
        if (call.Config.Flag("use_bias", true))
            projected = call.Op("BiasAdd", projected, call.Weights.Get(call.Graph, 2, "bias"));
        Shape shape = LayerGraph.ShapeOf(projected);
        if (!shape.HasRank || shape.Dims[1..].Contains(-1) || shape[3] % 4 != 0)
            throw KerasErrors.BadWeights.At(call.Config.Location(), $"the convolution of the inputs gives {shape}, expected 4 gates");
        int[] state = [(int)shape[1], (int)shape[2], (int)(shape[3] / 4)];
        projected = call.Op("Reshape", projected, call.Op("Pack", [call.Size(steps, 0), call.Size(steps, 1), call.Int(state[0]), call.Int(state[1]), call.Int((int)shape[3])]));
        int[] one = [1, 1];
        return RecurrentLoop.Run(call, new ProjectedSteps(projected, recurrent, default, state), 2, (step, x, states, weights, _) =>
            Recurrent.LstmStep(step, step.Op("AddV2", x, Convolve(step, states[0], weights, one, one, "SAME")), states[1]));
    }

    private static Value Convolve(LayerCall call, Value x, Value kernel, int[] strides, int[] dilations, string padding) => call.Op("Conv2D", x, kernel, new AttributeMap
    {
        { "strides", ConvolutionLayers.Whole(strides) }, { "padding", padding }, { "dilations", ConvolutionLayers.Whole(dilations) },
    });
}
