using Decant.IR;
using Decant.Ops.Arrays;
using Decant.Ops.Lowering;

namespace Decant.Ops.LinearAlgebra;

/// <summary>Matrix products in TensorFlow Lite's operators.</summary>
internal static class ProductLowering
{
    public static IEnumerable<LoweringRule> All =>
    [
        new("MatMul", MatMul),
        new("BatchMatMul", g => Batch(g, g.Attributes.Bool("adj_x"), g.Attributes.Bool("adj_y"))),
        new("BatchMatMulV2", g => Batch(g, g.Attributes.Bool("adj_x"), g.Attributes.Bool("adj_y"))),
        new("BatchMatMulV3", g => Batch(g, g.Attributes.Bool("adj_x"), g.Attributes.Bool("adj_y"))),
        new("Einsum", EinsumLowering.Lower),
    ];

    private static void MatMul(LoweringContext g)
    {
        (bool transposeA, bool transposeB) = (g.Attributes.Bool("transpose_a"), g.Attributes.Bool("transpose_b"));
        Value a = transposeA ? MoveLowering.Transposed(g, g.In(0), 1, 0) : g.In(0);
        if (!g.Type(0).IsFloating())
        {
            g.Set(Integers(g, a, transposeB ? MoveLowering.Transposed(g, g.In(1), 1, 0) : g.In(1)));
            return;
        }

        g.Set(Dense(g, a, transposeB ? g.In(1) : MoveLowering.Transposed(g, g.In(1), 1, 0), keep: false));
    }

    /// <summary>A product with weights [out, in].</summary>
    private static Value Dense(LoweringContext g, Value input, Value weights, bool keep) => g.Emit("FULLY_CONNECTED", [input, weights, default], new()
    {
        { "fused_activation_function", "NONE" }, { "weights_format", "DEFAULT" }, { "keep_num_dims", keep }, { "asymmetric_quantize_inputs", false },
    })[0];

    /// <summary>Integer matrices: a sum of products along a third dimension.</summary>
    private static Value Integers(LoweringContext g, Value a, Value b) =>
        g.Tf("Sum", g.Tf("Mul", g.Tf("ExpandDims", a, g.Scalar(2, DType.Int32)), g.Tf("ExpandDims", b, g.Scalar(0, DType.Int32))), g.Vector(1));

    private static void Batch(LoweringContext g, bool adjX, bool adjY)
    {
        if (!g.Type(0).IsFloating() && g.Shape(0) is { HasRank: true, Rank: 2 } && g.Shape(1) is { HasRank: true, Rank: 2 })
        {
            g.Set(g.Tf("MatMul", new AttributeMap { { "transpose_a", adjX }, { "transpose_b", adjY } }, g.In(0), g.In(1)));
            return;
        }

        if (g.Type(0).IsComplex() || !g.Type(0).IsFloating())
            throw g.Refuse($"multiplies matrices of {g.Type(0).Name()}");
        if (g.Shape(1) is { HasRank: true, Rank: 2 } && g.In(1).Constant is not null && !adjX && g.Shape(0) is { HasRank: true, Rank: >= 2 })
        {
            g.Set(Dense(g, g.In(0), adjY ? g.In(1) : MoveLowering.Transposed(g, g.In(1), 1, 0), keep: true));
            return;
        }

        g.Set(g.Emit("BATCH_MATMUL", [g.In(0), g.In(1)], new() { { "adj_x", adjX }, { "adj_y", adjY }, { "asymmetric_quantize_inputs", false } })[0]);
    }
}
