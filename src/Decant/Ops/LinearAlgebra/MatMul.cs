using System.Numerics;
using Decant.IR;
using Decant.Kernels.Gemm;
using Decant.Ops.NN;

namespace Decant.Ops.LinearAlgebra;

/// <summary>The product of two matrices. _FusedMatMul applies <c>fused_ops</c> to the result: bias, activation.</summary>
internal sealed class MatMul(string name) : Op(name), IInfersFacts, IHasKernel, ICountsFlops
{
    public long Flops(Node node, ReadOnlySpan<Shape> inputs, Shape output) => output.ElementCount * inputs[0][Flag(new NodeAttributes(node), "transpose_a") ? -2 : -1] * 2;

    public void Infer(InferenceContext context)
    {
        bool transposeA = Flag(context.Attributes, "transpose_a"), transposeB = Flag(context.Attributes, "transpose_b"), isFused = context.Attributes.Has("fused_ops");
        Shape a = context.Shape(0), b = context.Shape(1);
        if ((a.HasRank && a.Rank < 2) || (b.HasRank && b.Rank < 2))
            throw context.Fail($"multiplies shapes {a} and {b}, expected matrices");
        long rows = a.HasRank ? a[transposeA ? -1 : -2] : -1, columns = b.HasRank ? b[transposeB ? -2 : -1] : -1;
        long inner = a.HasRank ? a[transposeA ? -2 : -1] : -1, other = b.HasRank ? b[transposeB ? -1 : -2] : -1;
        if (inner >= 0 && other >= 0 && inner != other)
            throw context.Fail($"multiplies shapes {a} and {b}{Transposed(transposeA, transposeB)}, expected as many columns as rows, found {inner} and {other}");
        Shape batch = a.HasRank && b.HasRank ? MatrixShapes.Batch(a.Rank >= b.Rank ? a : b) : Shape.Unknown;
        context.Set(0, context.ElementType(), batch.HasRank ? MatrixShapes.Stack(batch, rows, columns) : isFused ? Shape.Unknown : new Shape(rows, columns));
    }

    public Kernel Prepare(KernelRequest request)
    {
        bool transposeA = Flag(request.Attributes, "transpose_a"), transposeB = Flag(request.Attributes, "transpose_b");
        FusedEpilogue epilogue = FusedEpilogue.Read(request.Node);
        return ElementKernels.Choose(request, dtype => dtype switch
        {
            DType.Float32 => new FloatKernel(transposeA, transposeB, epilogue, new Weights(request, 1)),
            DType.Float64 => Kernel.Of(context => RunFused<double>(context, transposeA, transposeB, epilogue)),
            DType.Complex128 when epilogue.IsEmpty => Kernel.Of(context => Run<Complex>(context, transposeA, transposeB)),
            _ when epilogue.IsEmpty => ElementKernels.Number(dtype, new NumberKernels(transposeA, transposeB)),
            _ => null,
        });
    }

    /// <summary>The sizes of the product.</summary>
    /// <exception cref="ModelException">The inputs are not matrices that can be multiplied.</exception>
    private static GemmShape Geometry(KernelContext context, Shape b, bool transposeA, bool transposeB)
    {
        Shape a = context.Shape(0);
        if (a.Rank < 2 || b.Rank < 2 || MatrixShapes.Count(a) != 1 || MatrixShapes.Count(b) != 1)
            throw context.Fail($"multiplies {context.Input(0)} and {context.Input(0).DType.Name()}{b}, expected matrices");
        long inner = a[transposeA ? -2 : -1], other = b[transposeB ? -1 : -2];
        if (inner != other)
            throw context.Fail($"multiplies {context.Input(0)} and {context.Input(0).DType.Name()}{b}{Transposed(transposeA, transposeB)}, expected as many columns as rows, found {inner} and {other}");
        return new GemmShape((int)a[transposeA ? -1 : -2], (int)inner, (int)b[transposeB ? -2 : -1], transposeA, transposeB);
    }

    // TensorFlow.js's _FusedMatMul takes stacks of one matrix, and gives one.
    private static Shape Output(KernelContext context, Shape b, GemmShape shape)
    {
        Shape a = context.Shape(0);
        return MatrixShapes.Stack(MatrixShapes.Batch(a.Rank >= b.Rank ? a : b), shape.M, shape.N);
    }

    private static Span<T> Run<T>(KernelContext context, bool transposeA, bool transposeB)
        where T : unmanaged, INumberBase<T>
    {
        GemmShape shape = Geometry(context, context.Shape(1), transposeA, transposeB);
        ReadOnlySpan<T> a = context.Input(0).Span<T>(), b = context.Input(1).Span<T>();
        Span<T> c = context.Writable<T>(context.Allocate(0, context.Input(0).DType, Output(context, context.Shape(1), shape)));
        GemmGeneric.Run(a, b, c, shape, Epilogue<T>.None, context.Pool);
        return c;
    }

    private static void RunFused<T>(KernelContext context, bool transposeA, bool transposeB, FusedEpilogue epilogue)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<T> c = Run<T>(context, transposeA, transposeB);
        epilogue.Apply(context, c, (int)context.Shape(1)[transposeB ? -2 : -1]);
    }

    private static bool Flag(NodeAttributes attributes, string name) => attributes.Has(name) && attributes.Bool(name);

    private static string Transposed(bool a, bool b) => (a, b) switch
    {
        (true, true) => ", both transposed",
        (true, false) => ", the first transposed",
        (false, true) => ", the second transposed",
        _ => "",
    };

    /// <summary>float32, with weights packed once; the product of a single row reads them as they are.</summary>
    private sealed class FloatKernel(bool transposeA, bool transposeB, FusedEpilogue epilogue, Weights weights) : Kernel
    {
        private PackedMatrix? _packed;

        public override bool Reads(int input) => input != 1 || !weights.IsConstant;

        public override void Run(KernelContext context)
        {
            Sizes sizes = context.Derived(this, static (kernel, c) => kernel.Derive(c));
            GemmShape shape = sizes.Gemm;
            ReadOnlySpan<float> a = context.Input(0).Span<float>();
            Span<float> c = context.Output<float>(0, sizes.Output);
            bool fused = epilogue.Fuse(context, shape.N, out var fusedEpilogue) && shape.K > 0;
            if (!fused)
                fusedEpilogue = default;
            if (shape.K == 0)
                c.Clear();
            else if (weights.IsFixed && !transposeA && shape.M > 1)
                FloatGemm.Run(a, Packed(context, shape), c, shape.M, fusedEpilogue, context.Pool);
            else if (weights.Once is not null && !transposeA && !transposeB && WeightBlocks.AreStreamed(context.Input(1)))
                WeightBlocks.Sum(context, a, context.Input(1), c, shape, fusedEpilogue);
            else
                FloatGemm.Run(a, weights.InPlace(context), c, shape, fusedEpilogue, context.Pool);
            if (!fused && !epilogue.IsEmpty)
                epilogue.Apply(context, c, shape.N);
        }

        private Sizes Derive(KernelContext context)
        {
            Shape b = weights.Shape ?? context.Shape(1);
            GemmShape shape = Geometry(context, b, transposeA, transposeB);
            return new Sizes(MatMul.Output(context, b, shape), shape);
        }

        private PackedMatrix Packed(KernelContext context, GemmShape shape)
        {
            if (_packed is null || weights.HaveChanged(context))
            {
                _packed?.Dispose();
                _packed = Pack(context, shape);
            }

            return _packed;
        }

        // By itself: what the lambda captures is allocated where the method begins.
        private PackedMatrix Pack(KernelContext context, GemmShape shape) =>
            weights.Packed(context, (shape.K, shape.N, transposeB), b => PackedMatrix.Pack(context.Float32(b).Span<float>(), shape.K, shape.N, transposeB), static b => b.Bytes);

        /// <summary>What follows from the shapes.</summary>
        private sealed record Sizes(Shape Output, GemmShape Gemm);
    }

    private readonly struct NumberKernels(bool transposeA, bool transposeB) : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            (bool a, bool b) = (transposeA, transposeB);
            return Kernel.Of(context => Run<T>(context, a, b));
        }
    }
}
