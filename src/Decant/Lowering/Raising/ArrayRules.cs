using Decant.IR;
using static Decant.Lowering.Raising.RaisingTable;

namespace Decant.Lowering.Raising;

/// <summary>Operators that move elements, reduce along axes, and tell of shapes.</summary>
internal static class ArrayRules
{
    private static readonly string[] Masks = ["begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask"];

    public static IEnumerable<(string Name, RaisingRule Rule)> All =>
    [
        ("ARG_MAX", Same("ArgMax", c => new() { { "output_type", c.OutputType() } })),
        ("ARG_MIN", Same("ArgMin", c => new() { { "output_type", c.OutputType() } })),
        ("BATCH_TO_SPACE_ND", Same("BatchToSpaceND")),
        ("BROADCAST_ARGS", Same("BroadcastArgs")),
        ("BROADCAST_TO", Same("BroadcastTo")),
        ("CONCATENATION", c => [c.Activated(c.Inputs.Count == 1 ? c.Op("Identity", c.In(0)) : c.Op("ConcatV2", [.. c.Inputs, c.Int((int)c.Options.Int("axis"))]))]),
        ("CUMSUM", Same("Cumsum", c => new() { { "exclusive", c.Options.Bool("exclusive") }, { "reverse", c.Options.Bool("reverse") } })),
        ("DENSIFY", Same("Identity")),
        ("DEPTH_TO_SPACE", Same("DepthToSpace", c => new() { { "block_size", c.Options.Int("block_size") } })),
        ("DYNAMIC_UPDATE_SLICE", DynamicUpdateSlice),
        ("EMBEDDING_LOOKUP", c => [c.Op("GatherV2", [c.In(1), c.In(0), c.Int(0)])]),
        ("EXPAND_DIMS", Same("ExpandDims")),
        ("FILL", Same("Fill")),
        ("GATHER", c => [c.Op("GatherV2", [c.In(0), c.In(1), c.Int((int)c.Options.Int("axis"))], new() { { "batch_dims", c.Options.Int("batch_dims") } })]),
        ("GATHER_ND", Same("GatherNd")),
        ("MATRIX_DIAG", Same("MatrixDiag")),
        ("MATRIX_SET_DIAG", Same("MatrixSetDiag")),
        ("MEAN", Reduction("Mean")),
        ("MIRROR_PAD", Same("MirrorPad", c => new() { { "mode", c.Options.String("mode") } })),
        ("ONE_HOT", Same("OneHot", c => new() { { "axis", c.Options.Int("axis") } })),
        ("PACK", Same("Pack", c => new() { { "axis", c.Options.Int("axis") } })),
        ("PAD", Same("Pad")),
        ("PADV2", Same("PadV2")),
        ("RANGE", Same("Range")),
        ("RANK", Same("Rank")),
        ("REDUCE_ALL", Reduction("All")),
        ("REDUCE_ANY", Reduction("Any")),
        ("REDUCE_MAX", Reduction("Max")),
        ("REDUCE_MIN", Reduction("Min")),
        ("REDUCE_PROD", Reduction("Prod")),
        ("RESHAPE", Reshape),
        ("REVERSE_SEQUENCE", Same("ReverseSequence", c => new() { { "seq_dim", c.Options.Int("seq_dim") }, { "batch_dim", c.Options.Int("batch_dim") } })),
        ("REVERSE_V2", Same("ReverseV2")),
        ("SCATTER_ND", Same("ScatterNd")),
        ("SEGMENT_SUM", Same("SegmentSum")),
        ("SELECT", Same("Select")),
        ("SELECT_V2", Same("SelectV2")),
        ("SHAPE", Same("Shape", c => new() { { "out_type", c.OutputType() } })),
        ("SLICE", Same("Slice")),
        ("SPACE_TO_BATCH_ND", Same("SpaceToBatchND")),
        ("SPACE_TO_DEPTH", Same("SpaceToDepth", c => new() { { "block_size", c.Options.Int("block_size") } })),
        ("SPARSE_TO_DENSE", Same("SparseToDense", _ => new() { { "validate_indices", false } })),
        ("SPLIT", Same("Split", c => new() { { "num_split", c.Options.Int("num_splits") } })),
        ("SPLIT_V", Same("SplitV", c => new() { { "num_split", c.Options.Int("num_splits") } })),
        ("SQUEEZE", Same("Squeeze", c => new() { { "squeeze_dims", new ListAttr { Ints = c.Options.Find("squeeze_dims") is ListAttr axes ? axes.Ints : [] } } })),
        ("STRIDED_SLICE", StridedSlice),
        ("SUM", Reduction("Sum")),
        ("TILE", Same("Tile")),
        ("TOPK_V2", Same("TopKV2", c => new() { { "sorted", true }, { "index_type", c.OutputType(1) } })),
        ("TRANSPOSE", Same("Transpose")),
        ("UNIQUE", Same("Unique", c => new() { { "out_idx", c.OutputType(1) } })),
        ("UNPACK", Same("Unpack", c => new() { { "num", c.Options.Int("num") }, { "axis", c.Options.Int("axis") } })),
        ("UNSORTED_SEGMENT_MAX", Same("UnsortedSegmentMax")),
        ("UNSORTED_SEGMENT_MIN", Same("UnsortedSegmentMin")),
        ("UNSORTED_SEGMENT_PROD", Same("UnsortedSegmentProd")),
        ("UNSORTED_SEGMENT_SUM", Same("UnsortedSegmentSum")),
        ("WHERE", Same("Where")),
    ];

    private static RaisingRule Reduction(string op) => Same(op, c => new() { { "keep_dims", c.Options.Bool("keep_dims") } });

    /// <summary>The operand, but for a block that begins at an index, moved so far that it lies inside: padded to the whole, with a mask of ones.</summary>
    private static Value[] DynamicUpdateSlice(RaisingContext c)
    {
        Value operand = c.In(0), update = c.In(1);
        var int32 = new AttributeMap { { "out_type", DType.Int32 } };
        Value rest = c.Op("Sub", c.Op("Shape", operand, int32), c.Op("Shape", update, int32.Clone()));
        Value start = c.Op("Maximum", c.Op("Minimum", c.Op("Cast", c.In(2), new AttributeMap { { "DstT", DType.Int32 } }), rest), c.Int(0));
        Value paddings = c.Op("Pack", [start, c.Op("Sub", rest, start)], new AttributeMap { { "axis", 1 } });
        Value isNew = c.Op("NotEqual", c.Op("Pad", c.Op("OnesLike", update), paddings), c.Like(update, 0));
        return [c.Op("SelectV2", [isNew, c.Op("Pad", update, paddings), operand])];
    }

    private static Value[] Reshape(RaisingContext c)
    {
        if (c.Has(1) && c.Shape(1) is { HasRank: true, Rank: 1 })
            return [c.Op("Reshape", c.In(0), c.In(1))];
        int[] sizes = c.Options.Find("new_shape") is ListAttr { Ints: var given } ? [.. given.Select(d => (int)d)] : throw c.Refuse("tells no shape");
        // Models of the first converters write [0] for a scalar.
        return [c.Op("Reshape", c.In(0), c.Ints(sizes is [0] && c.Shape(0) is { IsFullyKnown: true, ElementCount: 1 } ? [] : sizes))];
    }

    private static Value[] StridedSlice(RaisingContext c)
    {
        if (c.Options.Bool("offset"))
            throw c.Refuse("counts ends from beginnings");
        if ((c.Options.Int("begin_mask") & c.Options.Int("shrink_axis_mask")) != 0)
            throw c.Refuse("takes one element of a dimension whose beginning it leaves open");
        var attributes = new AttributeMap();
        foreach (string mask in Masks)
            attributes.Set(mask, c.Options.Int(mask));
        return [c.Op("StridedSlice", [.. c.Inputs], attributes)];
    }
}
