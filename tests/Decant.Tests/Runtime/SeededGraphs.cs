using Decant.IR;

namespace Decant.Tests.Runtime;

/// <summary>Builds graphs with seeded float32 weights.</summary>
internal sealed class SeededGraphs(int seed)
{
    private readonly Random _random = new(seed);
    private int _constants;

    public Model Model { get; } = new();

    /// <summary>A small network of MobileNet's shape: a convolution, blocks of depthwise and 1x1 convolutions, each normalized, and a classifier.</summary>
    public static Model MobileNet(int size = 32)
    {
        var graph = new SeededGraphs(7);
        Value x = graph.Input("x", 1, size, size, 3);
        x = graph.Normalized(graph.Conv("conv0", x, 3, 3, 3, 8, 2), 8, "FusedBatchNormV3");
        int channels = 8;
        for (int block = 1; block <= 4; block++)
        {
            x = graph.Normalized(graph.Depthwise($"depthwise{block}", x, channels, block % 2 + 1), channels, "FusedBatchNorm");
            x = graph.Normalized(graph.Conv($"pointwise{block}", x, 1, 1, channels, channels * 2, 1), channels * 2, "FusedBatchNormV3");
            channels *= 2;
        }

        Value mean = graph.Model.Graph.Add("mean", "Mean", [x, graph.Ints(1, 2)], new AttributeMap { { "T", DType.Float32 }, { "Tidx", DType.Int32 } });
        Value logits = graph.Float("logits", "MatMul", mean, graph.Constant(channels, 10));
        logits = graph.Float("biased", "BiasAdd", logits, graph.Constant(10));
        graph.Float("y", "Softmax", logits);
        return graph.Model;
    }

    public Value Input(string name, params long[] shape) =>
        Model.Graph.Add(name, "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", new ShapeAttr(new Shape(shape)) } });

    public Value Constant(params long[] shape) => Constant(0.1f, shape);

    public Value Constant(float least, params long[] shape)
    {
        var sizes = new Shape(shape);
        float[] values = [.. Enumerable.Range(0, (int)sizes.ElementCount).Select(_ => least + _random.NextSingle())];
        return Model.Graph.AddConst($"constant{_constants++}", Tensor.Wrap(values, sizes));
    }

    public Value Ints(params int[] values) => Model.Graph.AddConst($"constant{_constants++}", Tensor.Wrap(values));

    /// <summary>A node of float32.</summary>
    public Value Float(string name, string op, params Value[] inputs) => Model.Graph.Add(name, op, inputs, new AttributeMap { { "T", DType.Float32 } });

    public Value Conv(string name, Value x, int height, int width, int inputs, int outputs, int stride, string format = "NHWC", string op = "Conv2D") =>
        With(Float(name, op, x, Constant(-0.5f, height, width, inputs, outputs)), format, stride);

    public Value Depthwise(string name, Value x, int channels, int stride, string format = "NHWC") =>
        With(Float(name, "DepthwiseConv2dNative", x, Constant(-0.5f, 3, 3, channels, 1)), format, stride);

    public Value Normalized(Value x, int channels, string op)
    {
        Value y = Model.Graph.Add($"{x.Node.Name}/bn", op, [x, Constant(channels), Constant(channels), Constant(channels), Constant(channels)], new AttributeMap { { "T", DType.Float32 }, { "is_training", false }, { "epsilon", 1e-3f } });
        return Float($"{x.Node.Name}/relu", "Relu6", y);
    }

    public static Tensor Random(Shape shape, int seed = 3)
    {
        var random = new Random(seed);
        return Tensor.Wrap([.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => (random.NextSingle() * 2) - 1)], shape);
    }

    private static Value With(Value conv, string format, int stride)
    {
        conv.Node.Attributes.Set("data_format", format);
        conv.Node.Attributes.Set("padding", "SAME");
        conv.Node.Attributes.Set("strides", new ListAttr { Ints = format == "NHWC" ? [1, stride, stride, 1] : [1, 1, stride, stride] });
        return conv;
    }
}
