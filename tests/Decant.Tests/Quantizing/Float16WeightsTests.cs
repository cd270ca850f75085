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

    [Theory]
    [InlineData("numbers of float16", 0, 0.5f, 1f, 1f, true)]
    [InlineData("the first of them zeros", 20, 0.5f, 1f, 1f, true)]
    [InlineData("all below the normal numbers", 0, 0.5f, 1e-5f, 1e-5f, false)]
    [InlineData("one channel beyond the largest", 0, 0.5f, 1f, 2e5f, false)]
    [InlineData("a large factor that meets small weights alone", 0, 1e-3f, 1f, 2e5f, true)]
    public void Weights_that_were_multiplied_by_factors_are_judged_by_their_products(string what, int zeroRows, float last, float factor, float lastFactor, bool isNarrowed)
    {
        const int In = 256, Out = 320;
        float[] weights = [.. Enumerable.Range(0, In * Out).Select(i => i / Out < zeroRows ? 0 : i % Out == Out - 1 ? last : 0.5f)];
        float[] factors = [.. Enumerable.Range(0, Out).Select(i => i == Out - 1 ? lastFactor : factor)];
        using var model = new Model();
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", new Shape(1, 1, 1, In) } });
        var attributes = new AttributeMap { { "T", DType.Float32 }, { "strides", new ListAttr { Ints = [1, 1, 1, 1] } }, { "padding", "SAME" }, { "data_format", "NHWC" } };
        Node product = model.Graph.Add("product", "Conv2D", [x, model.Graph.AddConst("w", Tensor.Wrap(weights, new Shape(1, 1, In, Out)))], attributes);
        model.Graph.Add("y", "Mul", [product, model.Graph.AddConst("s", Tensor.Wrap(factors))], new AttributeMap { { "T", DType.Float32 } });
        Model converted = model.Convert(new ConvertOptions { Quantize = QuantizationMode.Float16 }).Model;
        Assert.DoesNotContain(converted.Graph.Nodes, n => n.Op.Name == "MUL");
        Assert.True(isNarrowed == converted.Graph.Nodes.Any(n => n.Op.Name == "Const" && n.Attributes["value"] is TensorAttr { DType: DType.Float16, Shape.ElementCount: In * Out }), what);
    }
}
