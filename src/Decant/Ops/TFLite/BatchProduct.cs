using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>BATCH_MATMUL of matrices [.., m, k] and [.., k, n], each perhaps transposed, the stacks broadcast.</summary>
internal static class BatchProduct
{
    public static Kernel Prepare(KernelRequest request)
    {
        bool adjX = request.Attributes.Bool("adj_x"), adjY = request.Attributes.Bool("adj_y");
        (DType x, DType y) = (request.InputType(0), request.InputType(1));
        if (x == y && x is DType.Float32 or DType.Int32)
            return new Translation(request, "BatchMatMulV2").In(0, 1).Type("T", 0).Set("adj_x", adjX).Set("adj_y", adjY).Prepare();
        if (PackedBatchProduct.Takes(request, adjX))
            return new PackedBatchProduct(request, adjX, adjY);
        return x == DType.Float32 ? Hybrid(request, adjX, adjY) : Integer(request, adjX, adjY);
    }

    private static Kernel Integer(KernelRequest request, bool adjX, bool adjY)
    {
        DType to = request.OutputType();
        (QuantParams x, QuantParams y) = (request.InputQuant(0), request.InputQuant(1));
        bool isWide = request.InputType(0) == DType.Int16, isPlain = to == DType.Int32;

        // TensorFlow Lite's kernel takes a scale of 0 in the place of scales per channel, and so gives zeros; results are to be the same.
        if (!isPlain && request.Scales(1).Length > 1)
            return Zeros(request, adjX, adjY);
        return new IntegerKernel(adjX, adjY, to, x.ZeroPoint, y.ZeroPoint, isWide, isPlain ? null : new Requantization(request, 0, 1, isFloatProduct: true));
    }

    private static Kernel Zeros(KernelRequest request, bool adjX, bool adjY)
    {
        (DType to, int zero) = (request.OutputType(), request.OutputQuant().ZeroPoint);
        return Kernel.Of(context =>
        {
            Tensor output = context.Allocate(0, to, Layout.Of(context, adjX, adjY).Output);
            for (int i = 0; i < output.ElementCount; i++)
                Integers.Store(output, i, zero);
        });
    }

    private static Kernel Hybrid(KernelRequest request, bool adjX, bool adjY)
    {
        float[] scales = HybridSink.Scales(request, 1);
        int zero = request.InputQuant(1).ZeroPoint;
        return new HybridKernel(adjX, adjY, scales, zero, request.Attributes.Bool("asymmetric_quantize_inputs"));
    }

    /// <summary>A matrix of a stack with its rows along the sum, transposed if it is stored the other way.</summary>
    private static T[] Matrix<T>(ReadOnlySpan<T> stack, int index, int rows, int depth, bool isTransposed, T[] matrix)
    {
        ReadOnlySpan<T> stored = stack.Slice(index * rows * depth, rows * depth);
        if (!isTransposed)
        {
            stored.CopyTo(matrix);
            return matrix;
        }

        for (int r = 0; r < rows; r++)
        {
            for (int d = 0; d < depth; d++)
                matrix[(r * depth) + d] = stored[(d * rows) + r];
        }

        return matrix;
    }

    /// <summary>Integers that are widened to 16 bits: products of 16 bits, and what the packed kernel does not take.</summary>
    private sealed class IntegerKernel(bool adjX, bool adjY, DType to, int xZero, int yZero, bool isWide, Requantization? requantization) : Kernel
    {
        private readonly Reused<short> _left = new(), _right = new(), _rows = new(), _columns = new();

        public override void Run(KernelContext context)
        {
            Layout layout = context.Derived(this, static (kernel, c) => kernel.Derive(c));
            Tensor output = context.Allocate(0, to, layout.Output);
            short[] left = Shorts.Into(context.Input(0), xZero, _left.Of((int)context.Input(0).ElementCount)), right = Shorts.Into(context.Input(1), yZero, _right.Of((int)context.Input(1).ElementCount));
            (int m, int k, int n) = (layout.M, layout.K, layout.N);
            for (int b = 0; b < layout.Stacks.Length; b++)
            {
                short[] a = Matrix<short>(left, layout.Stacks[b].Left, m, k, adjX, _rows.Of(m * k)), w = Matrix<short>(right, layout.Stacks[b].Right, n, k, !adjY, _columns.Of(n * k));
                if (requantization is null)
                    IntegerConvolution.Product(a, w, m, n, k, false, new PartSink<PlainSink>(new PlainSink(output), (long)b * m * n), context.Pool);
                else
                    IntegerConvolution.Product(a, w, m, n, k, isWide, new PartSink<Requantization.Sink>(requantization.Into(context, output, null, requantization.Channels, Rounding.HalfUp), (long)b * m * n), context.Pool);
            }
        }

        private Layout Derive(KernelContext context) => Layout.Of(context, adjX, adjY);
    }

    /// <summary>Floats that are quantized per row, times bytes that the packed kernel does not take.</summary>
    private sealed class HybridKernel(bool adjX, bool adjY, float[] scales, int zero, bool isAsymmetric) : Kernel
    {
        private readonly Reused<float> _rows = new();
        private readonly Reused<short> _right = new(), _columns = new();
        private readonly HybridRows _quantized = new();

        public override void Run(KernelContext context)
        {
            Layout layout = context.Derived(this, static (kernel, c) => kernel.Derive(c));
            (int m, int k, int n) = (layout.M, layout.K, layout.N);
            if (scales.Length > 1 && scales.Length != n)
                throw context.Fail($"has {scales.Length} scales for {n} columns");
            Tensor output = context.Allocate(0, DType.Float32, layout.Output);
            if (k == 0)
            {
                context.Writable<float>(output).Clear();
                return;
            }

            short[] right = Shorts.Into(context.Input(1), zero, _right.Of((int)context.Input(1).ElementCount));
            for (int b = 0; b < layout.Stacks.Length; b++)
            {
                _quantized.Fill(Matrix(context.Input(0).Span<float>(), layout.Stacks[b].Left, m, k, adjX, _rows.Of(m * k)), k, isAsymmetric);
                short[] w = Matrix<short>(right, layout.Stacks[b].Right, n, k, !adjY, _columns.Of(n * k));
                IntegerConvolution.Product(_quantized.Values, w, m, n, k, false, new HybridSink(output, _quantized.Scales, n, scales, null, (long)b * m * n), context.Pool);
            }
        }

        private Layout Derive(KernelContext context) => Layout.Of(context, adjX, adjY);
    }

    /// <summary>A part of the output that begins at an element.</summary>
    private readonly struct PartSink<TSink>(TSink whole, long first) : IIntegerSink
        where TSink : IIntegerSink
    {
        public void Store(long position, int channel, long sum) => whole.Store(first + position, channel, sum);
    }

    private readonly struct PlainSink(Tensor output) : IIntegerSink
    {
        public void Store(long position, int channel, long sum) => output.Mutable<int>()[(int)position] = (int)sum;
    }

    /// <summary>The sizes of the product, and which matrices are multiplied.</summary>
    internal sealed record Layout(int M, int K, int N, Shape Output, (int Left, int Right)[] Stacks)
    {
        /// <summary>A matrix on the left with its rows along the sum.</summary>
        public Shape Rows { get; } = new(M, K);

        /// <summary>A matrix on the right with its columns along the sum.</summary>
        public Shape Columns { get; } = new(N, K);

        public static Layout Of(KernelContext context, bool adjX, bool adjY)
        {
            Shape a = context.Shape(0), b = context.Shape(1);
            if (a.Rank < 2 || b.Rank < 2 || a[adjX ? -2 : -1] != b[adjY ? -1 : -2])
                throw context.Fail($"multiplies {context.Input(0)} and {context.Input(1)}, expected as many columns as rows");
            (int m, int k, int n) = ((int)a[adjX ? -1 : -2], (int)a[adjX ? -2 : -1], (int)b[adjY ? -2 : -1]);
            Shape left = new(a.Dims[..^2]), right = new(b.Dims[..^2]);
            Shape stack = Broadcasting.Of(context, left, right);
            var pairs = new (int, int)[stack.ElementCount];
            int[] lefts = [.. Enumerable.Range(0, (int)left.ElementCount)], rights = [.. Enumerable.Range(0, (int)right.ElementCount)];
            Pairs.Map<int, (int, int)>(lefts, left, rights, right, pairs, stack, (l, r) => (l, r));
            return new Layout(m, k, n, new Shape([.. stack.Dims, m, n]), pairs);
        }
    }
}
