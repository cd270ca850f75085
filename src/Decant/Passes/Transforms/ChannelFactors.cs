using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>Constants that hold a number per channel.</summary>
internal static class ChannelFactors
{
    /// <summary>
    /// The numbers of a float32 constant that is combined elementwise with a value: one per channel when broadcasting gives every channel
    /// its own, or the same for all. Null when it does anything else.
    /// </summary>
    /// <param name="constant">The constant.</param>
    /// <param name="rank">The dimensions of the value.</param>
    /// <param name="axis">The place of the channels in it.</param>
    /// <param name="channels">The number of channels.</param>
    public static float[]? Of(Tensor? constant, int rank, int axis, long channels)
    {
        if (constant is not { DType: DType.Float32 } || constant.Shape.Rank > rank || channels > int.MaxValue)
            return null;
        long count = constant.ElementCount;
        if (count == 1)
        {
            float[] same = new float[channels];
            Array.Fill(same, constant.Span<float>()[0]);
            return same;
        }

        int at = axis - (rank - constant.Shape.Rank);
        return count == channels && at >= 0 && constant.Shape[at] == channels ? constant.Span<float>().ToArray() : null;
    }

    /// <summary>The numbers of a float32 vector with one for each channel, or null.</summary>
    public static float[]? Vector(Value value, long channels) =>
        value is { IsPresent: true, Constant: { DType: DType.Float32, Shape.Rank: 1 } constant } && constant.ElementCount == channels ? constant.Span<float>().ToArray() : null;

    /// <summary>Removes constants that only a node read that goes too.</summary>
    public static void RemoveWith(this Patch patch, Node reader, PassContext context, params IEnumerable<Value> constants)
    {
        foreach (Node constant in constants.Where(c => c.IsPresent).Select(c => c.Node).Distinct())
        {
            if (context.IsOnlyReadBy(constant, reader))
                patch.Remove(constant);
        }
    }
}
