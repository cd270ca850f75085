using Decant.IR;
using Decant.Ops.TFLite;
using static Decant.Lowering.Raising.RaisingTable;

namespace Decant.Lowering.Raising;

/// <summary>Products, convolutions, pools, normalizations and resizing. Filters are put into TensorFlow's order.</summary>
internal static class NeuralRules
{
    private static readonly string[] Depths = ["d", "h", "w"];

    public static IEnumerable<(string Name, RaisingRule Rule)> All =>
    [
        ("AVERAGE_POOL_2D", c => [c.Activated(c.Op("AvgPool", c.In(0), c.Window(isPool: true)))]),
        ("BATCH_MATMUL", c => [c.Op("BatchMatMulV2", c.In(0), c.In(1), new() { { "adj_x", c.Options.Bool("adj_x") }, { "adj_y", c.Options.Bool("adj_y") } })]),
        ("CONV_2D", c => Biased(c, c.Op("Conv2D", c.In(0), Ordered(c, 1, 1, 2, 3, 0), c.Window()), 2)),
        ("CONV_3D", c => Biased(c, c.Op("Conv3D", c.In(0), c.In(1), Window3D(c)), 2)),
        ("Convolution2DTransposeBias", SpreadWithBias),
        ("CONV_3D_TRANSPOSE", c => Biased(c, c.Op("Conv3DBackpropInputV2", [c.In(0), c.In(1), c.In(2)], Window3D(c)), 3)),
        ("DEPTHWISE_CONV_2D", Depthwise),
        ("FULLY_CONNECTED", FullyConnected),
        ("L2_NORMALIZATION", L2Normalization),
        ("L2_POOL_2D", c => [c.Activated(c.Op("Sqrt", c.Op("AvgPool", c.Op("Square", c.In(0)), c.Window(isPool: true))))]),
        ("LOCAL_RESPONSE_NORMALIZATION", c => [c.Op("LRN", c.In(0), new() { { "depth_radius", c.Options.Int("radius") }, { "bias", c.Options.Float("bias") }, { "alpha", c.Options.Float("alpha") }, { "beta", c.Options.Float("beta") } })]),
        ("LOG_SOFTMAX", Same("LogSoftmax")),
        ("MAX_POOL_2D", c => [c.Activated(c.Op("MaxPool", c.In(0), c.Window(isPool: true)))]),
        ("RESIZE_BILINEAR", Same("ResizeBilinear", Resized)),
        ("RESIZE_NEAREST_NEIGHBOR", Same("ResizeNearestNeighbor", Resized)),
        ("SOFTMAX", c => [c.Op("Softmax", c.Options.Float("beta") is var beta && beta == 1 ? c.In(0) : c.Op("Mul", c.In(0), c.Like(c.In(0), beta)))]),
        ("TRANSPOSE_CONV", TransposeConv),
    ];

    private static AttributeMap Resized(RaisingContext c) => new() { { "align_corners", c.Options.Bool("align_corners") }, { "half_pixel_centers", c.Options.Bool("half_pixel_centers") } };

    private static AttributeMap Window3D(RaisingContext c)
    {
        ListAttr List(string prefix, string suffix) => new() { Ints = [1, .. Depths.Select(a => c.Options.Int($"{prefix}{a}{suffix}")), 1] };
        return new() { { "strides", List("stride_", "") }, { "dilations", List("dilation_", "_factor") }, { "padding", c.Options.String("padding") }, { "data_format", "NDHWC" } };
    }

    private static Value Ordered(RaisingContext c, int input, params int[] axes) => c.Computed("Transpose", [c.In(input), c.Ints(axes)]);

    private static Value[] Biased(RaisingContext c, Value y, int bias) => [c.Activated(c.Has(bias) ? c.Op("BiasAdd", y, c.Bias(bias)) : y)];

    // Filters are [1, height, width, channels * multiplier].
    private static Value[] Depthwise(RaisingContext c)
    {
        Shape filter = c.Shape(1);
        long channels = c.Shape(0) is { HasRank: true, Rank: 4 } x ? x[3] : -1;
        if (filter is not { IsFullyKnown: true, Rank: 4 } || channels < 1 || filter[3] % channels != 0)
            throw c.Refuse($"has an input {c.Shape(0)} and a filter {filter}, expected [n,h,w,c] and [1,h,w,c*m]");
        Value ordered = c.Computed("Reshape", [c.In(1), c.Ints((int)filter[1], (int)filter[2], (int)channels, (int)(filter[3] / channels))]);
        return Biased(c, c.Op("DepthwiseConv2dNative", c.In(0), ordered, c.Window()), 2);
    }

    /// <summary>Rows of any number of dimensions times weights [out, in].</summary>
    private static Value[] FullyConnected(RaisingContext c)
    {
        if (c.Options.String("weights_format") != "DEFAULT")
            throw c.Refuse("has shuffled weights");
        Shape x = c.Shape(0), weights = c.Shape(1);
        bool isMatrix = x is { HasRank: true, Rank: 2 } && weights is { HasRank: true, Rank: 2 } && (x[1] == weights[1] || x[1] < 0 || weights[1] < 0);
        if (weights is not { HasRank: true, Rank: 2 } || (!isMatrix && weights[1] < 1))
            throw c.Refuse($"has an input {x} and weights {weights}, expected [out,in]");
        Value rows = isMatrix ? c.In(0) : c.Op("Reshape", c.In(0), c.Ints(-1, (int)weights[1]));
        Value product = c.In(1).Node.Op == "Const" ? c.Op("MatMul", rows, Ordered(c, 1, 1, 0)) : c.Op("MatMul", rows, c.In(1), new() { { "transpose_b", true } });
        Value y = Biased(c, product, 2)[0];
        if (!c.Options.Bool("keep_num_dims") || isMatrix)
            return [y];
        if (x.HasRank && x.Dims[..^1].Count(-1) < 2)
            return [c.Op("Reshape", y, c.Ints([.. x.Dims[..^1].ToArray().Select(d => (int)d), (int)weights[0]]))];
        Value outer = c.Op("StridedSlice", [c.Op("Shape", c.In(0), new AttributeMap { { "out_type", DType.Int32 } }), c.Ints(0), c.Ints(-1), c.Ints(1)]);
        return [c.Op("Reshape", y, c.Op("ConcatV2", [outer, c.Ints((int)weights[0]), c.Int(0)]))];
    }

    private static Value[] L2Normalization(RaisingContext c)
    {
        const float Least = 1e-6f;
        Value norm = c.Op("Sqrt", c.Op("Sum", c.Op("Square", c.In(0)), c.Ints(-1), new() { { "keep_dims", true } }));
        return [c.Activated(c.Op("RealDiv", c.In(0), c.Op("Maximum", norm, c.Like(norm, Least))))];
    }

    // Filters are [out, height, width, in], TensorFlow's [height, width, out, in].
    private static Value[] TransposeConv(RaisingContext c)
    {
        AttributeMap window = c.Window();
        return Biased(c, c.Op("Conv2DBackpropInput", [c.In(0), Ordered(c, 1, 1, 2, 0, 3), c.In(2)], window), 3);
    }

    /// <summary>MediaPipe's transposed convolution, whose output has the size that TensorFlow's has for its padding.</summary>
    private static Value[] SpreadWithBias(RaisingContext c)
    {
        var words = new WindowWords(c.Node, isPool: false);
        (Shape x, Shape filter) = (c.Shape(0), c.Shape(1));
        if (x is not { HasRank: true, Rank: 4 } || x[1] < 0 || x[2] < 0 || filter is not { IsFullyKnown: true, Rank: 4 })
            throw c.Refuse($"has an input {x} and a filter {filter}, expected [n,h,w,i] and [o,h,w,i] of known sizes");
        int Size(int axis, int stride) => (int)Math.Min(int.MaxValue, MediaPipe.Spread(words.Padding, x[axis], filter[axis], stride).Output);
        int[] rest = [Size(1, words.Stride.H), Size(2, words.Stride.W), (int)filter[0]];
        Value sizes = x[0] >= 0 ? c.Ints([(int)x[0], .. rest])
            : c.Op("ConcatV2", [c.Op("Slice", [c.Op("Shape", c.In(0)), c.Ints(0), c.Ints(1)]), c.Ints(rest), c.Int(0)]);
        var window = new AttributeMap { { "strides", new ListAttr { Ints = [1, words.Stride.H, words.Stride.W, 1] } }, { "padding", words.Padding }, { "data_format", "NHWC" } };
        return Biased(c, c.Op("Conv2DBackpropInput", [sizes, Ordered(c, 1, 1, 2, 0, 3), c.In(0)], window), 2);
    }
}
