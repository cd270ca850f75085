using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.Arrays;

/// <summary>Slices in TensorFlow Lite's operators.</summary>
internal static class SliceLowering
{
    // STRIDED_SLICE's kernel takes tensors of up to this many dimensions, new ones counted.
    private const int LargestRank = 5;

    public static IEnumerable<LoweringRule> All =>
    [
        new("Slice", g => g.Set(g.Emit("SLICE", [g.In(0), ShapeLowering.Narrow(g, g.In(1)), ShapeLowering.Narrow(g, g.In(2))], null)[0])),
        new("StridedSlice", StridedSlice),
    ];

    private static void StridedSlice(LoweringContext g)
    {
        Shape input = g.Shape(0);
        long Mask(string name) => g.Attributes.Int(name);
        (long begins, long ends, long ellipsis, long news, long shrinks) = (Mask("begin_mask"), Mask("end_mask"), Mask("ellipsis_mask"), Mask("new_axis_mask"), Mask("shrink_axis_mask"));
        if ((ellipsis | news) == 0)
        {
            Emit(g, g.In(0), ShapeLowering.Narrow(g, g.In(1)), ShapeLowering.Narrow(g, g.In(2)), ShapeLowering.Narrow(g, g.In(3)), (begins, ends, shrinks), g.Output());
            return;
        }

        if (g.Known(3) is not { } strides || !input.HasRank)
            throw g.Refuse("has an ellipsis or new axes for a tensor of unknown rank, or strides that are not constant");

        // The slice without an ellipsis and new axes, then those axes by a reshape.
        int named = Enumerable.Range(0, strides.Length).Count(i => ((news | ellipsis) >> i & 1) == 0);
        List<int> from = [];
        List<bool> isNew = [];
        (long denseBegins, long denseEnds, long denseShrinks) = (0, 0, 0);
        for (int i = 0; i < strides.Length; i++)
        {
            if ((ellipsis >> i & 1) != 0)
            {
                for (int k = input.Rank - named; k > 0; k--)
                {
                    (denseBegins, denseEnds) = (denseBegins | (1L << from.Count), denseEnds | (1L << from.Count));
                    from.Add(-1);
                    isNew.Add(false);
                }
            }
            else if ((news >> i & 1) != 0)
            {
                isNew.Add(true);
            }
            else
            {
                (denseBegins, denseEnds, denseShrinks) = (denseBegins | ((begins >> i & 1) << from.Count), denseEnds | ((ends >> i & 1) << from.Count), denseShrinks | ((shrinks >> i & 1) << from.Count));
                isNew.Add(false);
                from.Add(i);
            }
        }

        Value dense = g.In(0);
        if (from.Exists(i => i >= 0))
        {
            dense = g.Tf(
                "StridedSlice", new AttributeMap { { "begin_mask", denseBegins }, { "end_mask", denseEnds }, { "shrink_axis_mask", denseShrinks } },
                dense, Chosen(g, 1, from, 0), Chosen(g, 2, from, 0), Chosen(g, 3, from, 1));
        }

        if (news == 0)
        {
            g.Set(dense);
            return;
        }

        if (g.Output().Shape is { HasRank: true } result && result.Dims.ToArray().Count(d => d < 0) <= 1)
        {
            g.Set(ShapeLowering.Reshape(g, dense, g.Vector(result.Dims), g.Output()));
            return;
        }

        int axis = 0, at = 0;
        foreach (bool add in isNew)
        {
            if (add)
                dense = g.Emit("EXPAND_DIMS", [dense, g.Scalar(axis, DType.Int32)], null, new Fact(g.Type(0), Shape.Unknown))[0];
            if (add || (denseShrinks >> at++ & 1) == 0)
                axis++;
        }

        g.Set(dense);
    }

    /// <summary>The entries of begin, end or strides in another order; -1 stands for a number.</summary>
    private static Value Chosen(LoweringContext g, int input, List<int> from, int other)
    {
        if (g.Known(input) is { } constant)
            return g.Vector([.. from.Select(i => i < 0 ? other : constant[i])]);
        Value extended = g.Tf("ConcatV2", ShapeLowering.Narrow(g, g.In(input)), g.Vector(other), g.Scalar(0, DType.Int32));
        long end = g.Shape(input) is { HasRank: true } shape && shape[0] >= 0 ? shape[0] : throw g.Refuse("has as many bounds as is not known");
        return g.Tf("GatherV2", extended, g.Vector([.. from.Select(i => i < 0 ? end : i)]), g.Scalar(0, DType.Int32));
    }

    private static void Emit(LoweringContext g, Value input, Value begin, Value end, Value strides, (long Begin, long End, long Shrink) masks, Fact output)
    {
        if (LoweringContext.Fact(input).Shape is { HasRank: true, Rank: > LargestRank } shape)
            throw g.Refuse($"slices a tensor of {shape.Rank} dimensions, and the operator's kernel takes {LargestRank}");
        g.Set(g.Emit("STRIDED_SLICE", [input, begin, end, strides], new()
        {
            { "begin_mask", masks.Begin }, { "end_mask", masks.End }, { "ellipsis_mask", 0 }, { "new_axis_mask", 0 }, { "shrink_axis_mask", masks.Shrink }, { "offset", false },
        }, output)[0]);
    }
}
