using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>Layers of several inputs.</summary>
internal static class MergeLayers
{
    public static Value Fold(LayerCall call, string op)
    {
        Value sum = Aligned(call, 0);
        for (int i = 1; i < call.Inputs.Count; i++)
            sum = call.Op(op, sum, Aligned(call, i));
        return sum;
    }

    public static Value Average(LayerCall call)
    {
        Value sum = Fold(call, "AddV2");
        return call.Op("RealDiv", sum, call.Like(sum, call.Inputs.Count));
    }

    public static Value Concatenate(LayerCall call) => call.Concat(call.Inputs, call.Config.Int("axis", -1));

    /// <summary>Products along one axis of each; normalized to length 1 before, if asked.</summary>
    public static Value Dot(LayerCall call)
    {
        if (call.Inputs.Count != 2)
            throw KerasErrors.BadConfig.At(call.Config.Location(), $"the layer has {call.Inputs.Count} inputs, expected 2");
        return Product(call, call.Inputs[0], call.Inputs[1], call.Config.Ints("axes", 2), call.Config.Flag("normalize", false));
    }

    /// <summary>The layer of Keras 1 that joins others in the way that its mode says.</summary>
    public static Value Merge(LayerCall call)
    {
        if (call.Config.Text("mode_type", "raw") != "raw")
            throw call.Unsupported("its mode is a function of Python");
        string mode = call.Config.Text("mode", "sum");
        if (mode is "dot" or "cos" && call.Inputs.Count != 2)
            throw KerasErrors.BadConfig.At(call.Config.Location(), $"the layer has {call.Inputs.Count} inputs, expected 2");
        return mode switch
        {
            "sum" => Fold(call, "AddV2"),
            "mul" => Fold(call, "Mul"),
            "max" => Fold(call, "Maximum"),
            "ave" => Average(call),
            "concat" => call.Concat(call.Inputs, call.Config.Int("concat_axis", -1)),
            "dot" => Product(call, call.Inputs[0], call.Inputs[1], call.Config.Ints("dot_axes", 2, -1), false),
            "cos" => Cosine(call, call.Config.Ints("dot_axes", 2, -1)),
            _ => throw call.Config.Bad("mode", "sum, mul, max, ave, concat, dot or cos"),
        };
    }

    // The product of vectors, divided by their lengths, of which none counts less than 1e-7: [batch, 1, 1].
    private static Value Cosine(LayerCall call, int[] axes)
    {
        (Value a, Value b) = (call.Inputs[0], call.Inputs[1]);
        if (LayerGraph.ShapeOf(a).Rank != 2 || LayerGraph.ShapeOf(b).Rank != 2)
            throw call.Unsupported("its inputs are no vectors");
        Value lengths = call.Op("Sqrt", call.Op("Mul", Product(call, a, a, axes, false), Product(call, b, b, axes, false)));
        Value cosine = call.Op("RealDiv", Product(call, a, b, axes, false), call.Op("Maximum", lengths, call.Like(lengths, 1e-7f)));
        return call.Op("ExpandDims", cosine, call.Int(1));
    }

    private static Value Product(LayerCall call, Value a, Value b, int[] axes, bool normalizes)
    {
        Value[] operands = [a, b], sides = new Value[2];
        for (int i = 0; i < 2; i++)
        {
            Value x = operands[i];
            int rank = LayerGraph.ShapeOf(x).Rank;
            int axis = axes[i] < 0 ? axes[i] + rank : axes[i];
            if (rank is < 2 or > 3 || axis < 1 || axis >= rank)
                throw call.Unsupported($"its input {i} has {rank} dimensions and is multiplied along {axes[i]}");
            if (normalizes)
            {
                Value squares = call.Op("Sum", call.Op("Square", x), call.Ints(axis), new AttributeMap { { "keep_dims", true } });
                x = call.Op("Mul", x, call.Op("Rsqrt", call.Op("Maximum", squares, call.Like(x, 1e-12f))));
            }

            // The first as [batch, n, k], the second as [batch, k, n].
            if (rank == 2)
                sides[i] = call.Op("ExpandDims", x, call.Int(i == 0 ? 1 : 2));
            else
                sides[i] = axis == (i == 0 ? 2 : 1) ? x : call.Transpose(x, 0, 2, 1);
        }

        Value product = call.Op("BatchMatMulV2", sides[0], sides[1]);
        int[] gone = [.. new[] { 1, 2 }.Where(d => LayerGraph.ShapeOf(operands[d - 1]).Rank == 2)];
        if (gone.Length == 2)
            gone = [2];
        return gone.Length == 0 ? product : call.Op("Squeeze", product, new AttributeMap { { "squeeze_dims", new ListAttr { Ints = [.. gone.Select(g => (long)g)] } } });
    }

    // Inputs of fewer dimensions get dimensions of one behind the batch.
    private static Value Aligned(LayerCall call, int index)
    {
        Value x = index < call.Inputs.Count ? call.Inputs[index] : throw KerasErrors.BadConfig.At(call.Config.Location(), "the layer has no inputs, expected at least two");
        int most = call.Inputs.Max(i => LayerGraph.ShapeOf(i).Rank);
        for (int rank = LayerGraph.ShapeOf(x).Rank; rank > 0 && rank < most; rank++)
            x = call.Op("ExpandDims", x, call.Int(1));
        return x;
    }
}
