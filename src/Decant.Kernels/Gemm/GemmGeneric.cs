using System.Numerics;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Gemm;

/// <summary>The matrix product of any number type: row by row, k outside the columns so that the inner loop is contiguous.</summary>
public static unsafe class GemmGeneric
{
    /// <summary>C[M,N] = A·B; sums over k in ascending order in <typeparamref name="T"/>, as <see cref="GemmReference"/>.</summary>
    public static void Run<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, in GemmShape shape, in Epilogue<T> epilogue, WorkerPool pool)
        where T : unmanaged, INumberBase<T>
    {
        (int m, int k, int n, _, _) = shape;
        Guard.Length(a, (long)m * k);
        Guard.Length(b, (long)k * n);
        Guard.Length(c, (long)m * n);
        if (!epilogue.Bias.IsEmpty)
            Guard.Length(epilogue.Bias, n);
        if (!epilogue.Residual.IsEmpty)
            throw new ArgumentException("a product of this element type takes no residual", nameof(epilogue));
        if (n == 0)
            return;
        fixed (T* pa = a, pb = b, pc = c, bias = epilogue.Bias)
            pool.For(m, (int)Math.Max(1, 16384 / Math.Max(1, (long)k * n)), new Job<T>(pa, pb, pc, shape, bias, epilogue.Activation));
    }

    private readonly struct Job<T>(T* a, T* b, T* c, GemmShape shape, T* bias, Activation activation) : IRangeJob
        where T : unmanaged, INumberBase<T>
    {
        public void Run(int start, int end)
        {
            (int m, int k, int n, bool transposeA, bool transposeB) = shape;
            for (int i = start; i < end; i++)
            {
                T* row = c + ((long)i * n);
                new Span<T>(row, n).Clear();
                for (int p = 0; p < k && !transposeB; p++)
                {
                    T x = transposeA ? a[((long)p * m) + i] : a[((long)i * k) + p];
                    T* source = b + ((long)p * n);
                    for (int j = 0; j < n; j++)
                        row[j] += x * source[j];
                }

                for (int j = 0; j < n && transposeB; j++)
                {
                    T sum = T.Zero;
                    for (int p = 0; p < k; p++)
                        sum += (transposeA ? a[((long)p * m) + i] : a[((long)i * k) + p]) * b[((long)j * k) + p];
                    row[j] = sum;
                }

                if (bias != null || activation != Activation.None)
                {
                    for (int j = 0; j < n; j++)
                        row[j] = GemmReference.Activate(bias == null ? row[j] : row[j] + bias[j], activation);
                }
            }
        }
    }
}
