using Decant.Ops.TFLite;

namespace Decant.Tests.Ops.TFLite;

public class ActivatedTests
{
    [Theory]
    [InlineData("NONE", float.NegativeInfinity, float.PositiveInfinity)]
    [InlineData("RELU", 0, float.PositiveInfinity)]
    [InlineData("RELU6", 0, 6)]
    [InlineData("RELU_N1_TO_1", -1, 1)]
    public void Every_element_is_cut_to_the_bounds_and_what_is_no_number_stays(string activation, float low, float high)
    {
        float[] some = [-7, -0.5f, -0f, 0.25f, 1.5f, 6.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 6];
        float[] x = [.. Enumerable.Range(0, 37).Select(i => some[i % some.Length])], y = [.. x];
        Activated.Apply(activation, y);
        Assert.Equal(Array.ConvertAll(x, v => v < low ? low : v > high ? high : v), y);
    }
}
