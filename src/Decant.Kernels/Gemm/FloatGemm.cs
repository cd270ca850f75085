using Decant.Kernels.Threading;

namespace Decant.Kernels.Gemm;

/// <summary>The float32 matrix product C[M,N] = activation(A·B + bias). Other element types: <see cref="GemmReference"/> and <see cref="GemmGeneric"/>.</summary>
public static unsafe class FloatGemm
{
    /// <summary>Row tiles per thread from which on their number divides evenly enough.</summary>
    private const int FineTiles = 8;

    /// <summary>Packs B on the fly; for constant B pack once with <see cref="PackedMatrix.Pack(ReadOnlySpan{float}, int, int, bool)"/>.</summary>
    /// <exception cref="ArgumentException">A span is shorter than <paramref name="shape"/> needs.</exception>
    public static void Run(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, in GemmShape shape, in Epilogue<float> epilogue, WorkerPool pool)
    {
        (int m, int k, int n, bool transposeA, bool transposeB) = shape;
        Guard.Length(a, (long)m * k);
        Guard.Length(b, (long)k * n);
        Guard.Length(c, (long)m * n);
        GuardBias(epilogue, n);
        if (m == 0 || n == 0)
            return;
        fixed (float* pa = a, pb = b, pc = c, bias = epilogue.Bias)
        {
            if (m == 1)
            {
                Gemv.Run(pa, pb, pc, k, n, transposeB, bias, epilogue.Activation, pool);
                return;
            }

            GemmKernel kernel = GemmKernel.Current;
            int width = kernel.PanelWidth;
            long padded = (long)((n + width - 1) / width) * width;
            float* packed = Scratch.Get<float>(padded * k, 0);
            Packing.Panels(pb, transposeB ? 1 : n, transposeB ? k : 1, k, n, width, packed, pool);
            float* rows = pa;
            if (transposeA)
            {
                rows = Scratch.Get<float>((long)m * k, 1);
                Packing.Transpose(pa, m, k, m, rows, k);
            }

            Split(rows, k, m, packed, k, n, kernel, pc, n, bias, epilogue.Activation, pool);
        }
    }

    /// <summary>A is [M, K] dense, C is [M, N] dense.</summary>
    public static void Run(ReadOnlySpan<float> a, PackedMatrix b, Span<float> c, int m, in Epilogue<float> epilogue, WorkerPool pool)
    {
        Guard.Length(a, (long)m * b.K);
        Guard.Length(c, (long)m * b.N);
        GuardBias(epilogue, b.N);
        if (m == 0 || b.N == 0)
            return;
        fixed (float* pa = a, pc = c, bias = epilogue.Bias)
            Split(pa, b.K, m, b.Data, b.K, b.N, GemmKernel.ForPanelWidth(b.PanelWidth), pc, b.N, bias, epilogue.Activation, pool);
    }

    /// <summary>
    /// One product per offset; the operands of product i start at aOffset(i), bOffset(i) elements, C at i·M·N. Offsets serve broadcasting batches.
    /// </summary>
    public static void RunBatch(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, in GemmShape shape, ReadOnlySpan<long> aOffsets, ReadOnlySpan<long> bOffsets, WorkerPool pool)
    {
        long sizeA = (long)shape.M * shape.K, sizeB = (long)shape.K * shape.N, sizeC = (long)shape.M * shape.N;
        int batches = aOffsets.Length;
        Guard.Length(bOffsets, batches);
        Guard.Length(c, sizeC * batches);
        for (int i = 0; i < batches; i++)
        {
            Guard.Length(a, aOffsets[i] + sizeA);
            Guard.Length(b, bOffsets[i] + sizeB);
        }

        fixed (float* pa = a, pb = b, pc = c)
        fixed (long* offsetsA = aOffsets, offsetsB = bOffsets)
        {
            // Few large products share the threads inside each; many small ones are dealt out whole.
            if (batches >= pool.Threads * 2)
                pool.For(batches, (int)Math.Max(1, 65536 / Math.Max(1, sizeC * shape.K)), new BatchJob(pa, pb, pc, shape, offsetsA, offsetsB));
            else
            {
                for (int i = 0; i < batches; i++)
                    Run(a.Slice((int)aOffsets[i], (int)sizeA), b.Slice((int)bOffsets[i], (int)sizeB), c.Slice((int)(i * sizeC), (int)sizeC), shape, default, pool);
            }
        }
    }

    /// <summary>Splits rows, or panels when rows are few, over the threads; tiles are the same however it is split.</summary>
    internal static void Split(float* a, nint lda, int m, float* packed, int k, int n, GemmKernel kernel, float* c, nint ldc, float* bias, Activation activation, WorkerPool pool)
    {
        int panels = (n + kernel.PanelWidth - 1) / kernel.PanelWidth;
        int tiles = (m + kernel.MaxRows - 1) / kernel.MaxRows;
        long tileWork = Math.Max(1, (long)k * kernel.PanelWidth * kernel.MaxRows);
        Job job = new(a, lda, m, packed, k, n, kernel, c, ldc, bias, activation, tiles, panels, tiles >= pool.Threads * FineTiles || tiles >= panels);
        if (job.ByRows)
            pool.For(tiles, (int)Math.Max(1, 262144 / (tileWork * panels)), job);
        else
            pool.For(panels, (int)Math.Max(1, 262144 / (tileWork * tiles)), job);
    }

    private static void GuardBias(in Epilogue<float> epilogue, int n)
    {
        if (!epilogue.Bias.IsEmpty)
            Guard.Length(epilogue.Bias, n);
    }

    private readonly struct Job(float* a, nint lda, int m, float* packed, int k, int n, GemmKernel kernel, float* c, nint ldc, float* bias, Activation activation, int tiles, int panels, bool byRows) : IRangeJob
    {
        public bool ByRows => byRows;

        public void Run(int start, int end)
        {
            if (byRows)
            {
                int row0 = (int)((long)m * start / tiles);
                int row1 = (int)((long)m * end / tiles);
                GemmBlock.Run(a + (row0 * lda), lda, row1 - row0, packed, k, n, kernel, 0, panels, c + (row0 * ldc), ldc, bias, activation, false);
            }
            else
            {
                GemmBlock.Run(a, lda, m, packed, k, n, kernel, start, end, c, ldc, bias, activation, false);
            }
        }
    }

    private readonly struct BatchJob(float* a, float* b, float* c, GemmShape shape, long* offsetsA, long* offsetsB) : IRangeJob
    {
        public void Run(int start, int end)
        {
            int sizeA = shape.M * shape.K, sizeB = shape.K * shape.N, sizeC = shape.M * shape.N;
            for (int i = start; i < end; i++)
                FloatGemm.Run(new ReadOnlySpan<float>(a + offsetsA[i], sizeA), new ReadOnlySpan<float>(b + offsetsB[i], sizeB), new Span<float>(c + ((long)i * sizeC), sizeC), shape, default, WorkerPool.Inline);
        }
    }
}
