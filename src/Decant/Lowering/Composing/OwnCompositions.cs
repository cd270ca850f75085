using Decant.IR;
using Decant.Ops;
using Decant.Ops.NN;

namespace Decant.Lowering.Composing;

/// <summary>The values of a node's outputs; null when it can stay.</summary>
internal delegate Value[]? Composition(CompositionContext context);

/// <summary>Ops that TensorFlow.js has with some attributes alone, and those that are operators of TensorFlow Lite but no ops of TensorFlow.js.</summary>
internal static class OwnCompositions
{
    private static readonly Dictionary<string, Composition> All = new(StringComparer.Ordinal)
    {
        ["All"] = c => Empty(c, 1),
        ["Assign"] = c => [c.In(1)],
        ["Bucketize"] = Bucketize,
        ["Conv2D"] = Grouped,
        ["Conv3DBackpropInputV2"] = TransposedConvolution.Run,
        ["Cumprod"] = c => Cumulative(c, "Cumprod"),
        ["Cumsum"] = c => Cumulative(c, "Cumsum"),
        ["IRFFT"] = Spectra.Back,
        ["MatrixDiag"] = c => [c.Tf("SelectV2", Diagonal(c, Numbers(c, 0, -1), Numbers(c, 0, -1)), c.Tf("ExpandDims", c.In(0), c.Scalar(-1, DType.Int32)), c.Scalar(0, c.Type(0)))],
        ["MatrixSetDiag"] = MatrixSetDiag,
        ["Max"] = c => Empty(c, c.Type(0) == DType.Int32 ? int.MinValue : double.NegativeInfinity),
        ["Mean"] = c => Empty(c, double.NaN),
        ["Min"] = c => Empty(c, c.Type(0) == DType.Int32 ? int.MaxValue : double.PositiveInfinity),
        ["OneHot"] = OneHot,
        ["ParallelConcat"] = c => [c.Tf("ConcatV2", [.. c.Node.Inputs, c.Scalar(0, DType.Int32)])],
        ["RFFT"] = Spectra.Line,
        ["RFFT2D"] = Spectra.Image,
        ["ReverseSequence"] = ReverseSequence,
        ["Rint"] = c => [c.Tf("Round", c.In(0))],
        ["ScatterAdd"] = c => Scatters.Added(c, "AddV2", isNd: false),
        ["ScatterDiv"] = c => Scatters.Combined(c, "RealDiv", "Prod", 1),
        ["ScatterMax"] = c => Scatters.Combined(c, "Maximum", "Max", c.Type(0) == DType.Int32 ? int.MinValue : double.NegativeInfinity),
        ["ScatterMin"] = c => Scatters.Combined(c, "Minimum", "Min", c.Type(0) == DType.Int32 ? int.MaxValue : double.PositiveInfinity),
        ["ScatterMul"] = c => Scatters.Combined(c, "Mul", "Prod", 1),
        ["ScatterNdAdd"] = c => Scatters.Added(c, "AddV2", isNd: true),
        ["ScatterNdSub"] = c => Scatters.Added(c, "Sub", isNd: true),
        ["ScatterNdUpdate"] = c => Scatters.Updated(c, isNd: true),
        ["ScatterSub"] = c => Scatters.Added(c, "Sub", isNd: false),
        ["ScatterUpdate"] = c => Scatters.Updated(c, isNd: false),
        ["SegmentSum"] = SegmentSum,
        ["SpaceToDepth"] = SpaceToDepth,
        ["TruncateDiv"] = c => [Truncated(c, "FloorDiv", c.Tf("Mul", c.Tf("Sign", c.In(0)), c.Tf("Sign", c.In(1))))],
        ["TruncateMod"] = c => [Truncated(c, "FloorMod", c.Tf("Sign", c.In(0)))],
        ["UnsortedSegmentMax"] = c => Extreme(c, "Max", isMax: true),
        ["UnsortedSegmentMin"] = c => Extreme(c, "Min", isMax: false),
        ["UnsortedSegmentProd"] = c => Segments(c, "Prod", 1),
        ["UnsortedSegmentSum"] = UnsortedSegmentSum,
    };

    public static Composition? Find(string op) => All.GetValueOrDefault(op);

    /// <summary>
    /// Whether a node changes what is a constant in the graph, as variables of a frozen one are: then what it gives is a value like any other.
    /// </summary>
    public static bool ChangesConstant(Node node)
    {
        while (node.Op.Name is "Assign" or "Identity" || node.Op.Name.StartsWith("Scatter", StringComparison.Ordinal))
        {
            if (node.Inputs.Count == 0)
                return false;
            node = node.Inputs[0].Node;
        }

        return node.Op == "Const";
    }

    /// <summary>What reducing nothing gives; TensorFlow.js gives other numbers.</summary>
    private static Value[]? Empty(CompositionContext c, double value)
    {
        Shape made = ReducesAll(c) ? c.Attributes.Bool("keep_dims") ? new Shape([.. Enumerable.Repeat(1L, c.Shape(0).Rank)]) : Shape.Scalar : c.Output().Shape;
        const long Most = 1 << 20;
        if (c.Shape(0) is not { IsFullyKnown: true, ElementCount: 0 } || made is not { IsFullyKnown: true, ElementCount: > 0 and <= Most } || c.Type(0) is not (DType.Bool or DType.Float32 or DType.Float64 or DType.Int32) || (double.IsNaN(value) && !c.Type(0).IsFloating()))
            return null;
        return [c.Tf("Fill", c.Vector(made.Dims), c.Scalar(value, c.Type(0)))];
    }

    // Without axes, programs in Python count all dimensions of the input.
    private static bool ReducesAll(CompositionContext c) =>
        c.Shape(0).HasRank && c.In(1).Node is { Op.Name: "Range", Inputs: [{ Constant: not null } start, var limit, { Constant: not null } step] }
        && TensorInts.Read(start.Constant!, c.Node) is [0] && TensorInts.Read(step.Constant!, c.Node) is [1]
        && (limit.Constant is { } rank ? TensorInts.Read(rank, c.Node) is [var all] && all == c.Shape(0).Rank : limit.Node.Op.Name == "Rank" && limit.Node.Inputs[0] == c.In(0));

    /// <summary>How many of the boundaries, which rise, a number has reached.</summary>
    private static Value[] Bucketize(CompositionContext c)
    {
        float[] boundaries = [.. c.Attributes.Floats("boundaries")];
        if (boundaries.Length == 0)
            return [c.Tf("Cast", new AttributeMap { { "DstT", DType.Int32 } }, c.Tf("ZerosLike", c.In(0)))];
        Value x = c.Type(0) == DType.Float32 ? c.In(0) : c.Tf("Cast", new AttributeMap { { "DstT", DType.Float32 } }, c.In(0));
        // NaN is below none of them.
        Value reached = c.Tf("LogicalNot", c.Tf("Less", c.Tf("ExpandDims", x, c.Scalar(-1, DType.Int32)), c.Const(Tensor.Wrap(boundaries))));
        return [c.Tf("Sum", c.Tf("Cast", new AttributeMap { { "DstT", DType.Int32 } }, reached), c.Vector(-1))];
    }

    /// <summary>A convolution of groups of channels, which TensorFlow.js does not have, as one for each; of single channels, as one by depth.</summary>
    private static Value[]? Grouped(CompositionContext c)
    {
        const int MostGroups = 256;
        int channel = c.Attributes.String("data_format") == "NCHW" ? 1 : 3;
        Shape filter = c.Shape(1);
        long groups = Conv.Groups(c.Shape(0), filter, channel);
        if (groups == 1 || !filter.IsFullyKnown)
            return null;
        if (filter[2] == 1 && channel == 3 && c.Attributes.String("padding") != "EXPLICIT")
        {
            var byDepth = new AttributeMap();
            foreach (string name in (string[])["strides", "padding", "data_format", "dilations"])
            {
                if (c.Node.Attributes[name] is { } value)
                    byDepth.Set(name, value);
            }

            return [c.Tf("DepthwiseConv2dNative", byDepth, c.In(0), c.Tf("Reshape", c.In(1), c.Vector(filter[0], filter[1], groups, filter[3] / groups)))];
        }

        if (groups > MostGroups)
            throw c.Refuse($"has {groups} groups of channels, expected at most {MostGroups}");
        var split = new AttributeMap { { "num_split", groups } };
        Value axis = c.Scalar(channel, DType.Int32);
        Value[] parts = c.Expand("Split", [axis, c.In(0)], split), filters = c.Expand("Split", [c.Scalar(3, DType.Int32), c.In(1)], split);
        return [c.Tf("ConcatV2", [.. parts.Zip(filters, (p, f) => c.Tf("Conv2D", c.Node.Attributes.Clone(), p, f)), axis])];
    }

    /// <summary>TensorFlow.js has the new axis last, whatever the attribute says.</summary>
    private static Value[]? OneHot(CompositionContext c)
    {
        long axis = c.Attributes.Int("axis");
        if (axis == -1)
            return null;
        if (c.Shape(0) is not { HasRank: true, Rank: var rank })
            throw c.Refuse($"puts its new axis at {axis} of a shape whose rank is not known");
        if (axis == rank)
            return null;
        var last = new AttributeMap();
        foreach ((string name, AttrValue value) in c.Node.Attributes)
            last.Set(name, name == "axis" ? -1 : value);
        return [c.Tf("Transpose", c.Tf("OneHot", last, [.. c.Node.Inputs]), c.Vector([.. Enumerable.Range(0, rank + 1).Select(d => d < axis ? d : d == axis ? rank : d - 1L)]))];
    }

    /// <summary>TensorFlow.js counts axes from the front.</summary>
    private static Value[]? Cumulative(CompositionContext c, string op) =>
        c.Known(1) is not [< 0 and var axis] ? null
            : c.Shape(0) is { HasRank: true, Rank: var rank } ? [c.Tf(op, c.Node.Attributes.Clone(), c.In(0), c.Scalar(axis + rank, c.Type(1)))]
            : throw c.Refuse($"runs along axis {axis} of a shape whose rank is not known");

    /// <summary>0, 1, ... for each index of a dimension of an input, which counts from the end.</summary>
    private static Value Numbers(CompositionContext c, int input, int dimension)
    {
        Shape shape = c.Shape(input);
        if (!shape.HasRank || shape.Rank < -dimension)
            throw c.Refuse($"has an input {shape}, whose rank must be known and at least {-dimension}");
        Value size = shape[dimension] >= 0 ? c.Scalar(shape[dimension], DType.Int32)
            : c.Tf("GatherV2", c.Tf("Shape", new AttributeMap { { "out_type", DType.Int32 } }, c.In(input)), c.Scalar(shape.Rank + dimension, DType.Int32), c.Scalar(0, DType.Int32));
        return c.Tf("Range", c.Scalar(0, DType.Int32), size, c.Scalar(1, DType.Int32));
    }

    /// <summary>True on the diagonal of matrices with these rows and columns.</summary>
    private static Value Diagonal(CompositionContext c, Value rows, Value columns) => c.Tf("Equal", c.Tf("ExpandDims", rows, c.Scalar(1, DType.Int32)), c.Tf("ExpandDims", columns, c.Scalar(0, DType.Int32)));

    /// <summary>The diagonal as a column, in which rows without one have its last number, which nothing reads.</summary>
    private static Value[] MatrixSetDiag(CompositionContext c)
    {
        Value rows = Numbers(c, 0, -2), column = c.In(1);
        if (c.Shape(0) is var matrix && !(matrix[-1] >= matrix[-2] && matrix[-2] >= 0))
        {
            Value last = c.Tf("Max", Numbers(c, 1, -1), c.Vector(0));
            column = c.Tf("GatherV2", column, c.Tf("Minimum", rows, last), c.Scalar(matrix.Rank - 2, DType.Int32));
        }

        return [c.Tf("SelectV2", Diagonal(c, rows, Numbers(c, 0, -1)), c.Tf("ExpandDims", column, c.Scalar(-1, DType.Int32)), c.In(0))];
    }

    /// <summary>Gathers the steps of each example: <c>length - 1 - i</c> for those before its length.</summary>
    private static Value[] ReverseSequence(CompositionContext c)
    {
        int steps = (int)c.Attributes.Int("seq_dim"), batch = (int)c.Attributes.Int("batch_dim");
        if (c.Shape(0) is not { HasRank: true, Rank: > 1 and var rank } || steps == batch || steps < 0 || steps >= rank || batch < 0 || batch >= rank)
            throw c.Refuse($"reverses dimension {steps} of examples along {batch} of an input {c.Shape(0)}, expected two of its dimensions");
        int[] axes = [batch, steps, .. Enumerable.Range(0, rank).Where(d => d != batch && d != steps)];
        bool isFirst = batch == 0 && steps == 1;
        Value values = isFirst ? c.In(0) : c.Tf("Transpose", c.In(0), c.Const(Tensor.Wrap(axes)));
        Value number = Numbers(c, 0, steps - rank);
        Value length = c.Tf("ExpandDims", c.Tf("Cast", new AttributeMap { { "DstT", DType.Int32 } }, c.In(1)), c.Scalar(1, DType.Int32));
        Value from = c.Tf("SelectV2", c.Tf("Less", number, length), c.Tf("Sub", c.Tf("Sub", length, c.Scalar(1, DType.Int32)), number), number);
        Value reversed = c.Tf("GatherV2", new AttributeMap { { "batch_dims", 1 } }, values, from, c.Scalar(1, DType.Int32));
        return [isFirst ? reversed : c.Tf("Transpose", reversed, c.Const(Tensor.Wrap([.. Enumerable.Range(0, rank).Select(d => Array.IndexOf(axes, d))])))];
    }

    /// <summary>Of magnitudes, with a sign.</summary>
    private static Value Truncated(CompositionContext c, string op, Value sign) => c.Tf("Mul", sign, c.Tf(op, c.Tf("Abs", c.In(0)), c.Tf("Abs", c.In(1))));

    private static Value[] SpaceToDepth(CompositionContext c)
    {
        long block = c.Attributes.Int("block_size");
        Shape x = c.Shape(0);
        if (c.Attributes.String("data_format") != "NHWC" || x is not { HasRank: true, Rank: 4 } || x.Dims[1..].Contains(-1) || x[1] % block != 0 || x[2] % block != 0)
            throw c.Refuse($"has an input {x}, expected [n,h,w,c] of which the last three are known");
        Value blocks = c.Tf("Reshape", c.In(0), c.Vector(-1, x[1] / block, block, x[2] / block, block, x[3]));
        return [c.Tf("Reshape", c.Tf("Transpose", blocks, c.Vector(0, 1, 3, 2, 4, 5)), c.Vector(-1, x[1] / block, x[2] / block, block * block * x[3]))];
    }

    /// <summary>Rows are added where they are scattered to; those of negative segments are zeros that go to the first.</summary>
    private static Value[] UnsortedSegmentSum(CompositionContext c)
    {
        (Value rows, Value ids) = Rows(c);
        Value isIn = c.Tf("GreaterEqual", ids, c.Scalar(0, c.Type(1)));
        Value kept = c.Tf("SelectV2", Spread(c, isIn), rows, c.Tf("ZerosLike", rows));
        Value places = c.Tf("ExpandDims", c.Tf("Maximum", ids, c.Scalar(0, c.Type(1))), c.Scalar(-1, DType.Int32));
        Value count = c.Tf("Reshape", c.Tf("Cast", new AttributeMap { { "DstT", c.Type(1) } }, c.In(2)), c.Vector(1));
        Value tail = c.Const(Tensor.Wrap([.. Tail(c).ToArray().Select(d => (int)d)]));
        Value shape = c.Tf("ConcatV2", count, c.Tf("Cast", new AttributeMap { { "DstT", c.Type(1) } }, tail), c.Scalar(0, DType.Int32));
        return [c.Tf("ScatterNd", places, kept, shape)];
    }

    private static Value[] SegmentSum(CompositionContext c)
    {
        Value last = c.Tf("Max", c.In(1), c.Vector(0));
        return [c.Tf("UnsortedSegmentSum", c.In(0), c.In(1), c.Tf("AddV2", last, c.Scalar(1, c.Type(1))))];
    }

    /// <summary>For each segment the extreme of all rows, where those of others are the other extreme of the type.</summary>
    private static Value[] Extreme(CompositionContext c, string op, bool isMax) => Segments(c, op, c.Type(0) switch
    {
        DType.Int32 => isMax ? int.MinValue : int.MaxValue,
        DType.Float32 => isMax ? float.MinValue : float.MaxValue,
        var type => throw c.Refuse($"is of {type.Name()}"),
    });

    private static Value[] Segments(CompositionContext c, string op, double none)
    {
        (Value rows, Value ids) = Rows(c);
        return [Reduced(c, op, rows, ids, c.In(2), Tail(c).Length, c.Scalar(none, c.Type(0)))];
    }

    /// <summary>For each of <paramref name="count"/> numbers what the rows that have it are reduced to, and what rows without it count as.</summary>
    internal static Value Reduced(CompositionContext c, string op, Value rows, Value ids, Value count, int tail, Value none)
    {
        Value segments = c.Tf("ExpandDims", c.Tf("Range", c.Scalar(0, DType.Int32), c.Tf("Cast", new AttributeMap { { "DstT", DType.Int32 } }, count), c.Scalar(1, DType.Int32)), c.Scalar(1, DType.Int32));
        Value isOf = c.Tf("Equal", segments, c.Tf("ExpandDims", c.Tf("Cast", new AttributeMap { { "DstT", DType.Int32 } }, ids), c.Scalar(0, DType.Int32)));
        for (int i = 0; i < tail; i++)
            isOf = c.Tf("ExpandDims", isOf, c.Scalar(-1, DType.Int32));
        return c.Tf(op, c.Tf("SelectV2", isOf, c.Tf("ExpandDims", rows, c.Scalar(0, DType.Int32)), none), c.Vector(1));
    }

    /// <summary>The data as rows, one for each number of a segment.</summary>
    private static (Value Rows, Value Ids) Rows(CompositionContext c) => c.Shape(1).Rank == 1 ? (c.In(0), c.In(1))
        : (c.Tf("Reshape", c.In(0), c.Vector([-1, .. Tail(c)])), c.Tf("Reshape", c.In(1), c.Vector(-1)));

    /// <summary>With a dimension of 1 for each of a row.</summary>
    private static Value Spread(CompositionContext c, Value mask)
    {
        for (int i = 0; i < Tail(c).Length; i++)
            mask = c.Tf("ExpandDims", mask, c.Scalar(-1, DType.Int32));
        return mask;
    }

    private static ReadOnlySpan<long> Tail(CompositionContext c) =>
        c.Shape(0) is { HasRank: true } data && c.Shape(1) is { HasRank: true } ids && ids.Rank <= data.Rank && !data.Dims[ids.Rank..].Contains(-1) ? data.Dims[ids.Rank..]
        : throw c.Refuse($"has data {c.Shape(0)} for segments {c.Shape(1)}, of which all dimensions of a row must be known");
}
