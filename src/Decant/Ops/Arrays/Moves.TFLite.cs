using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.Arrays;

/// <summary>Ops that move elements, in TensorFlow Lite's operators.</summary>
internal static class MoveLowering
{
    public static IEnumerable<LoweringRule> All =>
    [
        new("Concat", g => g.Set(Concatenate(g, [.. g.Node.Inputs.Skip(1)], g.ConstantInts(0, "axes")[0]))),
        new("ConcatV2", g => g.Set(Concatenate(g, [.. g.Node.Inputs.Take(g.InputCount - 1)], g.ConstantInts(g.InputCount - 1, "axes")[0]))),
        new("ParallelConcat", g => g.Set(Concatenate(g, [.. g.Node.Inputs], 0))),
        new("Pack", g => g.Set(g.Emit("PACK", [.. g.Node.Inputs], new() { { "values_count", g.InputCount }, { "axis", Axis(g, g.Attributes.Int("axis"), Rank(g, 0) + 1) } })[0])),
        new("Unpack", Unpack),
        new("Split", g => Split(g, g.In(1), g.ConstantInts(0, "axes")[0], (int)g.Attributes.Int("num_split"))),
        new("SplitV", SplitV),
        new("Transpose", Transpose),
        new("Tile", g => g.Set(g.Emit("TILE", [g.In(0), ShapeLowering.Narrow(g, g.In(1))], null)[0])),
        new("Pad", g => g.Set(g.Emit("PAD", [g.In(0), ShapeLowering.Narrow(g, g.In(1))], null)[0])),
        new("PadV2", g => g.Set(g.Emit("PADV2", [g.In(0), ShapeLowering.Narrow(g, g.In(1)), g.In(2)], null)[0])),
        new("MirrorPad", g => g.Set(g.Emit("MIRROR_PAD", [g.In(0), ShapeLowering.Narrow(g, g.In(1))], new() { { "mode", g.Attributes.String("mode") } })[0])),
        new("Reverse", g => g.Set(g.Tf("ReverseV2", g.In(0), g.Vector([.. Dims(g.In(1).Constant ?? throw g.Refuse("has dimensions that are not constant"))])))),
        new("ReverseV2", ReverseV2),
        new("ReverseSequence", g => g.Set(g.Emit("REVERSE_SEQUENCE", [g.In(0), g.In(1)], new() { { "seq_dim", g.Attributes.Int("seq_dim") }, { "batch_dim", g.Attributes.Int("batch_dim") } })[0])),
        new("BatchToSpaceND", g => Blocks(g, "BATCH_TO_SPACE_ND")),
        new("SpaceToBatchND", g => Blocks(g, "SPACE_TO_BATCH_ND")),
        new("BatchToSpace", g => g.Set(g.Tf("BatchToSpaceND", g.In(0), g.Vector(g.Attributes.Int("block_size"), g.Attributes.Int("block_size")), g.In(1)))),
        new("SpaceToBatch", g => g.Set(g.Tf("SpaceToBatchND", g.In(0), g.Vector(g.Attributes.Int("block_size"), g.Attributes.Int("block_size")), g.In(1)))),
        new("DepthToSpace", g => Depth(g, "DEPTH_TO_SPACE")),
        new("SpaceToDepth", g => Depth(g, "SPACE_TO_DEPTH")),
        new("Roll", Roll),
    ];

    /// <summary>A constant axis, counted from the first dimension.</summary>
    public static long Axis(LoweringContext g, long axis, long rank) => axis >= 0 ? axis : rank > 0 ? axis + rank : throw g.Refuse("counts an axis from the end of a tensor of unknown rank");

    /// <summary>The rank of an input.</summary>
    public static int Rank(LoweringContext g, int input) => g.Shape(input).Rank;

    /// <summary>The tensor with its dimensions in another order.</summary>
    public static Value Transposed(LoweringContext g, Value value, params ReadOnlySpan<long> order) => g.Tf("Transpose", value, g.Vector(order));

    private static Value Concatenate(LoweringContext g, Value[] parts, long axis)
    {
        Shape known = LoweringContext.Fact(parts.FirstOrDefault(p => LoweringContext.Fact(p).Shape.HasRank, parts[0])).Shape;
        long from = Axis(g, axis, known.Rank);
        Value[] filled = [.. parts.Where(p => !(LoweringContext.Fact(p).Shape is { HasRank: true } s && from < s.Rank && s[(int)from] == 0))];
        if (filled.Length == 1)
            return filled[0];
        if (filled.Length == 0)
            return parts[0];
        return g.Emit("CONCATENATION", filled, new() { { "axis", from }, { "fused_activation_function", "NONE" } })[0];
    }

    private static void Unpack(LoweringContext g)
    {
        int count = (int)g.Attributes.Int("num");
        if (count == 0)
            return;
        if (g.Type(0) == DType.String && g.Shape(0) is { HasRank: true, Rank: > 0 } shape)
        {
            int axis = (int)Axis(g, g.Attributes.Int("axis"), shape.Rank);
            for (int i = 0; i < count; i++)
                g.Set(i, g.Tf("Squeeze", new AttributeMap { { "squeeze_dims", new ListAttr { Ints = [axis] } } }, Part(g, g.In(0), axis, i, 1)));
            return;
        }

        g.Set(g.Emit("UNPACK", [g.In(0)], new() { { "num", count }, { "axis", Axis(g, g.Attributes.Int("axis"), Rank(g, 0)) } }, Outputs(g, count)));
    }

    private static Fact[] Outputs(LoweringContext g, int count) => [.. Enumerable.Range(0, count).Select(g.Output)];

    private static void Split(LoweringContext g, Value value, long axis, int count)
    {
        if (count == 1)
        {
            g.Set(value);
            return;
        }

        Shape shape = LoweringContext.Fact(value).Shape;
        long from = Axis(g, axis, shape.Rank);
        if (shape.HasRank && LoweringContext.Fact(value).DType == DType.String && shape[(int)from] >= 0)
        {
            for (int i = 0; i < count; i++)
                g.Set(i, Part(g, value, (int)from, i * (shape[(int)from] / count), shape[(int)from] / count));
            return;
        }

        g.Set(g.Emit("SPLIT", [g.Scalar(from, DType.Int32), value], new() { { "num_splits", count } }, Outputs(g, count)));
    }

    /// <summary>So many indices of an axis: SLICE takes strings, which operators of several results do not.</summary>
    private static Value Part(LoweringContext g, Value value, int axis, long begin, long size)
    {
        int rank = LoweringContext.Fact(value).Shape.Rank;
        return g.Tf("Slice", value, g.Vector([.. Enumerable.Range(0, rank).Select(d => d == axis ? begin : 0)]), g.Vector([.. Enumerable.Range(0, rank).Select(d => d == axis ? size : -1)]));
    }

    private static void SplitV(LoweringContext g)
    {
        int count = (int)g.Attributes.Int("num_split");
        long from = Axis(g, g.ConstantInts(2, "axes")[0], Rank(g, 0));
        g.Set(g.Emit("SPLIT_V", [g.In(0), ShapeLowering.Narrow(g, g.In(1)), g.Scalar(from, DType.Int32)], new() { { "num_splits", count } }, Outputs(g, count)));
    }

    private static void Transpose(LoweringContext g)
    {
        if (g.Known(1) is { } order && order.Select((d, i) => d == i).All(same => same))
            g.Set(g.In(0));
        else
            g.Set(g.Emit("TRANSPOSE", [g.In(0), ShapeLowering.Narrow(g, g.In(1))], null)[0]);
    }

    private static IEnumerable<long> Dims(Tensor flags)
    {
        for (int i = 0; i < flags.ElementCount; i++)
        {
            if (flags.Data.Span[i] != 0)
                yield return i;
        }
    }

    // The kernel reverses one axis, or several that are next to one another; here it is one after the other.
    private static void ReverseV2(LoweringContext g)
    {
        long[] axes = g.ConstantInts(1, "axes");
        Value value = g.In(0);
        foreach (long axis in axes)
            value = g.Emit("REVERSE_V2", [value, g.Vector(Axis(g, axis, Rank(g, 0)))], null)[0];
        g.Set(value);
    }

    private static void Blocks(LoweringContext g, string operation)
    {
        if (g.Shape(0) is { HasRank: true, Rank: not (3 or 4) } || g.Shape(1) is { HasRank: true } block && block[0] != g.Shape(0).Rank - 2)
            throw g.Refuse($"moves blocks of {g.Shape(1)} dimensions of a tensor of shape {g.Shape(0)}, and the operator's kernel takes all but the first and the last of 3 or 4");
        g.Set(g.Emit(operation, [g.In(0), ShapeLowering.Narrow(g, g.In(1)), ShapeLowering.Narrow(g, g.In(2))], null)[0]);
    }

    private static void Depth(LoweringContext g, string operation)
    {
        if (g.Attributes.String("data_format") is not ("NHWC" or "NCHW") and var format)
            throw g.Refuse($"has the layout {format}");
        bool channelsFirst = g.Attributes.String("data_format") == "NCHW";
        var options = new AttributeMap { { "block_size", g.Attributes.Int("block_size") } };
        if (!channelsFirst)
        {
            g.Set(g.Emit(operation, [g.In(0)], options)[0]);
            return;
        }

        options.Set("data_format", "NHWC");
        g.Set(Transposed(g, g.Tf(g.Node.Op.Name, options, Transposed(g, g.In(0), 0, 2, 3, 1)), 0, 3, 1, 2));
    }

    private static void Roll(LoweringContext g)
    {
        (long[] shifts, long[] axes) = (g.ConstantInts(1, "shifts"), g.ConstantInts(2, "axes"));
        Value value = g.In(0);
        Shape shape = g.Shape(0);
        for (int i = 0; i < shifts.Length; i++)
        {
            int axis = (int)Axis(g, axes[i], shape.Rank);
            if (!shape.HasRank || shape[axis] < 0)
                throw g.Refuse("rolls a dimension of unknown size");
            long size = shape[axis], shift = size == 0 ? 0 : ((shifts[i] % size) + size) % size;
            if (shift == 0)
                continue;
            Value[] parts = g.Expand("SplitV", [value, g.Vector(size - shift, shift), g.Scalar(axis, DType.Int32)], new() { { "num_split", 2 } });
            value = g.Tf("ConcatV2", parts[1], parts[0], g.Scalar(axis, DType.Int32));
        }

        g.Set(value);
    }
}
