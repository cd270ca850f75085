using Decant.IR;
using Decant.Passes.Compress;

namespace Decant.Tests.Passes.Compress;

public class LowRankTests
{
    /// <summary>float32 rounding of products of a hundred terms, relative to values around 1.</summary>
    private const float Rounding = 1e-4f;

    /// <summary>A matrix with these singular values, in random directions.</summary>
    private static float[] Matrix(int m, int n, params double[] values)
    {
        double[] left = Orthonormal(m, values.Length, 1), right = Orthonormal(n, values.Length, 2);
        float[] matrix = new float[m * n];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
                matrix[(i * n) + j] = (float)Enumerable.Range(0, values.Length).Sum(k => left[(k * m) + i] * values[k] * right[(k * n) + j]);
        }

        return matrix;
    }

    private static double[] Orthonormal(int length, int rows, int seed)
    {
        var random = new Random(seed);
        double[] q = [.. Enumerable.Range(0, length * rows).Select(_ => random.NextDouble() - 0.5)];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double dot = Enumerable.Range(0, length).Sum(k => q[(i * length) + k] * q[(j * length) + k]);
                for (int k = 0; k < length; k++)
                    q[(i * length) + k] = j < i ? q[(i * length) + k] - (dot * q[(j * length) + k]) : q[(i * length) + k] / Math.Sqrt(dot);
            }
        }

        return q;
    }

    [Fact]
    public void What_is_cut_off_is_what_the_smaller_singular_values_hold()
    {
        float[] matrix = Matrix(60, 40, 8, 4, 2, 1, 0.5);
        foreach (int rank in (int[])[1, 3, 5])
        {
            var factors = LowRank.OfRank(matrix, 60, 40, rank);
            double rest = 0;
            for (int i = 0; i < 60; i++)
            {
                for (int j = 0; j < 40; j++)
                    rest += Math.Pow(matrix[(i * 40) + j] - Enumerable.Range(0, rank).Sum(k => factors.Left[(i * rank) + k] * factors.Right[(k * 40) + j]), 2);
            }

            double expected = ((double[])[8, 4, 2, 1, 0.5]).Skip(rank).Sum(s => s * s);
            Assert.Equal(expected, rest, 1e-3);
            Assert.Equal(1 - (expected / 85.25), factors.Energy, 1e-5);
        }
    }

    [Theory]
    [InlineData(0.7, 1)]
    [InlineData(0.93, 2)]
    [InlineData(0.98, 3)]
    [InlineData(0.9999, 5)]
    public void The_least_rank_that_keeps_the_share_is_found(double energy, int rank) =>
        Assert.Equal(rank, LowRank.OfEnergy(Matrix(60, 40, 8, 4, 2, 1, 0.5), 60, 40, energy, 20)!.Rank);

    [Fact]
    public void A_share_that_needs_too_high_a_rank_is_not_reached() =>
        Assert.Null(LowRank.OfEnergy(SmallModels.Random(13, 40, 40).Span<float>().ToArray(), 40, 40, 0.99, 19));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_product_becomes_two_and_keeps_its_name(bool transposed)
    {
        float[] matrix = Matrix(30, 20, 5, 3);
        Tensor weights = transposed ? Tensor.Wrap([.. Enumerable.Range(0, 600).Select(i => matrix[(i % 30 * 20) + (i / 30)])], new Shape(20, 30)) : Tensor.Wrap(matrix, new Shape(30, 20));
        var model = SmallModels.Product(weights, transposed);
        CompressionResult result = SmallModels.Compress(model, "low-rank=0.999");
        Assert.Equal(["weights_to_low_rank: w (rank 2 of 20, 100.00% of the squared norm)"], result.Report.Edits.Select(e => e.Replace(" %", "%", StringComparison.Ordinal)));
        Assert.Equal(["x", "w_left", "y/left", "w_right", "y"], result.Model.Graph.Nodes.Select(n => n.Name).OrderBy(n => n == "x" ? 0 : n == "w_left" ? 1 : n == "y/left" ? 2 : n == "w_right" ? 3 : 4));
        Tensor x = SmallModels.Random(14, 4, 30);
        Assert.All(SmallModels.Run(model, "y", ("x", x)).Zip(SmallModels.Run(result.Model, "y", ("x", x))), p => Assert.Equal(p.First, p.Second, Rounding));
    }

    [Fact]
    public void Factors_can_be_stored_smaller_in_turn()
    {
        var model = SmallModels.Product(Tensor.Wrap(Matrix(30, 20, 5, 3), new Shape(30, 20)));
        CompressionResult result = SmallModels.Compress(model, "int8+low-rank=0.999");
        Assert.Equal("Dequantize", result.Model.Graph["w_left"].Op.Name);
        Tensor x = SmallModels.Random(14, 4, 30);
        Assert.All(SmallModels.Run(model, "y", ("x", x)).Zip(SmallModels.Run(result.Model, "y", ("x", x))), p => Assert.Equal(p.First, p.Second, 0.1f));
    }

    [Fact]
    public void Weights_that_would_grow_or_that_others_read_are_declined()
    {
        var model = SmallModels.Product(SmallModels.Random(15, 40, 40));
        Assert.Equal("needs more than rank 19 for 0.99 of its squared norm, where factors are no longer smaller", SmallModels.OnlyDecline(SmallModels.Compress(model, "low-rank=0.99")).Reason);
        Assert.Equal("has the shape [40,40], and factors are smaller up to rank 19", SmallModels.OnlyDecline(SmallModels.Compress(model, "low-rank=20")).Reason);
        model.Graph.Add("z", "Neg", [model.Graph["w/read"]], new AttributeMap { { "T", DType.Float32 } });
        Assert.Equal("is read by others than one MatMul", SmallModels.OnlyDecline(SmallModels.Compress(model, "low-rank=0.5", "y", "z")).Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(60)]
    public void Eigenvectors_make_a_symmetric_matrix_diagonal(int n)
    {
        var random = new Random(n);
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
                a[(i * n) + j] = a[(j * n) + i] = random.NextDouble() - 0.5;
        }

        double[] v = [.. a];
        double[] values = SymmetricEigen.Decompose(v, n);
        for (int k = 0; k < n; k++)
        {
            for (int i = 0; i < n; i++)
                Assert.Equal(values[k] * v[(k * n) + i], Enumerable.Range(0, n).Sum(j => a[(i * n) + j] * v[(k * n) + j]), 1e-12);
            for (int l = 0; l < n; l++)
                Assert.Equal(k == l ? 1 : 0, Enumerable.Range(0, n).Sum(j => v[(k * n) + j] * v[(l * n) + j]), 1e-12);
        }
    }

    [Fact]
    public void A_matrix_of_zeros_has_factors_of_zeros()
    {
        CompressionResult result = SmallModels.Compress(SmallModels.Product(Tensor.Wrap(new float[100], new Shape(10, 10))), "low-rank=0.5");
        Assert.Single(result.Report.Edits);
        Assert.All(SmallModels.Run(result.Model, "y", ("x", SmallModels.Random(1, 1, 10))), y => Assert.Equal(0, y));
    }
}
