using System.Numerics;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Reduce;

/// <summary>Softmax and log-softmax of each row of x [rows, columns]; the output may be the input.</summary>
public static unsafe class Softmax
{
    /// <summary>e^(β(x - max)) / Σ; β is 1 in TensorFlow, an option in TFLite.</summary>
    public static void Run<T>(ReadOnlySpan<T> x, Span<T> y, int rows, int columns, WorkerPool pool, double beta = 1)
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Start(x, y, rows, columns, false, T.CreateTruncating(beta), pool);

    /// <summary>x - max - ln Σ e^(x - max).</summary>
    public static void Log<T>(ReadOnlySpan<T> x, Span<T> y, int rows, int columns, WorkerPool pool)
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Start(x, y, rows, columns, true, T.One, pool);

    private static void Start<T>(ReadOnlySpan<T> x, Span<T> y, int rows, int columns, bool log, T beta, WorkerPool pool)
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        Guard.Length(x, (long)rows * columns);
        Guard.Length(y, (long)rows * columns);
        if (columns == 0)
            return;
        fixed (T* px = x, py = y)
            pool.For(rows, Math.Max(1, 8192 / columns), new Job<T>(px, py, columns, log, beta));
    }

    private readonly struct Job<T>(T* x, T* y, int n, bool log, T beta) : IRangeJob
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        public void Run(int start, int end)
        {
            if (typeof(T) == typeof(float) && !log && beta > T.Zero && RunFloat((float*)x + ((long)start * n), (float*)y + ((long)start * n), end - start))
                return;
            for (int row = start; row < end; row++)
            {
                T* source = x + ((long)row * n);
                T* target = y + ((long)row * n);
                T max, sum, factor = beta;
                ReduceAxis.Row(source, &max, n, default(MaximumOperator<T>));
                BinaryLoop.Run(source, 1, &max, 0, target, n, default(SubtractOperator<T>));
                if (log)
                {
                    T* e = Scratch.Get<T>(n, 3);
                    UnaryLoop.Run(target, e, n, default(ExpOperator<T>));
                    ReduceAxis.Row(e, &sum, n, default(AddOperator<T>));
                    T logarithm = new LogOperator<T>().Invoke(sum);
                    BinaryLoop.Run(target, 1, &logarithm, 0, target, n, default(SubtractOperator<T>));
                    continue;
                }

                if (factor != T.One)
                    BinaryLoop.Run(target, 1, &factor, 0, target, n, default(MultiplyOperator<T>));
                UnaryLoop.Run(target, target, n, default(ExpOperator<T>));
                ReduceAxis.Row(target, &sum, n, default(AddOperator<T>));
                T scale = T.One / sum;
                BinaryLoop.Run(target, 1, &scale, 0, target, n, default(MultiplyOperator<T>));
            }
        }

        private bool RunFloat(float* source, float* target, int rows)
        {
            float factor = float.CreateTruncating(beta);
            int bits = LaneWidth.Current;
            if (bits >= 512)
                SoftmaxRow<Lanes512<float>>.Run(source, target, rows, n, factor);
            else if (bits >= 256)
                SoftmaxRow<Lanes256<float>>.Run(source, target, rows, n, factor);
            else if (bits >= 128)
                SoftmaxRow<Lanes128<float>>.Run(source, target, rows, n, factor);
            return bits >= 128;
        }
    }
}
