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
        if (IsCuDnn(call.Config))
            return OfCuDnn(call, kernel, recurrent, gates, units);
        Value bias = weights.Get(call.Graph, 2, "bias");
        if (weights.Shape(2).Rank != 2)
            return new RecurrentWeights(kernel, recurrent, bias, default, units);
        Node rows = call.Op("Unpack", bias, new AttributeMap { { "num", 2 }, { "axis", 0 } }).Node;
        return new RecurrentWeights(kernel, recurrent, new Value(rows, 0), new Value(rows, 1), units);
    }

    /// <summary>Whether a layer is one of CuDNN's, whose gates are sigmoids and whose GRU resets after the product.</summary>
    public static bool IsCuDnn(LayerConfig layer) => layer.Class.StartsWith("CuDNN", StringComparison.Ordinal);

    /// <summary>The numbers of each gate's matrix are those of its transpose, [units, features], in the order of rows; there are two biases.</summary>
    private static RecurrentWeights OfCuDnn(LayerCall call, Value kernel, Value recurrent, int gates, int units)
    {
        int features = (int)call.Weights.Shape(0)[0];
        Value Ordered(Value matrix, int rows)
        {
            Node parts = call.Op("Split", call.Int(1), matrix, new AttributeMap { { "num_split", gates } }).Node;
            return call.Concat([.. Enumerable.Range(0, gates).Select(g => call.Transpose(call.Reshape(new Value(parts, g), units, rows), 1, 0))], 1);
        }

        Node biases = call.Op("Unpack", call.Weights.Get(call.Graph, 2, "bias", new Shape(2, gates * units)), new AttributeMap { { "num", 2 }, { "axis", 0 } }).Node;
        (Value of, Value recurrentOf) = (new Value(biases, 0), new Value(biases, 1));
        return gates == 4
            ? new RecurrentWeights(Ordered(kernel, features), Ordered(recurrent, units), call.Op("AddV2", of, recurrentOf), default, units)
            : new RecurrentWeights(Ordered(kernel, features), Ordered(recurrent, units), of, recurrentOf, units);
    }
}
