using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>
/// LSTM, GRU and SimpleRNN. What depends on the inputs alone is computed for all steps at once, <c>x W + b</c>; a loop does the rest.
/// Gates lie side by side in the kernels: i, f, c, o for LSTM and z, r, h for GRU.
/// </summary>
internal static class Recurrent
{
    // Keras 1 keeps each gate's W, U and b, in the order i, c, f, o.
    private static readonly int[] OldLstmGates = [0, 2, 1, 3];
    private static readonly int[] OldGruGates = [0, 1, 2];

    public static IReadOnlyList<Value> Simple(LayerCall call)
    {
        RecurrentWeights weights = RecurrentWeights.Of(call, 1, [0]);
        return RecurrentLoop.Run(call, ProjectedSteps.Of(call, weights), 1, static (step, x, states, kernel, _) =>
            [Activations.Apply(step, "activation", step.Op("AddV2", x, step.Op("MatMul", states[0], kernel)), "tanh")]);
    }

    public static IReadOnlyList<Value> Lstm(LayerCall call)
    {
        RecurrentWeights weights = RecurrentWeights.Of(call, 4, OldLstmGates);
        return RecurrentLoop.Run(call, ProjectedSteps.Of(call, weights), 2, static (step, x, states, kernel, _) =>
            LstmStep(step, step.Op("AddV2", x, step.Op("MatMul", states[0], kernel)), states[1]));
    }

    /// <summary>The output and the state of an LSTM, of its gates before they are activated.</summary>
    public static Value[] LstmStep(LayerCall step, Value preactivation, Value state)
    {
        Node gates = Split(step, preactivation, 4);
        Value input = Gate(step, new Value(gates, 0));
        Value forget = Gate(step, new Value(gates, 1));
        Value candidate = Activations.Apply(step, "activation", new Value(gates, 2), "tanh");
        Value cell = step.Op("AddV2", step.Op("Mul", forget, state), step.Op("Mul", input, candidate));
        Value output = step.Op("Mul", Gate(step, new Value(gates, 3)), Activations.Apply(step, "activation", cell, "tanh"));
        return [output, cell];
    }

    /// <summary>With <c>reset_after</c> the reset gate scales the product, which has a bias of its own; else it scales the state.</summary>
    public static IReadOnlyList<Value> Gru(LayerCall call)
    {
        RecurrentWeights weights = RecurrentWeights.Of(call, 3, OldGruGates);
        bool resetAfter = call.Config.Flag("reset_after", RecurrentWeights.IsCuDnn(call.Config));
        int units = weights.Units;
        return RecurrentLoop.Run(call, ProjectedSteps.Of(call, weights), 1, (step, x, states, kernel, bias) =>
        {
            Value h = states[0];
            Node inputs = Split(step, x, 3);
            Value update;
            Value candidate;
            if (resetAfter)
            {
                Value product = step.Op("MatMul", h, kernel);
                Node inner = Split(step, bias.IsPresent ? step.Op("BiasAdd", product, bias) : product, 3);
                update = Gate(step, step.Op("AddV2", new Value(inputs, 0), new Value(inner, 0)));
                Value reset = Gate(step, step.Op("AddV2", new Value(inputs, 1), new Value(inner, 1)));
                candidate = step.Op("AddV2", new Value(inputs, 2), step.Op("Mul", reset, new Value(inner, 2)));
            }
            else
            {
                Value gateKernel = step.Op("StridedSlice", [kernel, step.Ints(0, 0), step.Ints(0, 2 * units), step.Ints(1, 1)], new AttributeMap { { "begin_mask", 3 }, { "end_mask", 1 } });
                Value stateKernel = step.Op("StridedSlice", [kernel, step.Ints(0, 2 * units), step.Ints(0, 0), step.Ints(1, 1)], new AttributeMap { { "begin_mask", 1 }, { "end_mask", 3 } });
                Node inner = Split(step, step.Op("MatMul", h, gateKernel), 2);
                update = Gate(step, step.Op("AddV2", new Value(inputs, 0), new Value(inner, 0)));
                Value reset = Gate(step, step.Op("AddV2", new Value(inputs, 1), new Value(inner, 1)));
                candidate = step.Op("AddV2", new Value(inputs, 2), step.Op("MatMul", step.Op("Mul", reset, h), stateKernel));
            }

            candidate = Activations.Apply(step, "activation", candidate, "tanh");
            Value kept = step.Op("Mul", update, h);
            return [step.Op("AddV2", kept, step.Op("Mul", step.Op("Sub", step.Like(update, 1), update), candidate))];
        });
    }

    private static Value Gate(LayerCall step, Value x) => Activations.Apply(step, "recurrent_activation", x, step.Config.KerasVersion.Major >= 3 || RecurrentWeights.IsCuDnn(step.Config) ? "sigmoid" : "hard_sigmoid");

    private static Node Split(LayerCall step, Value gates, int count) => step.Op("Split", step.Int(-1), gates, new AttributeMap { { "num_split", count } }).Node;
}
