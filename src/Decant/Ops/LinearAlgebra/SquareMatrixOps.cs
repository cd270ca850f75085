using System.Numerics;

namespace Decant.Ops.LinearAlgebra;

/// <summary>The ops that factorize square matrices by elimination.</summary>
internal static class SquareMatrixOps
{
    public static Op BatchCholesky => new MatrixOp("BatchCholesky", SameShape, new CholeskyCode());
    public static Op BatchMatrixDeterminant => new MatrixOp("BatchMatrixDeterminant", static c => [BatchShape(c)], new DeterminantCode());
    public static Op BatchMatrixInverse => new MatrixOp("BatchMatrixInverse", SameShape, new InverseCode());
    public static Op BatchMatrixSolve => new MatrixOp("BatchMatrixSolve", SolutionShape, new SolveCode());
    public static Op BatchMatrixTriangularSolve => new MatrixOp("BatchMatrixTriangularSolve", SolutionShape, new TriangularSolveCode());
    public static Op Cholesky => new MatrixOp("Cholesky", SameShape, new CholeskyCode());
    public static Op LogMatrixDeterminant => new MatrixOp("LogMatrixDeterminant", static c => [BatchShape(c), BatchShape(c)], new LogDeterminantCode());
    public static Op Lu => new MatrixOp("Lu", static c => [c.Shape(0), c.Shape(0).Rank > 1 ? new Shape(c.Shape(0).Dims[..^1]) : Shape.Unknown], new LuCode());
    public static Op MatrixDeterminant => new MatrixOp("MatrixDeterminant", static c => [BatchShape(c)], new DeterminantCode());
    public static Op MatrixInverse => new MatrixOp("MatrixInverse", SameShape, new InverseCode());
    public static Op MatrixSolve => new MatrixOp("MatrixSolve", SolutionShape, new SolveCode());
    public static Op MatrixTriangularSolve => new MatrixOp("MatrixTriangularSolve", SolutionShape, new TriangularSolveCode());

    private static Shape[] SameShape(InferenceContext context) => [context.Shape(0)];

    private static Shape BatchShape(InferenceContext context) => context.Shape(0).Rank >= 2 ? MatrixShapes.Batch(context.Shape(0)) : Shape.Unknown;

    private static Shape[] SolutionShape(InferenceContext context)
    {
        Shape a = context.Shape(0), b = context.Shape(1);
        if (a.Rank < 2 || b.Rank < 2)
            return [Shape.Unknown];
        return [Broadcasting.Of(MatrixShapes.Batch(a), MatrixShapes.Batch(b)) is { } batch ? MatrixShapes.Stack(batch, a[-1], b[-1]) : throw context.Fail($"solves {a} for {b}, expected batches that agree")];
    }

    /// <summary>Copies a square matrix, conjugated and transposed if asked.</summary>
    private static void Load<T>(ReadOnlySpan<T> from, Span<T> to, int n, bool adjoint)
        where T : INumberBase<T>
    {
        if (!adjoint)
        {
            from.CopyTo(to);
            return;
        }

        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                to[(i * n) + j] = Field<T>.Conjugate(from[(j * n) + i]);
        }
    }

    private sealed class CholeskyCode : IMatrixCode
    {
        public void Run<T>(KernelContext context, NodeAttributes attributes)
            where T : unmanaged, INumberBase<T>
        {
            Tensor input = context.SquareMatrices(0);
            int n = (int)input.Shape[-1];
            Span<T> l = context.Output<T>(0, input.Shape);
            input.Span<T>().CopyTo(l);
            for (int at = 0; at < l.Length; at += n * n)
            {
                if (!Factorizations.Cholesky(l.Slice(at, n * n), n))
                    throw context.Fail($"matrix {at / (n * n)} is not positive definite");
            }
        }
    }

    private sealed class DeterminantCode : IMatrixCode
    {
        public void Run<T>(KernelContext context, NodeAttributes attributes)
            where T : unmanaged, INumberBase<T>
        {
            Tensor input = context.SquareMatrices(0);
            int n = (int)input.Shape[-1];
            Span<T> determinants = context.Output<T>(0, MatrixShapes.Batch(input.Shape));
            T[] lu = input.Span<T>().ToArray();
            int[] permutation = new int[n];
            for (int b = 0; b < determinants.Length; b++)
            {
                Span<T> matrix = lu.AsSpan(b * n * n, n * n);
                T determinant = T.CreateTruncating(Factorizations.Lu(matrix, n, permutation));
                for (int i = 0; i < n; i++)
                    determinant *= matrix[(i * n) + i];
                determinants[b] = determinant;
            }
        }
    }

    private sealed class LogDeterminantCode : IMatrixCode
    {
        public void Run<T>(KernelContext context, NodeAttributes attributes)
            where T : unmanaged, INumberBase<T>
        {
            Tensor input = context.SquareMatrices(0);
            int n = (int)input.Shape[-1];
            Span<T> signs = context.Output<T>(0, MatrixShapes.Batch(input.Shape)), logs = context.Output<T>(1, MatrixShapes.Batch(input.Shape));
            T[] lu = input.Span<T>().ToArray();
            int[] permutation = new int[n];
            for (int b = 0; b < signs.Length; b++)
            {
                Span<T> matrix = lu.AsSpan(b * n * n, n * n);
                T sign = T.CreateTruncating(Factorizations.Lu(matrix, n, permutation));
                double log = T.IsZero(sign) ? double.NegativeInfinity : 0;
                for (int i = 0; i < n && !T.IsZero(sign); i++)
                {
                    double magnitude = Field<T>.Magnitude(matrix[(i * n) + i]);
                    sign *= matrix[(i * n) + i] / Field<T>.Of(magnitude);
                    log += Math.Log(magnitude);
                }

                (signs[b], logs[b]) = (sign, Field<T>.Of(log));
            }
        }
    }

    private sealed class LuCode : IMatrixCode
    {
        public void Run<T>(KernelContext context, NodeAttributes attributes)
            where T : unmanaged, INumberBase<T>
        {
            Tensor input = context.SquareMatrices(0);
            int n = (int)input.Shape[-1];
            Span<T> lu = context.Output<T>(0, input.Shape);
            input.Span<T>().CopyTo(lu);
            Tensor permutations = context.Allocate(1, attributes.Type("output_idx_type"), new Shape(input.Shape.Dims[..^1]));
            int[] permutation = new int[n];
            for (int b = 0; b * n * n < lu.Length; b++)
            {
                if (Factorizations.Lu(lu.Slice(b * n * n, n * n), n, permutation) == 0)
                    throw context.Fail($"matrix {b} is not invertible");
                for (int i = 0; i < n; i++)
                {
                    if (permutations.DType == DType.Int64)
                        context.Writable<long>(permutations)[(b * n) + i] = permutation[i];
                    else
                        context.Writable<int>(permutations)[(b * n) + i] = permutation[i];
                }
            }
        }
    }

    private sealed class InverseCode : IMatrixCode
    {
        public void Run<T>(KernelContext context, NodeAttributes attributes)
            where T : unmanaged, INumberBase<T>
        {
            Tensor input = context.SquareMatrices(0);
            int n = (int)input.Shape[-1];
            bool adjoint = attributes.Bool("adjoint");
            Span<T> inverses = context.Output<T>(0, input.Shape);
            T[] lu = new T[n * n];
            int[] permutation = new int[n];
            for (int at = 0; at < inverses.Length; at += n * n)
            {
                Load(input.Span<T>().Slice(at, n * n), lu, n, adjoint);
                Span<T> inverse = inverses.Slice(at, n * n);
                if (Factorizations.Lu<T>(lu, n, permutation) == 0)
                    throw context.Fail($"matrix {at / (n * n)} is not invertible");
                inverse.Clear();
                for (int i = 0; i < n; i++)
                    inverse[(i * n) + permutation[i]] = T.One;
                Factorizations.SolveTriangular<T>(lu, inverse, n, n, lower: true, unit: true);
                Factorizations.SolveTriangular<T>(lu, inverse, n, n, lower: false, unit: false);
            }
        }
    }

    private sealed class SolveCode : IMatrixCode
    {
        public void Run<T>(KernelContext context, NodeAttributes attributes)
            where T : unmanaged, INumberBase<T>
        {
            Tensor input = context.SquareMatrices(0), rhs = context.Matrices(1);
            int n = (int)input.Shape[-1], m = (int)rhs.Shape[-1];
            if (rhs.Shape[-2] != n || !MatrixShapes.Batch(input.Shape).Equals(MatrixShapes.Batch(rhs.Shape)))
                throw context.Fail($"solves {input} for {rhs}, expected as many rows, and batches that agree");
            bool adjoint = attributes.Bool("adjoint");
            Span<T> solutions = context.Output<T>(0, rhs.Shape);
            T[] lu = new T[n * n];
            int[] permutation = new int[n];
            for (int b = 0; b < MatrixShapes.Count(input.Shape); b++)
            {
                Load(input.Span<T>().Slice(b * n * n, n * n), lu, n, adjoint);
                if (Factorizations.Lu<T>(lu, n, permutation) == 0)
                    throw context.Fail($"matrix {b} is not invertible");
                Span<T> x = solutions.Slice(b * n * m, n * m);
                for (int i = 0; i < n; i++)
                    rhs.Span<T>().Slice((b * n * m) + (permutation[i] * m), m).CopyTo(x[(i * m)..]);
                Factorizations.SolveTriangular<T>(lu, x, n, m, lower: true, unit: true);
                Factorizations.SolveTriangular<T>(lu, x, n, m, lower: false, unit: false);
            }
        }
    }

    private sealed class TriangularSolveCode : IMatrixCode
    {
        public void Run<T>(KernelContext context, NodeAttributes attributes)
            where T : unmanaged, INumberBase<T>
        {
            Tensor input = context.SquareMatrices(0), rhs = context.Matrices(1);
            int n = (int)input.Shape[-1], m = (int)rhs.Shape[-1];
            if (rhs.Shape[-2] != n)
                throw context.Fail($"solves {input} for {rhs}, expected as many rows");
            bool adjoint = attributes.Bool("adjoint"), lower = attributes.Bool("lower") != adjoint;
            Shape batch = Broadcasting.Of(context, MatrixShapes.Batch(input.Shape), MatrixShapes.Batch(rhs.Shape));
            Span<T> solutions = context.Output<T>(0, MatrixShapes.Stack(batch, n, m));
            long[] matrices = Arithmetic.BroadcastIndex.Of(context, MatrixShapes.Batch(input.Shape), batch), sides = Arithmetic.BroadcastIndex.Of(context, MatrixShapes.Batch(rhs.Shape), batch);
            T[] triangle = new T[n * n];
            for (int b = 0; b < matrices.Length; b++)
            {
                Load(input.Span<T>().Slice((int)matrices[b] * n * n, n * n), triangle, n, adjoint);
                for (int i = 0; i < n; i++)
                {
                    if (T.IsZero(triangle[(i * n) + i]))
                        throw context.Fail($"matrix {matrices[b]} has a 0 on its diagonal, expected an invertible one");
                }

                Span<T> x = solutions.Slice(b * n * m, n * m);
                rhs.Span<T>().Slice((int)sides[b] * n * m, n * m).CopyTo(x);
                Factorizations.SolveTriangular<T>(triangle, x, n, m, lower, unit: false);
            }
        }
    }
}
