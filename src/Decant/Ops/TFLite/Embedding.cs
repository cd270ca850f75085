using Decant.IR;

namespace Decant.Ops.TFLite;

/// <summary>EMBEDDING_LOOKUP: rows of a table, made floats where the table is quantized and the result is not.</summary>
internal static class Embedding
{
    public static Kernel Prepare(KernelRequest request)
    {
        if (request.InputType(1) == request.OutputType())
            return new Translation(request, "GatherV2").In(1, 0).In(Tensor.Scalar(0)).Type("Tparams", 1).Type("Tindices", 0).Set("Taxis", DType.Int32).Prepare();
        DType to = request.OutputType();
        if (request.InputSpec(1)?.Quantization?.Details is BlockwiseQuantization blocks)
            return Blockwise(request, blocks, to);
        float[] scales = HybridSink.Scales(request, 1);
        return Kernel.Of(context =>
        {
            long[] rows = context.Ints(0);
            Tensor table = context.Input(1);
            if (table.Shape.Rank < 1 || rows.Any(r => r < 0 || r >= table.Shape[0]) || (scales.Length > 1 && scales.Length != table.Shape[0]))
                throw context.Fail($"looks up rows of {table} with {scales.Length} scales, expected rows in its range and a scale for all or for each");
            int width = (int)(table.ElementCount / table.Shape[0]);
            var shape = new Shape([.. context.Shape(0).Dims, .. table.Shape.Dims[1..]]);
            Span<float> y = context.Writable<float>(context.Scratch(DType.Float32, shape));
            ReadOnlySpan<int> x = Integers.Wide(context, table);
            for (int i = 0; i < rows.Length; i++)
            {
                float scale = scales[scales.Length == 1 ? 0 : (int)rows[i]];
                for (int c = 0; c < width; c++)
                    y[(i * width) + c] = x[((int)rows[i] * width) + c] * scale;
            }

            Give(context, y, context.Allocate(0, to, shape));
        });
    }

    /// <summary>Rows of which each block has a scale of its own, a float16 in another tensor of the subgraph.</summary>
    private static Kernel Blockwise(KernelRequest request, BlockwiseQuantization blocks, DType to)
    {
        Tensor scales = blocks.ScaleTensor?.Value is { DType: DType.Float16 } found ? found : throw request.NoKernel("for a table whose scales per block are no float16 constant");
        return Kernel.Of(context =>
        {
            Tensor table = context.Input(1);
            if (table.Shape.Rank != 2 || blocks.BlockSize < 1 || table.Shape[1] % blocks.BlockSize != 0 || scales.ElementCount != table.ElementCount / blocks.BlockSize)
                throw context.Fail($"looks up rows of {table} in blocks of {blocks.BlockSize} with the scales {scales}, expected blocks that divide the rows and a scale for each");
            long[] rows = context.Ints(0);
            if (rows.Any(r => r < 0 || r >= table.Shape[0]))
                throw context.Fail($"looks up rows of {table}, expected rows in its range");
            int width = (int)table.Shape[1];
            var shape = new Shape([.. context.Shape(0).Dims, width]);
            Span<float> y = context.Writable<float>(context.Scratch(DType.Float32, shape));
            ReadOnlySpan<Half> factors = scales.Span<Half>();
            for (int i = 0; i < y.Length; i++)
            {
                int at = ((int)rows[i / width] * width) + (i % width);
                y[i] = Integers.Load(table, at) * (float)factors[at / blocks.BlockSize];
            }

            Give(context, y, context.Allocate(0, to, shape));
        });
    }

    private static void Give(KernelContext context, ReadOnlySpan<float> y, Tensor output)
    {
        if (output.DType == DType.Float32)
            y.CopyTo(context.Writable<float>(output));
        else
            context.Round(y, output);
    }

    /// <summary>EMBEDDING_LOOKUP_SPARSE: ids and weights at indices of a sparse tensor of a shape; rows are combined along its last dimension.</summary>
    public static Kernel PrepareSparse(KernelRequest request)
    {
        string combiner = request.Attributes.String("combiner");
        return Kernel.Of(context =>
        {
            long[] ids = context.Ints(0), indices = context.Ints(1), dense = context.Ints(2);
            ReadOnlySpan<float> weights = context.Input(3).Span<float>();
            Tensor table = context.Input(4);
            if (table.Shape.Rank < 1)
                throw context.Fail($"has the table {table}, expected rows");
            int rank = dense.Length, width = (int)(table.ElementCount / Math.Max(1, table.Shape[0]));
            if (rank < 2 || indices.Length != ids.Length * rank || weights.Length != ids.Length || dense.Any(d => d is < 0 or > int.MaxValue) || ids.Any(i => i < 0 || i >= table.Shape[0]))
                throw context.Fail($"has {ids.Length} ids, {indices.Length} indices and {weights.Length} weights for the shape [{string.Join(',', dense)}] and {table}");
            Span<float> y = context.Output<float>(0, new Shape([.. dense[..^1], .. table.Shape.Dims[1..]]));
            y.Clear();
            ReadOnlySpan<float> x = table.Span<float>();
            float[] sums = new float[y.Length / Math.Max(1, width)], squares = new float[sums.Length];
            for (int i = 0; i < ids.Length; i++)
            {
                long row = 0;
                for (int d = 0; d < rank - 1; d++)
                    row = (row * dense[d]) + indices[(i * rank) + d];
                if (row < 0 || row >= sums.Length)
                    throw context.Fail($"has an index outside of the shape [{string.Join(',', dense)}]");
                sums[row] += weights[i];
                squares[row] += weights[i] * weights[i];
                for (int c = 0; c < width; c++)
                    y[((int)row * width) + c] += x[((int)ids[i] * width) + c] * weights[i];
            }

            for (int row = 0; row < sums.Length && combiner != "SUM"; row++)
            {
                float divisor = combiner == "MEAN" ? sums[row] : MathF.Sqrt(squares[row]);
                for (int c = 0; c < width && divisor != 0; c++)
                    y[(row * width) + c] /= divisor;
            }
        });
    }
}
