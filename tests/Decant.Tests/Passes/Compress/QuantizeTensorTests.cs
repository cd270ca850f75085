using Decant.Passes.Compress;

namespace Decant.Tests.Passes.Compress;

public class QuantizeTensorTests
{
    [Theory]
    [InlineData(new float[] { -1, 0, 0.5f, 1.55f }, -1f, 1.55f, new byte[] { 0, 100, 150, 255 })]
    [InlineData(new float[] { 51, 102, 255 }, 0f, 255f, new byte[] { 51, 102, 255 })]
    [InlineData(new float[] { -255, -1.5f, -0.5f }, -255f, QuantizeTensor.LeastMax, new byte[] { 0, 253, 254 })]
    [InlineData(new float[] { 0, 0 }, 0f, QuantizeTensor.LeastMax, new byte[] { 0, 0 })]
    public void The_range_holds_zero_and_halves_go_away_from_it(float[] values, float min, float max, byte[] expected)
    {
        var tensor = Tensor.Wrap(values);
        Assert.Equal((min, max), QuantizeTensor.Range(tensor));
        Tensor quantized = QuantizeTensor.ToQuint8(tensor, min, max);
        Assert.Equal(DType.QUInt8, quantized.DType);
        Assert.Equal(expected, quantized.Span<byte>().ToArray());
    }

    [Fact]
    public void Vectors_round_as_single_elements_do()
    {
        var random = new Random(5);
        // Halves of steps, what is next to them, and anything.
        float[] values = [.. Enumerable.Range(0, 997).Select(i => ((i % 3) switch { 0 => (i % 255) + 0.5f, 1 => MathF.BitDecrement((i % 255) + 0.5f), _ => random.NextSingle() * 255 }) - 99)];
        byte[] together = QuantizeTensor.ToQuint8(Tensor.Wrap(values), -99, 156).Span<byte>().ToArray();
        Assert.Equal(values.Select(v => QuantizeTensor.ToQuint8(Tensor.Wrap([v]), -99, 156).Span<byte>()[0]), together);
    }

    [Fact]
    public void An_empty_tensor_has_the_range_of_zero()
    {
        Tensor tensor = Tensor.Wrap(Array.Empty<float>());
        (float min, float max) = QuantizeTensor.Range(tensor);
        Assert.Equal((0f, QuantizeTensor.LeastMax), (Math.Min(min, max), max));
        Assert.Equal(0, QuantizeTensor.ToQuint8(tensor, min, max).ElementCount);
    }

    [Fact]
    public void A_value_comes_back_at_most_half_a_step_off()
    {
        var random = new Random(3);
        for (int round = 0; round < 20; round++)
        {
            float[] values = [.. Enumerable.Range(0, 1000).Select(_ => (random.NextSingle() - 0.3f) * (1 << round))];
            var tensor = Tensor.Wrap(values);
            (float min, float max) = QuantizeTensor.Range(tensor);
            float step = QuantizeTensor.Step(min, max);
            byte[] quantized = QuantizeTensor.ToQuint8(tensor, min, max).Span<byte>().ToArray();
            float lowest = MathF.Round(min / step, MidpointRounding.AwayFromZero) * step;
            // Beside half a step, the three roundings of float32 on the way back.
            float bound = (step / 2) + (3 * MathF.BitIncrement(0f)) + (3 * (max - min) * 6e-8f);
            Assert.All(values.Zip(quantized), pair => Assert.InRange(lowest + (pair.Second * step), pair.First - bound, pair.First + bound));
        }
    }
}
