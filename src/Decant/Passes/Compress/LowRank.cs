using System.Numerics.Tensors;
using Decant.Kernels.Gemm;
using Decant.Kernels.Threading;

namespace Decant.Passes.Compress;

/// <summary>
/// W [m,n] ≈ Left [m,r] · Right [r,n], the best such product as far as a randomized subspace iteration finds it (Halko, Martinsson and
/// Tropp, 2011): an orthonormal basis Q of W's action on random vectors, improved by powers of W Wᵀ, and the exact singular values of QᵀW.
/// </summary>
internal sealed record LowRank(float[] Left, float[] Right, int Rank, double Energy)
{
    /// <summary>Columns beyond those that are wanted, which make the others more accurate.</summary>
    private const int Oversampling = 8;

    private const int PowerIterations = 3;

    private const int FirstRank = 16;

    /// <summary>The product of a given rank.</summary>
    public static LowRank OfRank(ReadOnlyMemory<float> weights, int m, int n, int rank) => new Sketch(weights, m, n, rank).Cut(rank);

    /// <summary>The product of least rank whose share of W's squared norm is at least <paramref name="energy"/>; null if that is above <paramref name="most"/>.</summary>
    public static LowRank? OfEnergy(ReadOnlyMemory<float> weights, int m, int n, double energy, int most)
    {
        for (int rank = Math.Min(FirstRank, most); ; rank = Math.Min(rank * 2, most))
        {
            var sketch = new Sketch(weights, m, n, rank);
            if (sketch.RankFor(energy) is { } least && least <= rank)
                return sketch.Cut(least);
            if (rank == most)
                return null;
        }
    }

    private sealed class Sketch
    {
        private readonly int _m, _n, _size;

        // Row-major: the rows of _basis [size,m] are orthonormal, _image [size,n] is _basis · W.
        private readonly float[] _basis, _image;

        // Row i of _vectors is the eigenvector of _image·_imageᵀ for _values[_order[i]].
        private readonly double[] _vectors, _values;
        private readonly int[] _order;
        private readonly double _total;

        public Sketch(ReadOnlyMemory<float> weights, int m, int n, int rank)
        {
            (_m, _n, _size) = (m, n, Math.Min(rank + Oversampling, Math.Min(m, n)));
            (_basis, _image) = (new float[(long)_size * m], new float[(long)_size * n]);
            var random = new Random(20110501);
            foreach (ref float x in _image.AsSpan())
                x = (float)Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * (float)Math.Cos(2 * Math.PI * random.NextDouble());
            for (int i = 0; i <= PowerIterations; i++)
            {
                Multiply(_image, weights.Span, _basis, n, m, transposed: true);
                Orthonormalize(_basis, _size, m);
                Multiply(_basis, weights.Span, _image, m, n, transposed: false);
                if (i < PowerIterations)
                    Orthonormalize(_image, _size, n);
            }

            _vectors = new double[_size * _size];
            for (int i = 0; i < _size; i++)
            {
                for (int j = 0; j <= i; j++)
                    _vectors[(i * _size) + j] = _vectors[(j * _size) + i] = TensorPrimitives.Dot<float>(Row(_image, i, n), Row(_image, j, n));
            }

            _values = SymmetricEigen.Decompose(_vectors, _size);
            _order = [.. Enumerable.Range(0, _size).OrderByDescending(i => _values[i])];
            foreach (float x in weights.Span)
                _total += (double)x * x;
        }

        /// <summary>How many singular values have that share of the squared norm; null if all that were found have not.</summary>
        public int? RankFor(double energy)
        {
            double sum = 0;
            for (int i = 0; i < _size; i++)
            {
                sum += _values[_order[i]];
                if (sum >= energy * _total)
                    return i + 1;
            }

            return null;
        }

        /// <summary>The factors for the largest singular values, each of which gives its square root to both sides.</summary>
        public LowRank Cut(int rank)
        {
            float[] left = new float[(long)_m * rank], right = new float[(long)rank * _n];
            float[] column = new float[_m];
            double energy = 0;
            for (int i = 0; i < rank; i++)
            {
                int from = _order[i];
                double value = Math.Max(_values[from], 0);
                energy += value;
                float root = (float)Math.Sqrt(Math.Sqrt(value));
                Array.Clear(column);
                Span<float> row = right.AsSpan(i * _n, _n);
                for (int k = 0; k < _size; k++)
                {
                    float weight = (float)_vectors[(from * _size) + k];
                    TensorPrimitives.MultiplyAdd(Row(_basis, k, _m), weight * root, column, column);
                    TensorPrimitives.MultiplyAdd(Row(_image, k, _n), root > 0 ? weight / root : 0, row, row);
                }

                for (int k = 0; k < _m; k++)
                    left[(k * rank) + i] = column[k];
            }

            return new LowRank(left, right, rank, _total > 0 ? energy / _total : 1);
        }

        private void Multiply(float[] rows, ReadOnlySpan<float> weights, float[] result, int k, int columns, bool transposed) =>
            FloatGemm.Run(rows, weights, result, new GemmShape(_size, k, columns, false, transposed), default, WorkerPool.Shared);

        private static ReadOnlySpan<float> Row(float[] matrix, int i, int length) => matrix.AsSpan(i * length, length);

        /// <summary>Gram and Schmidt, twice for each row; what is a combination of others becomes 0.</summary>
        private static void Orthonormalize(float[] matrix, int rows, int length)
        {
            const float Lost = 1e-6f;
            for (int i = 0; i < rows; i++)
            {
                Span<float> row = matrix.AsSpan(i * length, length);
                float before = TensorPrimitives.Norm<float>(row);
                for (int pass = 0; pass < 2; pass++)
                {
                    for (int j = 0; j < i; j++)
                    {
                        ReadOnlySpan<float> other = Row(matrix, j, length);
                        TensorPrimitives.MultiplyAdd(other, -TensorPrimitives.Dot(row, other), row, row);
                    }
                }

                float norm = TensorPrimitives.Norm<float>(row);
                if (norm > Lost * before && norm > 0)
                    TensorPrimitives.Divide(row, norm, row);
                else
                    row.Clear();
            }
        }
    }
}
