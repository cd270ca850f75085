using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>Shapes that a tensor of integers gives, as far as inference knows it.</summary>
internal static class ShapeInput
{
    /// <summary>More dimensions than any TensorFlow op allows.</summary>
    private const int MaxRank = 254;

    /// <summary>Shapes that are computed of others are followed this deep.</summary>
    private const int MaxDepth = 8;

    /// <summary>What is known of the shape that an input gives: all when it is constant, some sizes when those are, the rank when its length is known.</summary>
    public static Shape ShapeFrom(this InferenceContext context, int input) =>
        context.ConstantInts(input) is { } sizes ? Checked(context.Node, context.Shape(input), sizes)
        : context.SizesFrom(input) is { } partly ? new Shape([.. partly.Select(s => Math.Max(s, Decant.Shape.UnknownDimension))]) : Decant.Shape.Unknown;

    /// <summary>
    /// The sizes that an input gives, -1 for those that are not known; null when it is not known how many there are. Sizes may be known one by one
    /// where they are packed or joined, or are those of a shape.
    /// </summary>
    public static long[]? SizesFrom(this InferenceContext context, int input) =>
        context.ConstantInts(input) ?? Computed(context.Node.Inputs[input], 0) ?? Counted(context.Shape(input));

    /// <summary>
    /// What is taken out of sizes that input 0 gives: common enough to be told without running the node. Null where one of these is not known.
    /// </summary>
    public static Tensor? TakenSizes(this InferenceContext context, Shape shape, long begin, long stride)
    {
        Fact input = context.Input(0);
        if (input is not { DType: DType.Int32 or DType.Int64, Shape: { Rank: 1, IsFullyKnown: true, ElementCount: <= MaxRank } } || context.SizesFrom(0) is not { } all)
            return null;
        long[] part = new long[shape.ElementCount];
        for (int i = 0; i < part.Length; i++)
            part[i] = all[begin + (i * stride)];
        return input.Constant is not null || Array.TrueForAll(part, s => s >= 0) ? SizeTensor.Make(context.Node, input.DType, part, shape) : null;
    }

    /// <summary>Whether what is known of a node's inputs tells readers of its output more than its facts say.</summary>
    public static bool GivesSizes(Node node) =>
        node.Op.Name is "Shape" or "ShapeN" or "Pack" or "ConcatV2" or "Identity" or "Cast" && node.Fact(0) is { DType: DType.Int32 or DType.Int64, Constant: null, Shape: { Rank: 1, IsFullyKnown: true } };

    private static long[]? Sizes(Value value, int depth)
    {
        Fact fact = value.Node.Fact(value.Port);
        if (fact.Constant is { DType: DType.Int32 or DType.Int64, ElementCount: <= MaxRank } constant)
            return TensorInts.Read(constant, value.Node);
        return Computed(value, depth) ?? Counted(fact.Shape);
    }

    private static long[]? Computed(Value value, int depth)
    {
        Node node = value.Node;
        switch (node.Op.Name)
        {
            case "Shape" or "ShapeN" when value.Port < node.Inputs.Count:
                return node.Inputs[value.Port] is var of && of.Node.Fact(of.Port).Shape is { HasRank: true } shape ? shape.Dims.ToArray() : null;
            case "Pack" when node.Inputs.Count <= MaxRank && node.Fact(0).Shape is { Rank: 1 }:
                return [.. node.Inputs.Select(i => i.Node.Fact(i.Port).Constant is { ElementCount: 1, DType: DType.Int32 or DType.Int64 } size ? TensorInts.Read(size, node)[0] : -1)];
            case "ConcatV2" when depth < MaxDepth && node.Fact(0).Shape is { Rank: 1 }:
                long[]?[] parts = [.. node.Inputs.SkipLast(1).Select(i => Sizes(i, depth + 1))];
                return Array.TrueForAll(parts, p => p is not null) && parts.Sum(p => (long)p!.Length) <= MaxRank ? [.. parts.SelectMany(p => p!)] : null;
            case "Identity" or "Cast" when depth < MaxDepth && node.Inputs.Count == 1:
                return Computed(node.Inputs[0], depth + 1);
            default:
                return null;
        }
    }

    private static long[]? Counted(Shape shape) => shape is { Rank: 1 } && shape[0] is >= 0 and <= MaxRank and var count ? [.. Enumerable.Repeat(-1L, (int)count)] : null;

    private static Shape Checked(Node node, Shape of, long[] sizes)
    {
        if (of.Rank != 1 || sizes.Length > MaxRank)
            throw node.Fault($"the input that gives a shape has shape {of}, expected a vector of at most {MaxRank} sizes");
        if (Array.FindIndex(sizes, s => s < 0) is >= 0 and int i)
            throw node.Fault($"the shape to make is [{string.Join(',', sizes)}]: size {i} is negative");
        var shape = new Shape(sizes);
        return shape.TryElementCount(out _) ? shape : throw node.Fault($"the shape to make is {shape}, which has more than 2^63 elements");
    }
}
