using Decant.IR;
using Decant.Ops.Arrays;
using Decant.Ops.Lowering;

namespace Decant.Ops.NN;

/// <summary>Cells of recurrent networks, composed of TensorFlow Lite's operators.</summary>
internal static class CellLowering
{
    private const int MostSteps = 256;

    public static IEnumerable<LoweringRule> All => [new("LSTMBlockCell", Cell), new("BlockLSTM", Block), new("GRUBlockCell", Gru)];

    private static void Cell(LoweringContext g) => g.Set(Step(
        g, g.In(0), g.In(1), g.In(2), new Weights(g.In(3), g.In(4), g.In(5), g.In(6), g.In(7)), g.Attributes.Bool("use_peephole"), g.Attributes.Float("forget_bias"), g.Attributes.Float("cell_clip")));

    /// <summary>Gates are in the order i, ci, f, o. Gives i, cs, f, o, ci, co, h.</summary>
    private static Value[] Step(LoweringContext g, Value x, Value cs, Value h, Weights w, bool peephole, float forgetBias, float clip)
    {
        Value gates = g.Tf("BiasAdd", g.Tf("MatMul", g.Tf("ConcatV2", x, h, g.Scalar(1, DType.Int32)), w.Kernel), w.Bias);
        Value[] parts = g.Expand("Split", [g.Scalar(1, DType.Int32), gates], new() { { "num_split", 4 } });
        Value Peep(Value gate, Value weights, Value cell) => peephole ? g.Tf("AddV2", gate, g.Tf("Mul", cell, weights)) : gate;
        Value i = g.Tf("Sigmoid", Peep(parts[0], w.Input, cs));
        Value ci = g.Tf("Tanh", parts[1]);
        Value f = g.Tf("Sigmoid", Peep(g.Tf("AddV2", parts[2], g.Scalar(forgetBias, DType.Float32)), w.Forget, cs));
        Value next = g.Tf("AddV2", g.Tf("Mul", f, cs), g.Tf("Mul", i, ci));
        if (clip > 0)
            next = g.Tf("Minimum", g.Tf("Maximum", next, g.Scalar(-clip, DType.Float32)), g.Scalar(clip, DType.Float32));
        Value o = g.Tf("Sigmoid", Peep(parts[3], w.Output, next));
        Value co = g.Tf("Tanh", next);
        return [i, next, f, o, ci, co, g.Tf("Mul", co, o)];
    }

    private static void Block(LoweringContext g)
    {
        if (g.Shape(1) is not { HasRank: true } shape || shape[0] is < 1 or > MostSteps)
            throw g.Refuse($"runs an unknown number of steps, or more than {MostSteps}");
        Value length = g.Known(0) is [var known] && known >= shape[0] ? default : g.Tf("Cast", new AttributeMap { { "DstT", DType.Int32 } }, g.In(0));
        int steps = (int)shape[0];
        Value[] xs = g.Expand("Unpack", [g.In(1)], new() { { "num", steps }, { "axis", 0 } });
        (Value cs, Value h) = (g.In(2), g.In(3));
        var weights = new Weights(g.In(4), g.In(5), g.In(6), g.In(7), g.In(8));
        var outputs = new Value[7][];
        for (int k = 0; k < outputs.Length; k++)
            outputs[k] = new Value[steps];
        for (int t = 0; t < steps; t++)
        {
            Value[] step = Step(g, xs[t], cs, h, weights, g.Attributes.Bool("use_peephole"), g.Attributes.Float("forget_bias"), g.Attributes.Float("cell_clip"));
            (cs, h) = (step[1], step[6]);
            // Steps behind the last one that runs are zeros.
            Value runs = length.IsPresent ? g.Tf("Less", g.Scalar(t, DType.Int32), length) : default;
            for (int k = 0; k < outputs.Length; k++)
                outputs[k][t] = runs.IsPresent ? g.Tf("SelectV2", runs, step[k], g.Scalar(0, DType.Float32)) : step[k];
        }

        for (int k = 0; k < outputs.Length; k++)
            g.Set(k, g.Tf("Pack", new AttributeMap { { "axis", 0 } }, outputs[k]));
    }

    // Inputs x, h, w_ru, w_c, b_ru, b_c; outputs r, u, c, h.
    private static void Gru(LoweringContext g)
    {
        (Value x, Value h) = (g.In(0), g.In(1));
        Value gates = g.Tf("Sigmoid", g.Tf("BiasAdd", g.Tf("MatMul", g.Tf("ConcatV2", x, h, g.Scalar(1, DType.Int32)), g.In(2)), g.In(4)));
        Value[] parts = g.Expand("Split", [g.Scalar(1, DType.Int32), gates], new() { { "num_split", 2 } });
        Value c = g.Tf("Tanh", g.Tf("BiasAdd", g.Tf("MatMul", g.Tf("ConcatV2", x, g.Tf("Mul", h, parts[0]), g.Scalar(1, DType.Int32)), g.In(3)), g.In(5)));
        Value next = g.Tf("AddV2", g.Tf("Mul", parts[1], h), g.Tf("Mul", g.Tf("Sub", g.Scalar(1, DType.Float32), parts[1]), c));
        g.Set(parts[0], parts[1], c, next);
    }

    private sealed record Weights(Value Kernel, Value Input, Value Forget, Value Output, Value Bias);
}
