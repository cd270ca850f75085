using Decant.Kernels.Threading;

namespace Decant.Kernels.Gemm;

/// <summary>The float32 matrix product C[M,N] = activation(A·B + bias + residual). Other element types: <see cref="GemmReference"/> and <see cref="GemmGeneric"/>.</summary>
public static unsafe class FloatGemm
{
    /// <summary>Reading B once for each of so many rows costs less than packing it, which reads it, writes it and reads that.</summary>
    private const int UnpackedRows = 2;

    /// <summary>Packs B on the fly; for constant B pack once with <see cref="PackedMatrix.Pack(ReadOnlySpan{float}, int, int, bool)"/>.</summary>
    /// <exception cref="ArgumentException">A span is shorter than <paramref name="shape"/> needs.</exception>
    public static void Run(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, in GemmShape shape, in Epilogue<float> epilogue, WorkerPool pool)
    {
        (int m, int k, int n, bool transposeA, bool transposeB) = shape;
        Guard.Length(a, (long)m * k);
        Guard.Length(b, (long)k * n);
        Guard.Length(c, (long)m * n);
        GuardEpilogue(epilogue, m, n);
        if (m == 0 || n == 0)
            return;
        fixed (float* pa = a, pb = b, pc = c, bias = epilogue.Bias, residual = epilogue.Residual)
        {
            if (m > 1 && m <= FewRows.Most && !transposeA && (long)k * n >= FewRows.LeastElements)
            {
                FewRows.Run(pa, pb, pc, m, k, n, transposeB, new TileFinish(bias, epilogue.Activation), residual, pool);
                return;
            }

            if (m == 1 || (m <= UnpackedRows && !transposeA))
            {
                for (int row = 0; row < m; row++)
                    Gemv.Run(pa + ((long)row * k), pb, pc + ((long)row * n), k, n, transposeB, new TileFinish(bias, epilogue.Activation), residual == null ? null : residual + ((long)row * n), pool);
                return;
            }

            GemmKernel kernel = GemmKernel.Current;
            Panels panels = kernel.Panels(n);
            float* packed = Scratch.Get<float>(panels.Floats(k), 0);
            Packing.Panels(pb, transposeB ? 1 : n, transposeB ? k : 1, k, panels, packed, pool);
            float* rows = pa;
            if (transposeA)
            {
                rows = Scratch.Get<float>((long)m * k, 1);
                Packing.Transpose(pa, m, k, m, rows, k);
            }

            Product product = new() { Kernel = kernel, Packed = packed, N = n, C = pc, Stride = n, Finish = new TileFinish(bias, epilogue.Activation), Residual = residual };
            GemmBlock.Run(new MatrixRows(rows, k, m, k, n), product, pool);
        }
    }

    /// <summary>A is [M, K] dense, C is [M, N] dense.</summary>
    public static void Run(ReadOnlySpan<float> a, PackedMatrix b, Span<float> c, int m, in Epilogue<float> epilogue, WorkerPool pool)
    {
        Guard.Length(a, (long)m * b.K);
        Guard.Length(c, (long)m * b.N);
        GuardEpilogue(epilogue, m, b.N);
        if (m == 0 || b.N == 0)
            return;
        fixed (float* pa = a, pc = c, bias = epilogue.Bias, residual = epilogue.Residual)
        {
            Product product = new() { Kernel = b.Kernel, Packed = b.Data, N = b.N, C = pc, Stride = b.N, Finish = new TileFinish(bias, epilogue.Activation), Residual = residual };
            GemmBlock.Run(new MatrixRows(pa, b.K, m, b.K, b.N), product, pool);
        }
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

    private static void GuardEpilogue(in Epilogue<float> epilogue, int m, int n)
    {
        if (!epilogue.Bias.IsEmpty)
            Guard.Length(epilogue.Bias, n);
        if (!epilogue.Residual.IsEmpty)
            Guard.Length(epilogue.Residual, (long)m * n);
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
