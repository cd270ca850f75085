using Decant.IR;
using Decant.Ops;
using Decant.Ops.TFLite.Recurrent;
using static Decant.Lowering.Raising.RaisingTable;

namespace Decant.Lowering.Raising;

/// <summary>
/// LSTM operators, step by step: i, f, o = sigmoid(W x + R h + P c + b), g = activation(W x + R h + b), c' = f c + i g,
/// h' = projection(o activation(c')). Without an input gate i is 1 - f. States begin at what they are when a model is loaded: zero.
/// </summary>
internal static class RecurrentRules
{
    /// <summary>More steps make a graph that is too large.</summary>
    private const int MostSteps = 1000;

    public static IEnumerable<(string Name, RaisingRule Rule)> All =>
    [
        ("LSTM", c => [Sequence(c, isTimeMajor: true)]),
        ("UNIDIRECTIONAL_SEQUENCE_LSTM", c => [Sequence(c, c.Options.Bool("time_major"))]),
    ];

    private static Value Sequence(RaisingContext c, bool isTimeMajor)
    {
        LstmInputs at = LstmInputs.Single;
        Shape x = c.Shape(0);
        if (c.Node.Op.Name == "LSTM" && c.Options.String("kernel_type") != "FULL")
            throw c.Refuse("is of the kind BASIC");
        if (x is not { HasRank: true, Rank: 2 or 3 } || x.Dims.Contains(-1) || Enumerable.Range(at.Normalization, 4).Any(c.Has))
            throw c.Refuse($"has an input {x} and perhaps layer normalization, expected known sizes and none");
        LstmGate[] gates = [.. Enum.GetValues<LstmGate>().Where(g => g != LstmGate.Input || c.Has(at.Input))];
        int cells = (int)c.Shape(at.Input + (int)LstmGate.Output)[0], time = isTimeMajor || x.Rank == 2 ? 0 : 1;
        Value kernel = Joined(c, [.. gates.Select(g => c.In(at.Input + (int)g))]), recurrent = Joined(c, [.. gates.Select(g => c.In(at.Recurrent + (int)g))]);
        Value bias = c.Computed("ConcatV2", [.. gates.Select(g => c.Bias(at.Bias + (int)g)), c.Int(0)]);
        Value flat = x.Rank == 2 ? c.In(0) : c.Op("Reshape", c.In(0), c.Ints(-1, (int)x[2]));
        Value projected = c.Op("BiasAdd", c.Op("MatMul", flat, kernel), bias);
        long steps = x.Rank == 2 ? 1 : x[time];
        if (steps is < 1 or > MostSteps)
            throw c.Refuse($"has {steps} steps, expected 1 to {MostSteps}");
        Value[] inputs = x.Rank == 2 ? [projected]
            : [.. Ports(c.Op("Unpack", c.Op("Reshape", projected, c.Ints((int)x[0], (int)x[1], gates.Length * cells)), new AttributeMap { { "num", steps }, { "axis", time } }))];
        Value h = c.In(at.OutputState), cell = c.In(at.OutputState + 1);
        var outputs = new List<Value>();
        foreach (Value input in inputs)
        {
            (h, cell) = Step(c, at, gates, c.Op("AddV2", input, c.Op("MatMul", h, recurrent)), cell);
            outputs.Add(h);
        }

        return x.Rank == 2 ? h : c.Op("Pack", [.. outputs], new AttributeMap { { "axis", time } });
    }

    private static (Value H, Value Cell) Step(RaisingContext c, LstmInputs at, LstmGate[] gates, Value sums, Value cell)
    {
        Value[] parts = Ports(c.Op("Split", [c.Int(1), sums], new AttributeMap { { "num_split", gates.Length } }));
        Value Of(LstmGate gate) => parts[Array.IndexOf(gates, gate)];
        Value Gate(LstmGate gate, Value state) =>
            c.Op("Sigmoid", c.Has(at.PeepholeOf(gate)) ? c.Op("AddV2", Of(gate), c.Op("Mul", state, c.In(at.PeepholeOf(gate)))) : Of(gate));
        Value forget = Gate(LstmGate.Forget, cell);
        Value input = c.Has(at.Input) ? Gate(LstmGate.Input, cell) : c.Op("Sub", c.Like(forget, 1), forget);
        cell = Clipped(c, c.Op("AddV2", c.Op("Mul", forget, cell), c.Op("Mul", input, Activated(c, Of(LstmGate.Cell)))), "cell_clip");
        Value h = c.Op("Mul", Gate(LstmGate.Output, cell), Activated(c, cell));
        if (c.Has(at.Projection))
        {
            h = c.Op("MatMul", h, c.In(at.Projection), new AttributeMap { { "transpose_b", true } });
            h = Clipped(c, c.Has(at.Projection + 1) ? c.Op("BiasAdd", h, c.Bias(at.Projection + 1)) : h, "proj_clip");
        }

        return (h, cell);
    }

    // Rows of the gates one below the other, transposed.
    private static Value Joined(RaisingContext c, Value[] weights) => c.Computed("Transpose", [c.Computed("ConcatV2", [.. weights, c.Int(0)]), c.Ints(1, 0)]);

    private static Value Activated(RaisingContext c, Value x) => c.Options.String("fused_activation_function") switch
    {
        "TANH" => c.Op("Tanh", x),
        "NONE" => x,
        "RELU" => c.Op("Relu", x),
        "RELU6" => c.Op("Relu6", x),
        var other => throw c.Refuse($"has the activation {other}"),
    };

    private static Value Clipped(RaisingContext c, Value x, string option) => c.Options.Float(option) is var most && most <= 0 ? x
        : c.Op("Minimum", c.Op("Maximum", x, c.Like(x, -most)), c.Like(x, most));
}
