using Decant.IR;
using Decant.Ops.Arrays;

namespace Decant.Ops.TFLite;

/// <summary>Operators that move elements as TensorFlow's ops of the like names do.</summary>
internal static class Moves
{
    public static IEnumerable<Op> All =>
    [
        new TFLiteOp("BATCH_TO_SPACE_ND", Translated("BatchToSpaceND", "T", "Tblock_shape", "Tcrops")),
        new TFLiteOp("BROADCAST_ARGS", Translated("BroadcastArgs", "T")),
        new TFLiteOp("BROADCAST_TO", Translated("BroadcastTo", "T", "Tidx")),
        new TFLiteOp("CONCATENATION", Concatenation.Prepare),
        new TFLiteOp("DENSIFY", _ => Kernel.View(c => c.SetOutput(0, c.Input(0)))),
        new TFLiteOp("DEPTH_TO_SPACE", r => new Translation(r, "DepthToSpace").In(0).Type("T", 0).Set("block_size", r.Attributes.Int("block_size")).Prepare()),
        new TFLiteOp("DYNAMIC_UPDATE_SLICE", DynamicUpdateSlice.Prepare),
        new TFLiteOp("EXPAND_DIMS", Views.ExpandDims),
        new TFLiteOp("FILL", r => new Translation(r, "Fill").In(0, 1).Type("T", 1).Type("index_type", 0).Prepare()),
        new TFLiteOp("GATHER", Gather),
        new TFLiteOp("GATHER_ND", Translated("GatherNd", "Tparams", "Tindices")),
        new TFLiteOp("MATRIX_DIAG", Translated("MatrixDiag", "T")),
        new TFLiteOp("MATRIX_SET_DIAG", Translated("MatrixSetDiag", "T")),
        new TFLiteOp("MIRROR_PAD", r => new Translation(r, "MirrorPad").In(0, 1).Type("T", 0).Type("Tpaddings", 1).Set("mode", r.Attributes.String("mode")).Prepare()),
        new TFLiteOp("ONE_HOT", r => new Translation(r, "OneHot").In(0, 1, 2, 3).Type("TI", 0).Type("T", 2).Set("axis", r.Attributes.Int("axis")).Prepare()),
        new TFLiteOp("PACK", r => new Translation(r, "Pack").All().Type("T", 0).Set("N", r.InputCount).Set("axis", r.Attributes.Int("axis")).Prepare()),
        new TFLiteOp("PAD", Padding.Pad),
        new TFLiteOp("PADV2", Translated("PadV2", "T", "Tpaddings")),
        new TFLiteOp("RANGE", Translated("Range", "Tidx")),
        new TFLiteOp("RANK", _ => Kernel.Of(c => c.Output<int>(0, Shape.Scalar)[0] = c.Shape(0).Rank)),
        new TFLiteOp("RESHAPE", Views.Reshape),
        new TFLiteOp("REVERSE_SEQUENCE", r => new Translation(r, "ReverseSequence").In(0, 1).Type("T", 0).Type("Tlen", 1).Set("seq_dim", r.Attributes.Int("seq_dim")).Set("batch_dim", r.Attributes.Int("batch_dim")).Prepare()),
        new TFLiteOp("REVERSE_V2", Translated("ReverseV2", "T", "Tidx")),
        new TFLiteOp("Roll", Translated("Roll", "T", "Tshift", "Taxis")),
        new TFLiteOp("SCATTER_ND", r => new Translation(r, "ScatterNd").In(0, 1, 2).Type("Tindices", 0).Type("T", 1).Prepare()),
        new TFLiteOp("SELECT", Select),
        new TFLiteOp("SELECT_V2", r => new Translation(r, "SelectV2").In(0, 1, 2).Type("T", 1).Prepare()),
        new TFLiteOp("SHAPE", r => new Translation(r, "Shape").In(0).Type("T", 0).Set("out_type", r.OutputType()).Prepare()),
        new TFLiteOp("SLICE", r => new Translation(r, "Slice").In(0, 1, 2).Type("T", 0).Type("Index", 1).Prepare()),
        new TFLiteOp("SPACE_TO_BATCH_ND", Padding.SpaceToBatch),
        new TFLiteOp("SPACE_TO_DEPTH", r => new Translation(r, "SpaceToDepth").In(0).Type("T", 0).Set("block_size", r.Attributes.Int("block_size")).Prepare()),
        new TFLiteOp("SPARSE_TO_DENSE", r => new Translation(r, "SparseToDense").In(0, 1, 2, 3).Type("Tindices", 0).Type("T", 2).Set("validate_indices", false).Prepare()),
        new TFLiteOp("SPLIT", r => new Translation(r, "Split").In(0, 1).Type("T", 1).Set("num_split", r.Attributes.Int("num_splits")).Prepare()),
        new TFLiteOp("SPLIT_V", r => new Translation(r, "SplitV").In(0, 1, 2).Type("T", 0).Type("Tlen", 1).Set("num_split", r.Attributes.Int("num_splits")).Prepare()),
        new TFLiteOp("SQUEEZE", Views.Squeeze),
        new TFLiteOp("STRIDED_SLICE", StridedSlices.Prepare),
        new TFLiteOp("TILE", Translated("Tile", "T", "Tmultiples")),
        new TFLiteOp("TOPK_V2", r => new Translation(r, "TopKV2").In(0, 1).Type("T", 0).Set("sorted", true).Set("index_type", r.OutputType(1)).Prepare()),
        new TFLiteOp("TRANSPOSE", Translated("Transpose", "T", "Tperm")),
        new TFLiteOp("UNIQUE", r => new Translation(r, "Unique").In(0).Type("T", 0).Set("out_idx", r.OutputType(1)).Prepare()),
        new TFLiteOp("UNPACK", r => new Translation(r, "Unpack").In(0).Type("T", 0).Set("num", r.Attributes.Int("num")).Set("axis", r.Attributes.Int("axis")).Prepare()),
        new TFLiteOp("WHERE", Translated("Where", "T")),
        new TFLiteOp("ZEROS_LIKE", Translated("ZerosLike", "T")),
        new TFLiteOp("TENSOR", TensorOp.Prepare),
    ];

    /// <summary>The same op on the same inputs, whose types the attributes give.</summary>
    public static Func<KernelRequest, Kernel> Translated(string op, params string[] types) => request =>
    {
        Translation translation = new Translation(request, op).All();
        for (int i = 0; i < types.Length && i < request.InputCount; i++)
            translation.Type(types[i], i);
        return translation.Prepare();
    };

    /// <summary>SELECT: as TensorFlow's; of single elements of different ranks one is chosen as a scalar.</summary>
    private static Kernel Select(KernelRequest request)
    {
        Kernel select = new Translation(request, "Select").In(0, 1, 2).Type("T", 1).Prepare();
        return Kernel.Of(context =>
        {
            if (context.Shape(1).Rank == context.Shape(2).Rank || context.Input(0) is not { DType: DType.Bool, ElementCount: 1 } condition || context.Input(1).ElementCount != 1 || context.Input(2).ElementCount != 1)
                select.Run(context);
            else
                context.SetOutput(0, context.Input(condition.Span<bool>()[0] ? 1 : 2).Reshaped(Shape.Scalar));
        });
    }

    private static Kernel Gather(KernelRequest request)
    {
        Tensor axis = Tensor.Scalar((int)request.Attributes.Int("axis"));
        return new Translation(request, "GatherV2").In(0, 1).In(axis).Type("Tparams", 0).Type("Tindices", 1).Set("Taxis", DType.Int32).Set("batch_dims", request.Attributes.Int("batch_dims")).Prepare();
    }
}
