using Decant.Passes.Compress;

namespace Decant.Tests.Passes.Compress;

public class RoundTensorTests
{
    [Theory]
    [InlineData(new float[] { -4, -1, 0, 0.9f, 4 }, 4, new float[] { -3, -1, 1, 1, 5 })]
    [InlineData(new float[] { -3, -1 }, 3, new float[] { -2.5f, -0.5f })]
    [InlineData(new float[] { 5, 5 }, 5, new float[] { 5.5f, 5.5f })]
    [InlineData(new float[] { 5e-7f }, 2, new float[] { 0.2500005f })]
    [InlineData(new float[] { }, 256, new float[] { })]
    public void Values_move_to_the_middle_of_their_bucket_and_the_maximum_above_itself(float[] values, int steps, float[] expected)
    {
        Tensor rounded = RoundTensor.Round(Tensor.Wrap(values), steps);
        Assert.Equal(expected, rounded.Span<float>().ToArray());
    }

    [Fact]
    public void A_range_of_negative_values_ends_above_zero() =>
        Assert.Equal((-3f, QuantizeTensor.LeastMax), RoundTensor.Range(Tensor.Wrap([-3f, -1f])));

    [Fact]
    public void At_most_half_a_bucket_is_lost_and_as_many_values_are_left_as_there_are_buckets()
    {
        var random = new Random(4);
        float[] values = [.. Enumerable.Range(0, 2000).Select(_ => random.NextSingle() - 0.5f)];
        float[] rounded = RoundTensor.Round(Tensor.Wrap(values), 16).Span<float>().ToArray();
        float width = (values.Max() - values.Min()) / 16;
        Assert.All(values.Zip(rounded), p => Assert.InRange(p.Second, p.First - (width * 0.50001f), p.First + (width * 0.50001f)));
        Assert.InRange(rounded.Distinct().Count(), 16, 17);
    }
}
