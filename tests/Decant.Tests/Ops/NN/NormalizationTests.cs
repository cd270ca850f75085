using Decant.IR;
using Decant.TestKit;

namespace Decant.Tests.Ops.NN;

public sealed class NormalizationTests
{
    [Fact]
    public void Training_gives_the_unbiased_variance_and_keeps_the_biased_one()
    {
        Tensor x = Tensor.Wrap([1f, 2, 3, 6], new Shape(1, 2, 2, 1));
        Tensor[] y = OneOp.Run(
            "FusedBatchNormV3", [x, Tensor.Wrap([2f]), Tensor.Wrap([10f]), Tensor.Wrap([100f]), Tensor.Wrap([50f])],
            new AttributeMap { { "epsilon", 0.5f }, { "exponential_avg_factor", 0.25f } }, 6);

        // mean 3, biased variance 3.5, unbiased 14 / 3; √(3.5 + 0.5) = 2, so y = x - 3 + 10.
        Assert.Equal([8f, 9, 10, 13], y[0].Span<float>().ToArray());
        Assert.Equal((0.75f * 100) + (0.25f * 3), y[1].Span<float>()[0], 1e-4);
        Assert.Equal((0.75f * 50) + (0.25f * 14 / 3), y[2].Span<float>()[0], 1e-4);
        Assert.Equal(3, y[3].Span<float>()[0]);
        Assert.Equal(3.5f, y[4].Span<float>()[0]);
        Assert.Equal(Shape.Scalar, y[5].Shape);
    }

    [Theory]
    [InlineData("NHWC")]
    [InlineData("NCHW")]
    public void Inference_scales_each_channel(string format)
    {
        Tensor x = Tensor.Wrap([1f, 2, 3, 4], format == "NHWC" ? new Shape(1, 1, 2, 2) : new Shape(1, 2, 1, 2));
        Tensor y = OneOp.Run(
            "FusedBatchNorm", [x, Tensor.Wrap([1f, 10]), Tensor.Wrap([0f, 0.5f]), Tensor.Wrap([1f, 2]), Tensor.Wrap([1f, 4])],
            new AttributeMap { { "epsilon", 0f }, { "is_training", false }, { "data_format", format } })[0];
        Assert.Equal(format == "NHWC" ? [0f, 0.5f, 2, 10.5f] : [0f, 1, 5.5f, 10.5f], y.Span<float>().ToArray());
    }

    [Fact]
    public void A_sparse_label_out_of_range_is_a_located_error()
    {
        var error = Assert.Throws<ModelException>(() => OneOp.Run("SparseSoftmaxCrossEntropyWithLogits", [Tensor.Wrap([1f, 2], new Shape(1, 2)), Tensor.Wrap([2L])]));
        Assert.Contains("has the label 2 at 0, expected one in [0, 2)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cross_entropy_of_labels_that_broadcast_gives_loss_and_gradient()
    {
        Tensor[] y = OneOp.Run("SoftmaxCrossEntropyWithLogits", [Tensor.Wrap([0d, Math.Log(3), 0, 0], new Shape(2, 2)), Tensor.Wrap([0d, 1], new Shape(1, 2))], outputs: 2);
        Assert.Null(TensorComparison.Difference(y[0], Tensor.Wrap([-Math.Log(0.75), Math.Log(2)]), 0, 1e-12));
        Assert.Null(TensorComparison.Difference(y[1], Tensor.Wrap([0.25, -0.25, 0.5, -0.5], new Shape(2, 2)), 0, 1e-12));
    }

    [Fact]
    public void A_window_over_the_border_averages_what_is_there()
    {
        var pool = new AttributeMap
        {
            { "ksize", new ListAttr { Ints = [1, 2, 2, 1] } }, { "strides", new ListAttr { Ints = [1, 2, 2, 1] } }, { "padding", "SAME" },
        };
        Tensor x = Tensor.Wrap([1f, 2, 3, 4, 5, 6, 7, 8, 9], new Shape(1, 3, 3, 1));
        Assert.Equal([3f, 4.5f, 7.5f, 9], OneOp.Run("AvgPool", [x], pool)[0].Span<float>().ToArray());
        Assert.Equal([5f, 6, 8, 9], OneOp.Run("MaxPool", [x], pool)[0].Span<float>().ToArray());
    }

    [Theory]
    [InlineData("NHWC", true)]
    [InlineData("NCHW", true)]
    [InlineData("NHWC", false)]
    public void The_gradient_of_batch_normalization_is_its_derivative(string format, bool isTraining)
    {
        var random = new Random(4);
        float[] x = [.. Enumerable.Range(0, 8).Select(_ => (float)random.NextDouble())], dy = [.. Enumerable.Range(0, 8).Select(_ => (float)random.NextDouble() - 0.5f)];
        Shape shape = format == "NHWC" ? new Shape(2, 2, 1, 2) : new Shape(2, 2, 2, 1);
        Tensor scale = Tensor.Wrap([1.5f, -2]), offset = Tensor.Wrap([0.5f, 1]), mean = Tensor.Wrap([0.4f, 0.6f]), variance = Tensor.Wrap([0.3f, 0.2f]);
        var attributes = new AttributeMap { { "epsilon", 0.01f }, { "is_training", isTraining }, { "data_format", format } };
        Tensor[] forward = Forward(x);
        Tensor[] y = OneOp.Run("FusedBatchNormGradV3", [Tensor.Wrap(dy, shape), Tensor.Wrap(x, shape), scale, isTraining ? forward[3] : mean, isTraining ? forward[4] : variance, Tensor.Wrap([0f])], attributes, 5);
        for (int i = 0; i < x.Length; i++)
        {
            float[] up = (float[])x.Clone(), down = (float[])x.Clone();
            up[i] += 1e-2f;
            down[i] -= 1e-2f;
            Assert.Equal((Loss(up) - Loss(down)) / 2e-2, y[0].Span<float>()[i], 2e-2);
        }

        Assert.Equal(Enumerable.Range(0, 8).Where(i => (format == "NHWC" ? i % 2 : i / 2 % 2) == 1).Sum(i => dy[i]), y[2].Span<float>()[1], 1e-5);
        Assert.Equal(new Shape(0), y[3].Shape);

        double Loss(float[] at) => Forward(at)[0].Span<float>().ToArray().Zip(dy).Sum(p => (double)p.First * p.Second);

        Tensor[] Forward(float[] at) => OneOp.Run(
            "FusedBatchNormV3", isTraining ? [Tensor.Wrap(at, shape), scale, offset, Tensor.Wrap(Array.Empty<float>()), Tensor.Wrap(Array.Empty<float>())] : [Tensor.Wrap(at, shape), scale, offset, mean, variance], attributes, 6);
    }
}
