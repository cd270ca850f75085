using Decant.Kernels.Gemm;

namespace Decant.Ops.LinearAlgebra;

/// <summary>The product of two matrices of float32 or bfloat16, of which many elements may be 0, as float32.</summary>
internal sealed class SparseMatMul() : Op("SparseMatMul"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        (Shape a, Shape b) = (context.Shape(0), context.Shape(1));
        if ((a.HasRank && a.Rank != 2) || (b.HasRank && b.Rank != 2))
            throw context.Fail($"multiplies shapes {a} and {b}, expected matrices");
        context.Set(0, DType.Float32, new Shape(
            a.HasRank ? a[context.Attributes.Bool("transpose_a") ? 1 : 0] : Shape.UnknownDimension, b.HasRank ? b[context.Attributes.Bool("transpose_b") ? 0 : 1] : Shape.UnknownDimension));
    }

    public Kernel Prepare(KernelRequest request)
    {
        bool transposeA = request.Attributes.Bool("transpose_a"), transposeB = request.Attributes.Bool("transpose_b");
        return Kernel.Of(context =>
        {
            (Shape a, Shape b) = (context.Shape(0), context.Shape(1));
            if (context.Input(0).DType.WorkType() != DType.Float32 || context.Input(1).DType.WorkType() != DType.Float32)
                throw context.Fail($"multiplies {context.Input(0)} and {context.Input(1)}, expected float32 or bfloat16");
            if (a.Rank != 2 || b.Rank != 2 || a[transposeA ? 0 : 1] != b[transposeB ? 1 : 0])
                throw context.Fail($"multiplies {context.Input(0)} and {context.Input(1)}, expected matrices, as many columns as rows");
            var sizes = new GemmShape((int)a[transposeA ? 1 : 0], (int)a[transposeA ? 0 : 1], (int)b[transposeB ? 0 : 1], transposeA, transposeB);
            Span<float> c = context.Output<float>(0, new Shape(sizes.M, sizes.N));
            if (sizes.K == 0)
                c.Clear();
            else
                FloatGemm.Run(context.WorkInput(0).Span<float>(), context.WorkInput(1).Span<float>(), c, sizes, Epilogue<float>.None, context.Pool);
        });
    }
}
