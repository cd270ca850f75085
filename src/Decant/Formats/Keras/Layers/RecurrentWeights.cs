using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>The weights of a recurrent layer, the gates side by side.</summary>
/// <param name="Kernel">From the inputs: [features, gates * units].</param>
/// <param name="RecurrentKernel">From the state: [units, gates * units].</param>
/// <param name="Bias">Of the inputs: [gates * units], or absent.</param>
/// <param name="RecurrentBias">Of the product with the state, or absent.</param>
/// <param name="Units">The size of the state.</param>
internal sealed record RecurrentWeights(Value Kernel, Value RecurrentKernel, Value Bias, Value RecurrentBias, int Units)
{
    public static RecurrentWeights Of(LayerCall call, int gates, int[] oldOrder)
    {
        LayerWeights weights = call.Weights;
        if (gates > 1 && weights.Count == 3 * gates)
        {
            Value[] parts = [.. Enumerable.Range(0, 3).Select(part => call.Concat([.. oldOrder.Select(g => weights.Get(call.Graph, (g * 3) + part, $"gate_{g}_{part}"))], part == 2 ? 0 : 1))];
            return new RecurrentWeights(parts[0], parts[1], parts[2], default, (int)weights.Shape(1)[0]);
        }

        Value kernel = weights.Get(call.Graph, 0, "kernel");
        Value recurrent = weights.Get(call.Graph, 1, "recurrent_kernel");
        Shape shape = weights.Shape(1);
        if (shape.Rank != 2 || shape[1] != shape[0] * gates)
            throw KerasErrors.BadWeights.At(call.Config.Location(), $"the recurrent kernel has the shape {shape}, expected [units,{gates} * units]");
        int units = (int)shape[0];
        if (!call.Config.Flag("use_bias", true))
            return new RecurrentWeights(kernel, recurrent, default, default, units);
        Value bias = weights.Get(call.Graph, 2, "bias");
        if (weights.Shape(2).Rank != 2)
            return new RecurrentWeights(kernel, recurrent, bias, default, units);
        Node rows = call.Op("Unpack", bias, new AttributeMap { { "num", 2 }, { "axis", 0 } }).Node;
        return new RecurrentWeights(kernel, recurrent, new Value(rows, 0), new Value(rows, 1), units);
    }
}
