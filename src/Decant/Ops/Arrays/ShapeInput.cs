using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>Shapes that a tensor of integers gives, as far as inference knows it.</summary>
internal static class ShapeInput
{
    /// <summary>More dimensions than any TensorFlow op allows.</summary>
    private const int MaxRank = 254;

    /// <summary>What is known of the shape that an input gives: all when it is constant, the rank when its length is known.</summary>
    public static Shape ShapeFrom(this InferenceContext context, int input) =>
        context.ConstantInts(input) is { } sizes ? Checked(context.Node, context.Shape(input), sizes)
        : context.Shape(input) is { Rank: 1 } shape && shape[0] is >= 0 and <= MaxRank ? Decant.Shape.OfRank((int)shape[0]) : Decant.Shape.Unknown;

    /// <summary>The sizes that an input gives, -1 for those that are not known; null when it is not known how many there are. Those that are packed may be known one by one.</summary>
    public static long[]? SizesFrom(this InferenceContext context, int input)
    {
        if (context.ConstantInts(input) is { } sizes)
            return sizes;
        if (context.Node.Inputs[input].Node is { } pack && pack.Op == "Pack" && context.Shape(input) is { Rank: 1 } shape && shape[0] == pack.Inputs.Count)
            return [.. pack.Inputs.Select(i => i.Node.Fact(i.Port).Constant is { ElementCount: 1 } size ? TensorInts.Read(size, pack)[0] : -1)];
        return null;
    }

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
