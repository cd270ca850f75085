using Decant.IR;
using Decant.Lowering;
using Decant.Quantizing;

namespace Decant.Tests.Quantizing;

public sealed class DynamicWeightsTests
{
    // Each op with its weights in TensorFlow's order, and the axes of one filter of TensorFlow Lite's that are summed.
    [Theory]
    [InlineData("MatMul", "[64, 32]", "FULLY_CONNECTED", 1)]
    [InlineData("Conv2D", "[3, 3, 16, 24]", "CONV_2D", 9)]
    [InlineData("DepthwiseConv2dNative", "[5, 5, 48, 1]", "DEPTHWISE_CONV_2D", 25)]
    public void Rounding_keeps_the_sums_of_filters(string op, string shape, string target, int taps)
    {
        var random = new Random(5);
        var weights = new Shape([.. shape.Trim('[', ']').Split(',').Select(long.Parse)]);
        using var model = new Model();
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", op == "MatMul" ? new Shape(1, weights[0]) : new Shape(1, 8, 8, weights[2]) } });
        Node w = model.Graph.AddConst("w", Tensor.Wrap([.. Enumerable.Range(0, (int)weights.ElementCount).Select(_ => random.NextSingle() - 0.5f)], weights));
        AttributeMap attributes = new() { { "T", DType.Float32 } };
        if (op != "MatMul")
        {
            attributes.Set("strides", new ListAttr { Ints = [1, 1, 1, 1] });
            attributes.Set("padding", "SAME");
        }

        model.Graph.Add("y", op, [x, w], attributes);
        Tensor real = Filters(model.Convert().Model, target, out _), rounded = Filters(model.Convert(new ConvertOptions { Quantize = QuantizationMode.Dynamic }).Model, target, out Quantization? scales);
        bool isDepthwise = target == "DEPTHWISE_CONV_2D";
        int row = isDepthwise ? rounded.Span<sbyte>().Length : (int)(rounded.ElementCount / rounded.Shape[0]), depth = row / taps;
        double[] sums = new double[rounded.ElementCount / taps];
        for (int i = 0; i < rounded.ElementCount; i++)
            sums[(i / row * depth) + (i % depth)] += (real.Span<float>()[i] / scales!.Scales[isDepthwise ? i % depth : i / row]) - rounded.Span<sbyte>()[i];

        // What a balanced depth takes off some elements of it again is a step.
        double bound = isDepthwise ? 0.501 : 1.501;
        Assert.All(taps == 1 ? [] : sums, s => Assert.InRange(s, -bound, bound));
        Assert.All(isDepthwise ? [] : sums.Chunk(depth), s => Assert.InRange(s.Sum(), -0.501, 0.501));
    }

    private static Tensor Filters(Model converted, string op, out Quantization? scales)
    {
        Value filters = converted.Graph.Nodes.Single(n => n.Op.Name == op).Inputs[1];
        scales = filters.Node.Fact(filters.Port).Quantization;
        return filters.Constant!;
    }
}
