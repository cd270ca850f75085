using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>Dense, Embedding and what changes shapes.</summary>
internal static class CoreLayers
{
    /// <summary><c>activation(x W + b)</c> over the last dimension.</summary>
    public static Value Dense(LayerCall call)
    {
        Value kernel = call.Weights.Get(call.Graph, 0, "kernel");
        Value y = call.Rank == 2 ? call.Op("MatMul", call.Input, kernel) : call.Op("BatchMatMulV2", call.Input, kernel);
        return Activations.Apply(call, "activation", Bias(call, y, 1));
    }

    /// <summary>A product by Einstein's notation, and a bias along some axes.</summary>
    public static Value EinsumDense(LayerCall call)
    {
        Value y = call.Op("Einsum", [call.Input, call.Weights.Get(call.Graph, 0, "kernel")], new AttributeMap { { "equation", call.Config.Text("equation", "") } });
        if (call.Config.Find("bias_axes") is { ValueKind: System.Text.Json.JsonValueKind.String })
            y = call.Op("AddV2", y, call.Weights.Get(call.Graph, 1, "bias"));
        return Activations.Apply(call, "activation", y);
    }

    public static Value Bias(LayerCall call, Value y, int index)
    {
        if (!call.Config.Flag("use_bias", true))
            return y;
        Value bias = call.Weights.Get(call.Graph, index, "bias");
        // BiasAdd takes ranks up to 5.
        return LayerGraph.ShapeOf(y) is { HasRank: true, Rank: > 5 } ? call.Op("AddV2", y, bias) : call.Op("BiasAdd", y, bias);
    }

    public static Value Embedding(LayerCall call)
    {
        Value ids = call.Input;
        DType dtype = LayerGraph.DTypeOf(ids);
        if (dtype is not (DType.Int32 or DType.Int64))
            ids = call.Cast(ids, DType.Int32);
        if (call.Config.Flag("mask_zero", false))
        {
            call.OutputMask = call.Op("NotEqual", ids, call.Like(ids, 0));
            call.SetsMask = true;
        }

        return call.Op("GatherV2", call.Weights.Get(call.Graph, 0, "embeddings"), ids, call.Int(0));
    }

    /// <summary>An embedding, or called in reverse, the products of vectors with all rows of the table.</summary>
    public static Value ReversibleEmbedding(LayerCall call)
    {
        if (!call.Constant("reverse"))
            return Embedding(call);
        bool isTied = call.Config.Flag("tie_weights", true);
        Value table = call.Weights.Get(call.Graph, isTied ? 0 : 1, isTied ? "embeddings" : "reverse_embeddings");
        Value x = call.Input;
        if (call.Config.Find("reverse_dtype") is { ValueKind: System.Text.Json.JsonValueKind.String })
            (x, table) = (call.Cast(x, Type("reverse_dtype")), call.Cast(table, Type("reverse_dtype")));
        Value y = call.Op("BatchMatMulV2", x, table, new AttributeMap { { "adj_y", isTied } });
        float cap = call.Config.Number("logit_soft_cap", 0);
        return cap == 0 ? y : call.Op("Mul", call.Op("Tanh", call.Op("RealDiv", y, call.Like(y, cap))), call.Like(y, cap));

        DType Type(string option) => DTypes.TryParse(call.Config.Text(option, ""), out DType known) ? known : throw call.Config.Bad(option, "an element type");
    }

    /// <summary>Dense with a kernel of -1, 0 and 1: 0 up to a threshold, which is half of the mean size of weights unless it is told. That mean then scales the product.</summary>
    public static Value TernaryDense(LayerCall call)
    {
        if (call.Weights.Shape(0) is not { Rank: 2 } shape || shape[0] != call.Shape[-1])
            throw call.Unsupported("its kernel is packed");
        Value kernel = call.Weights.Get(call.Graph, 0, "kernel");
        Value size = call.Op("Abs", kernel), mean = call.Op("Mean", size, call.Ints(0, 1));
        bool isFixed = call.Config.Find("threshold") is { ValueKind: System.Text.Json.JsonValueKind.Number };
        Value threshold = isFixed ? call.Like(kernel, call.Config.Number("threshold", 0)) : call.Op("Mul", mean, call.Like(mean, 0.5f));
        Value ternary = call.Op("Mul", call.Op("Sign", kernel), call.Cast(call.Op("Greater", size, threshold), LayerGraph.DTypeOf(kernel)));
        Value y = call.Op("BatchMatMulV2", call.Input, ternary);
        return Activations.Apply(call, "activation", Bias(call, isFixed ? y : call.Op("Mul", y, mean), 1));
    }

    public static Value Flatten(LayerCall call)
    {
        Value x = call.Input;
        if (call.IsChannelsFirst && call.Rank > 2)
            x = call.Transpose(x, [0, .. Enumerable.Range(2, call.Rank - 2), 1]);
        long size = 1;
        for (int i = 1; i < call.Rank; i++)
            size = size < 0 || call.Shape[i] < 0 ? -1 : Math.Min(int.MaxValue, size * call.Shape[i]);
        return size >= 0 ? call.Reshape(x, -1, (int)size) : call.Op("Reshape", x, call.Op("Pack", [call.Size(x, 0), call.Int(-1)]));
    }

    public static Value Reshape(LayerCall call) => Batched(call, call.Config.List(call.Config.Find("target_shape") is null ? "dims" : "target_shape"));

    private static Value Batched(LayerCall call, int[] dims)
    {
        if (!dims.Contains(-1))
            return call.Reshape(call.Input, [-1, .. dims]);
        return call.Op("Reshape", call.Input, call.Op("Pack", [call.Size(call.Input, 0), .. dims.Select(d => call.Int(d))]));
    }

    public static Value Permute(LayerCall call) => call.Transpose(call.Input, [0, .. call.Config.List("dims")]);

    public static Value RepeatVector(LayerCall call) =>
        call.Op("Tile", call.Op("ExpandDims", call.Input, call.Int(1)), call.Ints(1, call.Config.Int("n"), 1));

    public static Value Masking(LayerCall call)
    {
        Value x = call.Input;
        Value differs = call.Op("NotEqual", x, call.Like(x, call.Config.Number("mask_value", 0)));
        call.OutputMask = call.Op("Any", differs, call.Int(-1));
        call.SetsMask = true;
        Value kept = call.Op("ExpandDims", call.OutputMask, call.Int(-1));
        return call.Op("Mul", x, call.Cast(kept, LayerGraph.DTypeOf(x)));
    }

    /// <summary><c>scale x + offset</c>, whose numbers may be one for each channel.</summary>
    public static Value Rescaling(LayerCall call)
    {
        Value x = AsFloat(call, call.Input);
        return call.Op("AddV2", call.Op("Mul", x, Factor("scale", 1)), Factor("offset", 0));

        Value Factor(string option, float otherwise)
        {
            Value numbers = call.Cast(call.Numbers(option, otherwise), LayerGraph.DTypeOf(x));
            return call.IsChannelsFirst && LayerGraph.ShapeOf(numbers).Rank == 1 ? call.Reshape(numbers, -1, 1, 1) : numbers;
        }
    }

    public static Value AsFloat(LayerCall call, Value x) =>
        LayerGraph.DTypeOf(x).IsFloating() ? x : call.Cast(x, DType.Float32);

    /// <summary>Padding of the dimensions between batch and channels.</summary>
    public static Value ZeroPadding(LayerCall call, int dims)
    {
        bool first = call.IsChannelsFirst;
        var pads = new int[(dims + 2) * 2];
        int[][] pairs = call.Config.Pairs("padding", dims);
        for (int d = 0; d < dims; d++)
            (pads[(d + (first ? 2 : 1)) * 2], pads[((d + (first ? 2 : 1)) * 2) + 1]) = (pairs[d][0], pairs[d][1]);
        return call.Op("Pad", call.Input, call.Graph.Const($"{call.Scope}/paddings", Tensor.Wrap(pads, new Shape(dims + 2, 2))));
    }

    public static Value Cropping(LayerCall call, int dims)
    {
        int start = call.IsChannelsFirst ? 2 : 1;
        int[][] pairs = call.Config.Pairs("cropping", dims);
        int[] from = new int[dims + 2];
        int[] to = new int[dims + 2];
        int openEnds = (1 << (dims + 2)) - 1;
        for (int d = 0; d < dims; d++)
        {
            from[start + d] = pairs[d][0];
            to[start + d] = -pairs[d][1];
            if (pairs[d][1] > 0)
                openEnds &= ~(1 << (start + d));
        }

        return call.Op("StridedSlice", [call.Input, call.Ints(from), call.Ints(to), call.Ints([.. Enumerable.Repeat(1, dims + 2)])], new AttributeMap { { "end_mask", openEnds } });
    }

    /// <summary>Each element along the dimensions between batch and channels several times.</summary>
    public static Value UpSampling(LayerCall call, int dims)
    {
        int[] factors = call.Config.Ints("size", dims, 2);
        int start = call.IsChannelsFirst ? 2 : 1;
        Value x = call.Input;
        string method = call.Config.Text("interpolation", "nearest");
        if (dims == 2 && start == 1)
            return Interpolation.Resize(call, x, call.Op("Mul", call.Op("Pack", [call.Size(x, 1), call.Size(x, 2)]), call.Ints(factors)), method);
        if (method != "nearest")
            throw call.Unsupported($"its interpolation is '{method}'");
        for (int d = 0; d < dims; d++)
        {
            // [.., n, rest] to [.., n, 1, rest], repeated, and back to [.., n * factor, rest].
            Value grown = call.Op("ExpandDims", x, call.Int(start + d + 1));
            int[] multiples = [.. Enumerable.Repeat(1, dims + 3)];
            multiples[start + d + 1] = factors[d];
            Value repeated = call.Op("Tile", grown, call.Ints(multiples));
            Value[] sizes = [.. Enumerable.Range(0, dims + 2).Select(i => i == start + d ? call.Op("Mul", call.Size(x, i), call.Int(factors[d])) : call.Size(x, i))];
            x = call.Op("Reshape", repeated, call.Op("Pack", sizes));
        }

        return x;
    }
}
