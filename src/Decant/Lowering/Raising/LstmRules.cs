using Decant.IR;
using Decant.Ops;
using Decant.Ops.TFLite.Recurrent;
using static Decant.Lowering.Raising.RaisingTable;

namespace Decant.Lowering.Raising;

/// <summary>
/// LSTM operators, step by step: i, f, o = sigmoid(W x + V a + R h + P c + b), g = activation(W x + V a + R h + b), c' = f c + i g,
/// h' = projection(o activation(c')), a the auxiliary input if there is one. Without an input gate i is 1 - f. States begin at what they
/// are when a model is loaded: zero.
/// </summary>
internal static class LstmRules
{
    // What the kernels add to a variance.
    private const float Epsilon = 1e-8f;

    public static IEnumerable<(string Name, RaisingRule Rule)> All =>
    [
        ("BIDIRECTIONAL_SEQUENCE_LSTM", Bidirectional),
        ("LSTM", c => c.Options.String("kernel_type") == "BASIC" ? Basic(c) : [Direction(c, LstmInputs.Single, c.In(0), default, isTimeMajor: true, isForward: true)]),
        ("UNIDIRECTIONAL_SEQUENCE_LSTM", c => [Direction(c, LstmInputs.Single, c.In(0), default, c.Options.Bool("time_major"), isForward: true)]),
    ];

    private static Value[] Bidirectional(RaisingContext c)
    {
        const int Auxiliary = 39;
        return RecurrentRules.BothDirections(c, Auxiliary, LstmInputs.Forward.Auxiliary + (int)LstmGate.Forget, (x, auxiliary, isTimeMajor, isForward) =>
            Direction(c, isForward ? LstmInputs.Forward : LstmInputs.Backward, x, auxiliary, isTimeMajor, isForward));
    }

    private static Value Direction(RaisingContext c, LstmInputs at, Value x, Value auxiliary, bool isTimeMajor, bool isForward)
    {
        LstmGate[] gates = [.. Enum.GetValues<LstmGate>().Where(g => g != LstmGate.Input || c.Has(at.Input))];
        int cells = RecurrentRules.Rows(c, at.Input + (int)LstmGate.Output), outputs = c.Has(at.Projection) ? RecurrentRules.Rows(c, at.Projection) : cells;
        ByteGates? bytes = ByteGates.Of(c, gates, cells);
        StateBytes? state = StateBytes.Of(c, at);
        if (bytes is null && state is { IsOutput: false } && IsNormalized(c, at))
            throw c.Refuse($"has a state of the scale {state.Scale}, of which a byte is less than the rounding of what it is made of, and gives its bytes as an output of the scale {state.OutputScale}");
        var steps = new RaisedSteps(c, x, isTimeMajor);
        Value[] Weights(int first) => [.. gates.Select(g => c.Weights(first + (int)g))];
        Value rows = steps.Product(x, Joined(c, Weights(at.Input)));
        if (bytes is not null)
            rows = bytes.Inputs(rows);
        if (auxiliary.IsPresent)
            rows = c.Op("AddV2", rows, steps.Product(auxiliary, Joined(c, Weights(at.Auxiliary))));
        if (!IsNormalized(c, at))
            rows = c.Op("BiasAdd", rows, c.Computed("ConcatV2", [.. gates.Select(g => c.Bias(at.Bias + (int)g, 0, at.Input + (int)g)), c.Int(0)]));
        Value[] recurrent = Weights(at.Recurrent);

        // The weights of independent cells are a diagonal.
        bool isDiagonal = GraphBuilder.ShapeOf(recurrent[0]).Rank == 1;
        Value matrix = isDiagonal ? c.Computed("ConcatV2", [.. recurrent, c.Int(0)]) : Joined(c, recurrent);
        Value h = c.Op("Reshape", c.In(at.OutputState), c.Ints(-1, outputs)), cell = c.Op("Reshape", c.In(at.OutputState + 1), c.Ints(-1, cells));
        Value result = steps.Run(rows, gates.Length * cells, isForward, row =>
        {
            Value product = isDiagonal ? c.Op("Mul", c.Op("ConcatV2", [.. gates.Select(_ => h), c.Int(1)]), matrix) : c.Op("MatMul", h, matrix);
            (h, cell) = Step(c, at, gates, c.Op("AddV2", row, bytes?.States(product) ?? product), cell);
            h = state?.Clamped(h) ?? h;
            return h;
        });
        return state?.Given(result) ?? result;
    }

    private static (Value H, Value Cell) Step(RaisingContext c, LstmInputs at, LstmGate[] gates, Value sums, Value cell)
    {
        Value[] parts = Ports(c.Op("Split", [c.Int(1), sums], new AttributeMap { { "num_split", gates.Length } }));
        Value Sum(LstmGate gate, Value state)
        {
            Value sum = parts[Array.IndexOf(gates, gate)];
            if (c.Has(at.PeepholeOf(gate)))
                sum = c.Op("AddV2", sum, c.Op("Mul", state, c.Weights(at.PeepholeOf(gate))));
            return IsNormalized(c, at) ? c.Op("BiasAdd", Normalized(c, sum, c.In(at.Normalization + (int)gate)), NormalizedBias(c, at, gate)) : sum;
        }

        Value forget = c.Op("Sigmoid", Sum(LstmGate.Forget, cell));
        Value input = c.Has(at.Input) ? c.Op("Sigmoid", Sum(LstmGate.Input, cell)) : c.Op("Sub", c.Like(forget, 1), forget);
        cell = Clipped(c, c.Op("AddV2", c.Op("Mul", forget, cell), c.Op("Mul", input, RecurrentRules.Activated(c, Sum(LstmGate.Cell, cell)))), "cell_clip");
        Value h = c.Op("Mul", c.Op("Sigmoid", Sum(LstmGate.Output, cell)), RecurrentRules.Activated(c, cell));
        if (c.Has(at.Projection))
        {
            h = c.Op("MatMul", h, c.Weights(at.Projection), new AttributeMap { { "transpose_b", true } });
            h = Clipped(c, c.Has(at.Projection + 1) ? c.Op("BiasAdd", h, ByteGates.Are(c) ? c.BiasOf(at.Projection + 1, c.Scale(at.Projection) / 32768) : c.Bias(at.Projection + 1)) : h, "proj_clip");
        }

        return (h, cell);
    }

    /// <summary>The kind BASIC: inputs x, h, weights [4 cells, inputs + cells], bias, c, the gates in the order i, g, f, o.</summary>
    private static Value[] Basic(RaisingContext c)
    {
        if (c.Shape(0).Rank != 2)
            throw c.Refuse($"has an input {c.Shape(0)}, expected [batch, size]");
        Value joined = c.Op("ConcatV2", [c.In(0), c.In(1), c.Int(1)]);
        Value sums = c.Op("BiasAdd", c.Op("MatMul", joined, c.In(2), new AttributeMap { { "transpose_b", true } }), c.Bias(3));
        Value[] gates = Ports(c.Op("Split", [c.Int(1), sums], new AttributeMap { { "num_split", 4 } }));
        Value cell = c.Op("AddV2", c.Op("Mul", c.Op("Sigmoid", gates[0]), c.Op("Tanh", gates[1])), c.Op("Mul", c.Op("Sigmoid", gates[2]), c.In(4)));
        return [c.Op("Mul", c.Op("Sigmoid", gates[3]), c.Op("Tanh", cell)), cell, joined, sums];
    }

    // Rows of the gates one below the other, transposed.
    private static Value Joined(RaisingContext c, Value[] weights) => c.Computed("Transpose", [c.Computed("ConcatV2", [.. weights, c.Int(0)]), c.Ints(1, 0)]);

    // On integers the bias has ten bits more than the coefficients.
    private static Value NormalizedBias(RaisingContext c, LstmInputs at, LstmGate gate) =>
        c.Spec(0) is { DType: DType.Float32 } ? c.Bias(at.Bias + (int)gate) : c.BiasOf(at.Bias + (int)gate, c.Scale(at.Normalization + (int)gate) / 1024);

    private static bool IsNormalized(RaisingContext c, LstmInputs at) => at.Normalization >= 0 && c.Has(at.Normalization + (int)LstmGate.Forget);

    // Each row is brought to the mean 0 and the variance 1.
    private static Value Normalized(RaisingContext c, Value sums, Value coefficients)
    {
        var keep = new AttributeMap { { "keep_dims", true } };
        Value difference = c.Op("Sub", sums, c.Op("Mean", sums, c.Int(1), keep));
        Value variance = c.Op("Mean", c.Op("Square", difference), c.Int(1), keep);
        return c.Op("Mul", c.Op("Mul", difference, c.Op("Rsqrt", c.Op("AddV2", variance, c.Like(variance, Epsilon)))), coefficients);
    }

    private static Value Clipped(RaisingContext c, Value x, string option) => c.Options.Float(option) is var most && most <= 0 ? x : c.Clamped(x, -most, most);
}
