using Decant.Quantizing.Calibration;
using Decant.Quantizing.Integers;

namespace Decant.Tests.Quantizing.Integers;

/// <summary>Scales and zero points, computed by hand from the formulas of the quantization specification.</summary>
public sealed class GridTests
{
    [Theory]
    [InlineData(0, 255, 1, -128)]
    [InlineData(-128, 127, 1, 0)]
    [InlineData(-1, 1.55, 0.01, -28)]
    [InlineData(2, 5.1, 0.02, -128)]
    [InlineData(-5.1, -1, 0.02, 127)]
    [InlineData(0, 0, 1, -128)]
    [InlineData(0, 5e-7, 5e-7 / 255 * 2, 0)]
    public void A_range_of_int8_holds_zero_and_has_255_steps(double min, double max, double scale, int zero)
    {
        var grid = Grid.Of(new ValueRange((float)min, (float)max), DType.Int8);
        Assert.Equal(scale, grid.Scale, scale * 1e-5);
        Assert.Equal(zero, grid.ZeroPoint);
    }

    [Theory]
    [InlineData(-1, 0.5, 1.0 / 32767)]
    [InlineData(0, 32767, 1)]
    [InlineData(0, 0, 1)]
    public void A_range_of_int16_is_symmetric(double min, double max, double scale)
    {
        var grid = Grid.Of(new ValueRange((float)min, (float)max), DType.Int16);
        Assert.Equal(scale, grid.Scale, scale * 1e-5);
        Assert.Equal(0, grid.ZeroPoint);
    }

    [Fact]
    public void The_same_numbers_in_uint8_have_a_zero_point_that_is_128_larger()
    {
        var grid = Grid.Of(new ValueRange(-1, 1), DType.Int8);
        Assert.Equal(grid.Range, grid.Unsigned.Range);
        Assert.Equal(grid.ZeroPoint + 128, grid.Unsigned.ZeroPoint);
    }
}
