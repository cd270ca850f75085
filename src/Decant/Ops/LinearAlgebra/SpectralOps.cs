using System.Numerics;

namespace Decant.Ops.LinearAlgebra;

/// <summary>The ops that factorize by orthogonal matrices.</summary>
internal static class SpectralOps
{
    public static Op MatrixSolveLs => new MatrixOp("MatrixSolveLs", static c => [c.Shape(0).Rank >= 2 && c.Shape(1).Rank >= 2 ? MatrixShapes.Stack(MatrixShapes.Batch(c.Shape(0)), c.Shape(0)[-1], c.Shape(1)[-1]) : Shape.Unknown], new LeastSquaresCode());
    public static Op Qr => new MatrixOp("Qr", QrShapes, new QrCode());
    public static Op SelfAdjointEigV2 => new MatrixOp("SelfAdjointEigV2", EigenShapes, new EigenCode());
    public static Op Svd => new MatrixOp("Svd", SvdShapes, new SvdCode());

    private static Shape[] QrShapes(InferenceContext context)
    {
        Shape a = context.Shape(0);
        if (a.Rank < 2)
            return [Shape.Unknown, Shape.Unknown];
        long p = context.Attributes.Bool("full_matrices") ? a[-2] : Smaller(a);
        return [MatrixShapes.Stack(MatrixShapes.Batch(a), a[-2], p), MatrixShapes.Stack(MatrixShapes.Batch(a), p, a[-1])];
    }

    private static Shape[] EigenShapes(InferenceContext context)
    {
        Shape a = context.Shape(0);
        Shape vectors = !context.Attributes.Bool("compute_v") ? new Shape(0) : a;
        return [a.Rank < 2 ? Shape.Unknown : new Shape(a.Dims[..^1]), vectors];
    }

    private static Shape[] SvdShapes(InferenceContext context)
    {
        Shape a = context.Shape(0);
        bool vectors = context.Attributes.Bool("compute_uv"), full = context.Attributes.Bool("full_matrices");
        if (a.Rank < 2)
            return vectors ? [Shape.Unknown, Shape.Unknown, Shape.Unknown] : [Shape.Unknown, new Shape(0), new Shape(0)];
        Shape batch = MatrixShapes.Batch(a);
        long p = Smaller(a);
        return
        [
            MatrixShapes.Stack(batch, p),
            vectors ? MatrixShapes.Stack(batch, a[-2], full ? a[-2] : p) : new Shape(0),
            vectors ? MatrixShapes.Stack(batch, a[-1], full ? a[-1] : p) : new Shape(0),
        ];
    }

    private static long Smaller(Shape a) => a[-2] < 0 || a[-1] < 0 ? -1 : Math.Min(a[-2], a[-1]);

    private sealed class QrCode : IMatrixCode
    {
        public void Run<T>(KernelContext context, NodeAttributes attributes)
            where T : unmanaged, INumberBase<T>
        {
            Tensor input = context.Matrices(0);
            int m = (int)input.Shape[-2], n = (int)input.Shape[-1], p = attributes.Bool("full_matrices") ? m : Math.Min(m, n);
            Shape batch = MatrixShapes.Batch(input.Shape);
            Span<T> q = context.Output<T>(0, MatrixShapes.Stack(batch, m, p)), r = context.Output<T>(1, MatrixShapes.Stack(batch, p, n));
            T[] a = new T[m * n];
            for (int b = 0; b < MatrixShapes.Count(input.Shape); b++)
            {
                input.Span<T>().Slice(b * m * n, m * n).CopyTo(a);
                Factorizations.Qr(a, q.Slice(b * m * p, m * p), m, n, p);
                a.AsSpan(0, p * n).CopyTo(r[(b * p * n)..]);
            }
        }
    }

    private sealed class EigenCode : IMatrixCode
    {
        public void Run<T>(KernelContext context, NodeAttributes attributes)
            where T : unmanaged, INumberBase<T>
        {
            Tensor input = context.SquareMatrices(0);
            int n = (int)input.Shape[-1];
            bool wantsVectors = attributes.Bool("compute_v");
            Span<T> values = context.Output<T>(0, new Shape(input.Shape.Dims[..^1]));
            Span<T> vectors = context.Output<T>(1, wantsVectors ? input.Shape : new Shape(0));
            double[] e = new double[n];
            T[] v = new T[n * n];
            for (int b = 0; b < MatrixShapes.Count(input.Shape); b++)
            {
                Spectral.Eigen(input.Span<T>().Slice(b * n * n, n * n), n, e, v);
                for (int i = 0; i < n; i++)
                    values[(b * n) + i] = Field<T>.Of(e[i]);
                if (wantsVectors)
                    v.CopyTo(vectors[(b * n * n)..]);
            }
        }
    }

    private sealed class SvdCode : IMatrixCode
    {
        public void Run<T>(KernelContext context, NodeAttributes attributes)
            where T : unmanaged, INumberBase<T>
        {
            Tensor input = context.Matrices(0);
            int rows = (int)input.Shape[-2], columns = (int)input.Shape[-1], p = Math.Min(rows, columns), m = Math.Max(rows, columns);
            bool wantsVectors = attributes.Bool("compute_uv"), full = attributes.Bool("full_matrices"), wide = rows < columns;
            Shape batch = MatrixShapes.Batch(input.Shape);
            int uColumns = full ? rows : p, vColumns = full ? columns : p;
            Span<T> s = context.Output<T>(0, MatrixShapes.Stack(batch, p));
            Span<T> u = context.Output<T>(1, wantsVectors ? MatrixShapes.Stack(batch, rows, uColumns) : new Shape(0));
            Span<T> v = context.Output<T>(2, wantsVectors ? MatrixShapes.Stack(batch, columns, vColumns) : new Shape(0));
            T[] tall = new T[m * p], right = new T[p * p];
            double[] values = new double[p];
            for (int b = 0; b < MatrixShapes.Count(input.Shape); b++)
            {
                ReadOnlySpan<T> a = input.Span<T>().Slice(b * rows * columns, rows * columns);

                // Aᴴ = V diag(s) Uᴴ, so that the matrix at work is never wide.
                for (int i = 0; i < m; i++)
                {
                    for (int j = 0; j < p; j++)
                        tall[(i * p) + j] = wide ? Field<T>.Conjugate(a[(j * columns) + i]) : a[(i * columns) + j];
                }

                Spectral.Singular<T>(tall, m, p, values, right);
                for (int i = 0; i < p; i++)
                    s[(b * p) + i] = Field<T>.Of(values[i]);
                if (!wantsVectors)
                    continue;
                Store<T>(wide ? right : tall, rows, p, u.Slice(b * rows * uColumns, rows * uColumns), uColumns);
                Store<T>(wide ? tall : right, columns, p, v.Slice(b * columns * vColumns, columns * vColumns), vColumns);
            }
        }

        private static void Store<T>(ReadOnlySpan<T> from, int rows, int columns, Span<T> to, int wanted)
            where T : INumberBase<T>
        {
            to.Clear();
            for (int i = 0; i < rows; i++)
                from.Slice(i * columns, columns).CopyTo(to[(i * wanted)..]);
            Spectral.Complete(to, rows, wanted);
        }
    }

    private sealed class LeastSquaresCode : IMatrixCode
    {
        // x = (AᴴA + λI)⁻¹Aᴴb for tall A, Aᴴ(AAᴴ + λI)⁻¹b for wide A, by Cholesky.
        public void Run<T>(KernelContext context, NodeAttributes attributes)
            where T : unmanaged, INumberBase<T>
        {
            Tensor matrix = context.Matrices(0), rhs = context.Matrices(1);
            int m = (int)matrix.Shape[-2], n = (int)matrix.Shape[-1], k = (int)rhs.Shape[-1], p = Math.Min(m, n);
            if (rhs.Shape[-2] != m || !MatrixShapes.Batch(matrix.Shape).Equals(MatrixShapes.Batch(rhs.Shape)))
                throw context.Fail($"solves {matrix} for {rhs}, expected as many rows, and batches that agree");
            double regularizer = context.Input(2) is { DType: DType.Float64, ElementCount: 1 } l2 ? l2.Span<double>()[0] : 0;
            Span<T> x = context.Output<T>(0, MatrixShapes.Stack(MatrixShapes.Batch(matrix.Shape), n, k));
            T[] gram = new T[p * p], side = new T[p * k], upper = new T[p * p];
            for (int b = 0; b < MatrixShapes.Count(matrix.Shape); b++)
            {
                ReadOnlySpan<T> a = matrix.Span<T>().Slice(b * m * n, m * n), y = rhs.Span<T>().Slice(b * m * k, m * k);
                bool tall = m >= n;
                for (int i = 0; i < p; i++)
                {
                    for (int j = 0; j < p; j++)
                        gram[(i * p) + j] = (tall ? ColumnDot(a, a, m, n, n, i, j) : RowDot(a, n, i, j)) + (i == j ? Field<T>.Of(regularizer) : T.Zero);
                    for (int j = 0; j < k; j++)
                        side[(i * k) + j] = tall ? ColumnDot(a, y, m, n, k, i, j) : y[(i * k) + j];
                }

                if (!Factorizations.Cholesky<T>(gram, p))
                    throw context.Fail($"matrix {b} has no full rank, expected an l2_regularizer above 0 for it");
                for (int i = 0; i < p; i++)
                {
                    for (int j = 0; j < p; j++)
                        upper[(i * p) + j] = Field<T>.Conjugate(gram[(j * p) + i]);
                }

                Factorizations.SolveTriangular<T>(gram, side, p, k, lower: true, unit: false);
                Factorizations.SolveTriangular<T>(upper, side, p, k, lower: false, unit: false);
                Span<T> solution = x.Slice(b * n * k, n * k);
                for (int i = 0; i < n; i++)
                {
                    for (int j = 0; j < k; j++)
                        solution[(i * k) + j] = tall ? side[(i * k) + j] : ColumnDot(a, side, m, n, k, i, j);
                }
            }
        }

        // Σ conj(a[r,i]) b[r,j]
        private static T ColumnDot<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, int rows, int strideA, int strideB, int i, int j)
            where T : INumberBase<T>
        {
            T sum = T.Zero;
            for (int r = 0; r < rows; r++)
                sum += Field<T>.Conjugate(a[(r * strideA) + i]) * b[(r * strideB) + j];
            return sum;
        }

        // Σ a[i,c] conj(a[j,c])
        private static T RowDot<T>(ReadOnlySpan<T> a, int columns, int i, int j)
            where T : INumberBase<T>
        {
            T sum = T.Zero;
            for (int c = 0; c < columns; c++)
                sum += a[(i * columns) + c] * Field<T>.Conjugate(a[(j * columns) + c]);
            return sum;
        }
    }
}
