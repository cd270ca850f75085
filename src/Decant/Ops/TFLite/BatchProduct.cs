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
        Requantization? requantization = isPlain ? null : new Requantization(request, 0, 1, isFloatProduct: true);
        return Kernel.Of(context =>
        {
            Layout layout = Layout.Of(context, adjX, adjY);
            Tensor output = context.Allocate(0, to, layout.Output);
            short[] left = Shorts.Of(context.Input(0), x.ZeroPoint), right = Shorts.Of(context.Input(1), y.ZeroPoint);
            for (int b = 0; b < layout.Stacks.Length; b++)
            {
                short[] a = Matrix(left, layout.Stacks[b].Left, layout.M, layout.K, adjX), w = Matrix(right, layout.Stacks[b].Right, layout.N, layout.K, !adjY);
                Tensor part = new(to, new Shape(layout.M, layout.N), output.Data.Slice((long)b * layout.M * layout.N * to.Size(), (long)layout.M * layout.N * to.Size()));
                if (requantization is null)
                    IntegerConvolution.Product(a, w, layout.M, layout.N, layout.K, false, new PlainSink(part), context.Pool);
                else
                    IntegerConvolution.Product(a, w, layout.M, layout.N, layout.K, isWide, requantization.Into(context, part, null, requantization.Channels, Rounding.HalfUp), context.Pool);
            }
        });
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
        bool isAsymmetric = request.Attributes.Bool("asymmetric_quantize_inputs");
        return Kernel.Of(context =>
        {
            Layout layout = Layout.Of(context, adjX, adjY);
            if (scales.Length > 1 && scales.Length != layout.N)
                throw context.Fail($"has {scales.Length} scales for {layout.N} columns");
            Tensor output = context.Allocate(0, DType.Float32, layout.Output);
            short[] right = Shorts.Of(context.Input(1), zero);
            float[] left = context.Input(0).Span<float>().ToArray();
            for (int b = 0; b < layout.Stacks.Length; b++)
            {
                float[] rows = Matrix(left, layout.Stacks[b].Left, layout.M, layout.K, adjX);
                short[] w = Matrix(right, layout.Stacks[b].Right, layout.N, layout.K, !adjY);
                HybridRows quantized = HybridRows.Of(rows, layout.K, isAsymmetric);
                Tensor part = new(DType.Float32, new Shape(layout.M, layout.N), output.Data.Slice((long)b * layout.M * layout.N * 4, (long)layout.M * layout.N * 4));
                IntegerConvolution.Product(quantized.Values, w, layout.M, layout.N, layout.K, false, new HybridSink(part, quantized.Scales, layout.N, scales, null), context.Pool);
            }
        });
    }

    /// <summary>A matrix of a stack with its rows along the sum, transposed if it is stored the other way.</summary>
    private static T[] Matrix<T>(T[] stack, int index, int rows, int depth, bool isTransposed)
    {
        T[] matrix = stack.AsSpan(index * rows * depth, rows * depth).ToArray();
        if (!isTransposed)
            return matrix;
        for (int r = 0; r < rows; r++)
        {
            for (int d = 0; d < depth; d++)
                matrix[(r * depth) + d] = stack[(index * rows * depth) + (d * rows) + r];
        }

        return matrix;
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
