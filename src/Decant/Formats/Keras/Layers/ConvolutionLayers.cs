using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>Convolutions of one, two and three dimensions. Those of one are those of two with a height of 1.</summary>
internal static class ConvolutionLayers
{
    private static readonly AttributeMap Height = new() { { "squeeze_dims", new ListAttr { Ints = [1] } } };

    public static Value Conv(LayerCall call, int dims)
    {
        int[] strides = call.Config.Ints("strides", dims, 1);
        int[] dilations = call.Config.Ints("dilation_rate", dims, 1);
        Value x = Enter(call, dims, dilations, out string padding);
        Value kernel = Kernel(call, dims);
        Value y = call.Op(dims == 3 ? "Conv3D" : "Conv2D", x, kernel, new AttributeMap
        {
            { "strides", Whole(strides) }, { "padding", padding }, { "dilations", Whole(dilations) },
        });
        return Leave(call, dims, y, 1);
    }

    public static Value Depthwise(LayerCall call, int dims)
    {
        Value y = DepthwisePart(call, dims, out _);
        return Leave(call, dims, y, 1);
    }

    public static Value Separable(LayerCall call, int dims)
    {
        Value y = DepthwisePart(call, dims, out _);
        Shape point = call.Weights.Shape(1);
        Value pointwise = call.Weights.Get(call.Graph, 1, "pointwise_kernel", dims == 1 && point.Rank == 3 ? new Shape(1, point[0], point[1], point[2]) : null);
        y = call.Op("Conv2D", y, pointwise, new AttributeMap { { "strides", Whole([1, 1]) }, { "padding", "VALID" } });
        return Leave(call, dims, y, 2);
    }

    /// <summary>The gradient of a convolution; the size of its output follows Keras's formula.</summary>
    public static Value Transposed(LayerCall call, int dims)
    {
        int[] strides = call.Config.Ints("strides", dims, 1);
        int[] dilations = call.Config.Ints("dilation_rate", dims, 1);
        const int MostDilated = 1 << 12;
        int[] kernels = [.. call.Config.Ints("kernel_size", dims).Zip(dilations, (k, d) => d is >= 1 and <= MostDilated && k is >= 1 and <= MostDilated ? ((k - 1) * d) + 1 : throw call.Config.Bad("dilation_rate", $"sizes and rates from 1 to {MostDilated}"))];
        string padding = call.Config.Text("padding", "valid");
        int[]? outputPadding = call.Config.Find("output_padding") is { ValueKind: not System.Text.Json.JsonValueKind.Null } ? call.Config.Ints("output_padding", dims) : null;
        Value x = Enter(call, dims, [.. Enumerable.Repeat(1, dims)], out string op);
        Shape shape = call.Weights.Shape(0);
        Value kernel = call.Weights.Get(call.Graph, 0, "kernel", dims == 1 && shape.Rank == 3 ? new Shape(1, shape[0], shape[1], shape[2]) : null);
        kernel = Dilated(call, kernel, dims == 1 ? [1, dilations[0]] : dilations);
        Value[] sizes = [call.Size(x, 0), .. Enumerable.Repeat(call.Int(1), Math.Max(2, dims)), call.Int((int)shape[-2])];
        for (int d = 0; d < dims; d++)
        {
            // valid: n s + max(k - s, 0); same: n s; with output_padding p: (n - 1) s + k - 2 pad + p.
            int extra = (padding, outputPadding) switch
            {
                ("valid", null) => Math.Max(kernels[d] - strides[d], 0),
                ("same", null) => 0,
                ("valid", { } p) => kernels[d] - strides[d] + p[d],
                (_, { } p) => kernels[d] - strides[d] - (2 * (kernels[d] / 2)) + p[d],
                _ => throw call.Unsupported($"its padding is '{padding}'"),
            };
            int at = dims == 1 ? 2 : 1 + d;
            sizes[at] = call.Op("AddV2", call.Op("Mul", call.Size(x, at), call.Int(strides[d])), call.Int(extra));
        }

        Value y = call.Op(dims == 3 ? "Conv3DBackpropInputV2" : "Conv2DBackpropInput", call.Op("Pack", sizes), kernel, x, new AttributeMap { { "strides", Whole(dims == 1 ? [1, strides[0]] : strides) }, { "padding", op } });
        return Leave(call, dims, y, 1);
    }

    /// <summary>A kernel [.., out, in] with zeros between its elements.</summary>
    private static Value Dilated(LayerCall call, Value kernel, int[] rates)
    {
        if (rates.All(r => r == 1))
            return kernel;
        Shape shape = LayerGraph.ShapeOf(kernel);
        int dims = rates.Length, rest = (int)(shape[-2] * shape[-1]);
        // [h, w, c] to [h, 1, w, 1, c], padded to [h, r, w, r, c], which is [h r, w r, c] with too many zeros at the end.
        int[] apart = [.. Enumerable.Range(0, dims).SelectMany(d => new[] { (int)shape[d], 1 }), rest];
        int[] padding = [.. Enumerable.Range(0, dims).SelectMany(d => new[] { 0, 0, 0, rates[d] - 1 }), 0, 0];
        Value padded = call.Op("Pad", call.Reshape(kernel, apart), call.Graph.Const($"{call.Scope}/dilation", Tensor.Wrap(padding, new Shape(padding.Length / 2, 2))));
        Value whole = call.Reshape(padded, [.. Enumerable.Range(0, dims).Select(d => (int)shape[d] * rates[d]), (int)shape[-2], (int)shape[-1]]);
        int[] size = [.. Enumerable.Range(0, dims).Select(d => (((int)shape[d] - 1) * rates[d]) + 1), -1, -1];
        return call.Op("Slice", whole, call.Ints(new int[dims + 2]), call.Ints(size));
    }

    /// <summary>The gradient of a convolution in Keras 1, which is told the size of its output [n, h, w, filters], and keeps kernels as convolutions do: [h, w, in, filters].</summary>
    public static Value Deconvolution(LayerCall call)
    {
        Value x = Enter(call, 2, [1, 1], out string padding);
        int[] shape = call.Config.List("output_shape"), strides = call.Config.Ints("strides", 2, 1);
        if (call.Weights.Shape(0) is not { Rank: 4 } filter || shape.Length != 4 || shape[3] != filter[3] || shape[1] < 1 || shape[2] < 1 || strides[0] < 1 || strides[1] < 1)
            throw call.Config.Bad("output_shape", $"the sizes [n, h, w, filters] for a kernel {call.Weights.Shape(0)} and strides {strides[0]} and {strides[1]}");
        for (int d = 0; d < 2; d++)
        {
            // The size of the convolution that this is the gradient of.
            int rest = padding == "SAME" ? shape[1 + d] : shape[1 + d] - (int)Math.Min(filter[d], int.MaxValue) + 1;
            if (LayerGraph.ShapeOf(x)[1 + d] is >= 0 and var size && (rest < 1 || size != ((rest - 1) / strides[d]) + 1))
                throw call.Config.Bad("output_shape", $"a size that a convolution makes {size} of in dimension {d}");
        }

        Value kernel = call.Transpose(call.Weights.Get(call.Graph, 0, "kernel"), 0, 1, 3, 2);
        Value sizes = call.Op("Pack", [call.Size(x, 0), call.Int(shape[1]), call.Int(shape[2]), call.Int(shape[3])]);
        Value y = call.Op("Conv2DBackpropInput", sizes, kernel, x, new AttributeMap { { "strides", Whole(strides) }, { "padding", padding } });
        return Leave(call, 2, y, 1);
    }

    public static ListAttr Whole(int[] inner) => new() { Ints = inner.Length == 1 ? [1, 1, inner[0], 1] : [1, .. inner.Select(i => (long)i), 1] };

    private static Value DepthwisePart(LayerCall call, int dims, out string padding)
    {
        int[] strides = call.Config.Ints("strides", dims, 1);
        int[] dilations = call.Config.Ints("dilation_rate", dims, 1);
        Value x = Enter(call, dims, dilations, out padding);
        Shape shape = call.Weights.Shape(0);
        Value kernel = call.Weights.Get(call.Graph, 0, "depthwise_kernel", dims == 1 && shape.Rank == 3 ? new Shape(1, shape[0], shape[1], shape[2]) : null);
        if (dims == 2 && strides[0] != strides[1])
            throw call.Unsupported($"its strides {strides[0]} and {strides[1]} differ");
        return call.Op("DepthwiseConv2dNative", x, kernel, new AttributeMap
        {
            { "strides", Whole(dims == 1 ? [strides[0], strides[0]] : strides) }, { "padding", padding }, { "dilations", Whole(dilations) },
        });
    }

    private static Value Kernel(LayerCall call, int dims)
    {
        Shape shape = call.Weights.Shape(0);
        if (dims != 1)
            return call.Weights.Get(call.Graph, 0, "kernel");
        // Keras 1 keeps [width, 1, in, out], Keras 2 [width, in, out].
        return call.Weights.Get(call.Graph, 0, "kernel", shape.Rank is 3 or 4 ? new Shape(1, shape[0], shape[-2], shape[-1]) : null);
    }

    /// <summary>The input with channels last, of rank 4 or 5, padded in front for causal convolutions.</summary>
    private static Value Enter(LayerCall call, int dims, int[] dilations, out string padding)
    {
        Value x = call.Input;
        if (call.Rank != dims + 2)
            throw KerasErrors.BadConfig.At(call.Config.Location(), $"its input has {call.Rank} dimensions, expected {dims + 2}");
        if (call.IsChannelsFirst)
            x = call.Transpose(x, [0, .. Enumerable.Range(2, dims), 1]);
        padding = call.Config.Text("padding", "valid") switch
        {
            "valid" => "VALID",
            "same" => "SAME",
            "causal" when dims == 1 => "CAUSAL",
            var other => throw call.Unsupported($"its padding is '{other}'"),
        };
        if (padding == "CAUSAL")
        {
            int before = (call.Config.Ints("kernel_size", 1)[0] - 1) * dilations[0];
            x = call.Op("Pad", x, call.Graph.Const($"{call.Scope}/paddings", Tensor.Wrap([0, 0, before, 0, 0, 0], new Shape(3, 2))));
            padding = "VALID";
        }

        return dims == 1 ? call.Op("ExpandDims", x, call.Int(1)) : x;
    }

    private static Value Leave(LayerCall call, int dims, Value y, int bias)
    {
        if (dims == 1)
            y = call.Op("Squeeze", y, Height.Clone());
        y = Activations.Apply(call, "activation", CoreLayers.Bias(call, y, bias));
        return call.IsChannelsFirst ? call.Transpose(y, [0, dims + 1, .. Enumerable.Range(1, dims)]) : y;
    }
}
