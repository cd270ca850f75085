using System.Numerics;
using Decant.IR;
using Decant.Kernels.Gemm;
using Decant.Ops.Arithmetic;

namespace Decant.Ops.LinearAlgebra;

/// <summary>
/// The products of two stacks of matrices; <c>adj_x</c>, <c>adj_y</c> transpose and conjugate. V2 and V3 broadcast the batch
/// dimensions; V3 multiplies small integers to <c>Tout</c>.
/// </summary>
internal sealed class BatchMatMul(string name, bool broadcasts) : Op(name), IInfersFacts, IHasKernel, ICountsFlops
{
    public long Flops(Node node, ReadOnlySpan<Shape> inputs, Shape output) => output.ElementCount * inputs[0][new NodeAttributes(node).Bool("adj_x") ? -2 : -1] * 2;

    public void Infer(InferenceContext context)
    {
        DType dtype = context.Attributes.Has("Tout") ? context.Attributes.Type("Tout") : context.ElementType();
        Shape x = context.Shape(0), y = context.Shape(1);
        if (!x.HasRank || !y.HasRank)
        {
            context.Set(0, dtype, Shape.Unknown);
            return;
        }

        context.Set(0, dtype, Product(x, y, context.Attributes.Bool("adj_x"), context.Attributes.Bool("adj_y")) ?? throw context.Fail(Mismatch(x, y)));
    }

    public Kernel Prepare(KernelRequest request)
    {
        bool adjointX = request.Attributes.Bool("adj_x"), adjointY = request.Attributes.Bool("adj_y");
        if (request.Attributes.Has("Tout") && request.Attributes.Type("Tout") is var output && (output != request.ElementType(0, "Ta") || output != request.ElementType(1, "Tb")))
        {
            return output == DType.Int32 ? Kernel.Of(context => RunIntegers(context, adjointX, adjointY))
                : throw request.NoKernel($"from {request.ElementType(0, "Ta").Name()} and {request.ElementType(1, "Tb").Name()} to {output.Name()}");
        }

        DType element = request.ElementType(0, request.Attributes.Has("Tout") ? "Ta" : "T");
        return ElementKernels.Choose(request, element, dtype => dtype switch
        {
            DType.Float32 => Kernel.Of(context => Run(context, context.Input(0).Span<float>(), context.Input(1).Span<float>(), adjointX, adjointY)),
            DType.Complex128 => Kernel.Of(context => Run(context, Adjoint(context, 0, adjointX), Adjoint(context, 1, adjointY), adjointX, adjointY)),
            _ => ElementKernels.Number(dtype, new NumberKernels(this, adjointX, adjointY)),
        });
    }

    private void Run<T>(KernelContext context, ReadOnlySpan<T> x, ReadOnlySpan<T> y, bool adjointX, bool adjointY)
        where T : unmanaged, INumberBase<T>
    {
        Sizes sizes = context.Derived((this, adjointX, adjointY), static (op, c) => op.Item1.Derive(c, op.adjointX, op.adjointY));
        Span<T> z = context.Output<T>(0, sizes.Output);
        GemmShape gemm = sizes.Gemm;
        int sizeA = gemm.M * gemm.K, sizeB = gemm.K * gemm.N, sizeC = gemm.M * gemm.N;
        if (z.IsEmpty)
            return;
        if (gemm.K == 0)
        {
            z.Clear();
            return;
        }

        (long[] aOffsets, long[] bOffsets) = (sizes.OffsetsA, sizes.OffsetsB);
        if (typeof(T) == typeof(float))
        {
            FloatGemm.RunBatch(
                System.Runtime.InteropServices.MemoryMarshal.Cast<T, float>(x), System.Runtime.InteropServices.MemoryMarshal.Cast<T, float>(y),
                System.Runtime.InteropServices.MemoryMarshal.Cast<T, float>(z), gemm, aOffsets, bOffsets, context.Pool);
            return;
        }

        for (int i = 0; i < aOffsets.Length; i++)
            GemmGeneric.Run(x.Slice((int)aOffsets[i], sizeA), y.Slice((int)bOffsets[i], sizeB), z.Slice(i * sizeC, sizeC), gemm, Epilogue<T>.None, context.Pool);
    }

    private Sizes Derive(KernelContext context, bool adjointX, bool adjointY)
    {
        Shape a = context.Shape(0), b = context.Shape(1);
        Shape shape = Product(a, b, adjointX, adjointY) ?? throw context.Fail(Mismatch(a, b));
        GemmShape gemm = new((int)shape[-2], (int)a[adjointX ? -2 : -1], (int)shape[-1], adjointX, adjointY);
        if (shape.TryElementCount(out long count) && count == 0)
            return new Sizes(shape, gemm, [], []);
        Shape batch = MatrixShapes.Batch(shape);
        long[] aOffsets = BroadcastIndex.Of(context, MatrixShapes.Batch(a), batch), bOffsets = BroadcastIndex.Of(context, MatrixShapes.Batch(b), batch);
        for (int i = 0; i < aOffsets.Length; i++)
            (aOffsets[i], bOffsets[i]) = (aOffsets[i] * gemm.M * gemm.K, bOffsets[i] * gemm.K * gemm.N);
        return new Sizes(shape, gemm, aOffsets, bOffsets);
    }

    /// <summary>What follows from the shapes: the output, one product, and where the matrices of each start.</summary>
    private sealed record Sizes(Shape Output, GemmShape Gemm, long[] OffsetsA, long[] OffsetsB);

    private void RunIntegers(KernelContext context, bool adjointX, bool adjointY) =>
        Run(context, Array.ConvertAll(context.Ints(0), static v => (int)v), Array.ConvertAll<long, int>(context.Ints(1), static v => (int)v), adjointX, adjointY);

    private static ReadOnlySpan<Complex> Adjoint(KernelContext context, int index, bool adjoint)
    {
        ReadOnlySpan<Complex> elements = context.Input(index).Span<Complex>();
        if (!adjoint)
            return elements;
        Span<Complex> conjugates = context.Writable<Complex>(context.Scratch(DType.Complex128, context.Shape(index)));
        for (int i = 0; i < conjugates.Length; i++)
            conjugates[i] = Complex.Conjugate(elements[i]);
        return conjugates;
    }

    private Shape? Product(Shape x, Shape y, bool adjointX, bool adjointY)
    {
        if (x.Rank < 2 || y.Rank < 2)
            return null;
        long inner = x[adjointX ? -2 : -1], other = y[adjointY ? -1 : -2];
        if (inner >= 0 && other >= 0 && inner != other)
            return null;
        Shape batchX = MatrixShapes.Batch(x), batchY = MatrixShapes.Batch(y);
        if (!broadcasts && !batchX.IsCompatibleWith(batchY))
            return null;
        return Broadcasting.Of(batchX, batchY) is { } batch ? MatrixShapes.Stack(batch, x[adjointX ? -1 : -2], y[adjointY ? -2 : -1]) : null;
    }

    private static string Mismatch(Shape x, Shape y) =>
        $"multiplies shapes {x} and {y}, expected matrices with as many columns as rows, in batches that agree";

    private readonly struct NumberKernels(BatchMatMul op, bool adjointX, bool adjointY) : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            (BatchMatMul product, bool x, bool y) = (op, adjointX, adjointY);
            return Kernel.Of(context => product.Run(context, context.Input(0).Span<T>(), context.Input(1).Span<T>(), x, y));
        }
    }
}
