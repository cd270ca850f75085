using Decant.IR;
using Decant.Lowering;
using Decant.Quantizing;

namespace Decant.Tests.Quantizing;

public sealed class Float16WeightsTests
{
    [Theory]
    [InlineData("an epsilon that would become 0", 64, 1e-10f, false)]
    [InlineData("weights that lose bits below the normal numbers", 64, 2e-5f, false)]
    [InlineData("a number beyond the largest", 64, 70000f, false)]
    [InlineData("an infinity", 64, float.PositiveInfinity, false)]
    [InlineData("no number", 64, float.NaN, false)]
    [InlineData("fewer than an operator more is worth", 63, 0.5f, false)]
    [InlineData("zeros", 64, 0f, true)]
    [InlineData("weights, some of them tiny beside the others", 64, 0.5f, true)]
    public void Constants_become_float16_where_that_holds_their_numbers(string what, int count, float largest, bool isNarrowed)
    {
        using var model = new Model();
        float[] weights = [.. Enumerable.Range(0, count).Select(i => i == 7 ? largest : largest is 0 or 0.5f ? largest * 1e-6f * i : 0)];
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", new Shape(count) } });
        model.Graph.Add("y", "Maximum", [x, model.Graph.AddConst("w", Tensor.Wrap(weights, new Shape(count)))], new AttributeMap { { "T", DType.Float32 } });
        Model converted = model.Convert(new ConvertOptions { Quantize = QuantizationMode.Float16 }).Model;
        Assert.True(isNarrowed == converted.Graph.Nodes.Any(n => n.Op.Name == "DEQUANTIZE"), what);
    }
}
