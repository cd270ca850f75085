using Decant.IR;
using Decant.Ops;

namespace Decant.Lowering.Raising;

/// <summary>
/// Recurrent operators without cells, step by step: h' = activation(W x + V a + R h + b), a the auxiliary input if there is one; and SVDF.
/// States begin at what they are when a model is loaded: zero.
/// </summary>
internal static class RecurrentRules
{
    /// <summary>What a direction makes of an input and an auxiliary one, which may be absent.</summary>
    public delegate Value MakeDirection(Value input, Value auxiliary, bool isTimeMajor, bool isForward);

    public static IEnumerable<(string Name, RaisingRule Rule)> All =>
    [
        ("BIDIRECTIONAL_SEQUENCE_RNN", Bidirectional),
        ("RNN", c => [Direction(c, 1, c.In(0), default, -1, isTimeMajor: true, isForward: true)]),
        ("SVDF", c => [Svdf(c)]),
        ("UNIDIRECTIONAL_SEQUENCE_RNN", c => [Direction(c, 1, c.In(0), default, -1, c.Options.Bool("time_major"), isForward: true)]),
    ];

    /// <summary>Both directions of an operator, as one result or two.</summary>
    /// <param name="c">The operator.</param>
    /// <param name="auxiliary">The number of the auxiliary input; without weights it is the backward direction's input.</param>
    /// <param name="weights">The number of weights of the auxiliary input.</param>
    /// <param name="direction">Makes a direction.</param>
    public static Value[] BothDirections(RaisingContext c, int auxiliary, int weights, MakeDirection direction)
    {
        bool isTimeMajor = c.Options.Bool("time_major"), hasWeights = c.Has(weights);
        Value beside = c.Has(auxiliary) && hasWeights ? c.In(auxiliary) : default;
        Value forward = direction(c.In(0), beside, isTimeMajor, true);
        Value backward = direction(c.Has(auxiliary) && !hasWeights ? c.In(auxiliary) : c.In(0), beside, isTimeMajor, false);
        return c.Options.Bool("merge_outputs") ? [c.Op("ConcatV2", [forward, backward, c.Int(-1)])] : [forward, backward];
    }

    /// <summary>A value behind the activation of recurrent operators.</summary>
    /// <exception cref="ModelException">It has none of the known ones.</exception>
    public static Value Activated(RaisingContext c, Value x) => c.Options.String("fused_activation_function") switch
    {
        "TANH" => c.Op("Tanh", x),
        "NONE" => x,
        "RELU" => c.Op("Relu", x),
        "RELU6" => c.Op("Relu6", x),
        "RELU_N1_TO_1" => c.Clamped(x, -1, 1),
        var other => throw c.Refuse($"has the activation {other}"),
    };

    /// <summary>The number of rows of a matrix of weights.</summary>
    /// <exception cref="ModelException">It is no matrix of a known size.</exception>
    public static int Rows(RaisingContext c, int weights) =>
        c.Shape(weights) is { Rank: 2 } shape && shape[0] is > 0 and <= int.MaxValue ? (int)shape[0] : throw c.Refuse($"has the weights {weights} of the shape {c.Shape(weights)}, expected [units, in]");

    private static Value[] Bidirectional(RaisingContext c)
    {
        const int Forward = 1, Backward = 5, Auxiliary = 9, ForwardAuxiliary = 10, BackwardAuxiliary = 11;

        // With time first and weights of 8 bits the kernel runs the sequence once for each of its steps.
        bool isRepeated = c.Options.Bool("time_major") && c.Spec(Forward) is not { DType: DType.Float32 };
        return BothDirections(c, Auxiliary, ForwardAuxiliary, (x, auxiliary, isTimeMajor, isForward) =>
            Direction(c, isForward ? Forward : Backward, x, auxiliary, isForward ? ForwardAuxiliary : BackwardAuxiliary, isTimeMajor, isForward, isRepeated));
    }

    // The inputs from a number on: weights, recurrent weights, bias, state.
    private static Value Direction(RaisingContext c, int first, Value x, Value auxiliary, int auxiliaryWeights, bool isTimeMajor, bool isForward, bool isRepeated = false)
    {
        var steps = new RaisedSteps(c, x, isTimeMajor);
        Value Transposed(int weights) => c.Computed("Transpose", [c.Weights(weights), c.Ints(1, 0)]);
        Value rows = c.Op("BiasAdd", steps.Product(x, Transposed(first)), c.Bias(first + 2));
        if (auxiliary.IsPresent)
            rows = c.Op("AddV2", rows, steps.Product(auxiliary, Transposed(auxiliaryWeights)));
        int units = Rows(c, first);
        Value recurrent = Transposed(first + 1), h = c.Op("Reshape", c.In(first + 3), c.Ints(-1, units));
        return steps.Run(rows, units, isForward, row => h = Activated(c, c.Op("AddV2", row, c.Op("MatMul", h, recurrent))), isRepeated);
    }

    /// <summary>Features W x go behind those of earlier steps in a memory, which is weighted over time; each unit sums as many filters as the rank.</summary>
    private static Value Svdf(RaisingContext c)
    {
        const int Features = 1, Times = 2, Bias = 3, Memory = 4;
        (int filters, Shape times, int rank) = (Rows(c, Features), c.Shape(Times), (int)c.Options.Int("rank"));
        if (times is not { Rank: 2 } || rank < 1 || filters % rank != 0 || times[1] is < 1 or > int.MaxValue)
            throw c.Refuse($"has {filters} filters, the weights {times} and the rank {rank}, expected [filters, steps] and a rank that divides filters");
        int steps = (int)times[1];
        Value newest = c.Op("MatMul", c.In(0), c.Weights(Features), new AttributeMap { { "transpose_b", true } });
        Value memory = c.Op("Reshape", c.In(Memory), c.Ints(-1, filters, steps));
        Value kept = c.Op("Slice", [memory, c.Ints(0, 0, 1), c.Ints(-1, -1, -1)]);
        Value all = c.Op("ConcatV2", [kept, c.Op("ExpandDims", newest, c.Int(2)), c.Int(2)]);
        Value weighted = c.Op("Sum", c.Op("Mul", all, c.Weights(Times)), c.Int(2));
        Value sums = rank == 1 ? weighted : c.Op("Sum", c.Op("Reshape", weighted, c.Ints(-1, filters / rank, rank)), c.Int(2));
        if (c.Has(Bias))
            sums = c.Op("BiasAdd", sums, c.Bias(Bias, Times, Memory));

        // The integer kernel has no activation but its range.
        return c.Spec(0)?.DType == DType.Int8 ? sums : Activated(c, sums);
    }
}
