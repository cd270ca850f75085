using Decant.IR;
using Decant.Kernels.Quantized;

namespace Decant.Tests.Ops.TFLite.Recurrent;

public sealed class SvdfTests
{
    private const int Inputs = 18, Filters = 4, Steps = 3, Rank = 2, Zero = -7, MemoryZero = 5, OutputZero = 11;
    private const float InputScale = 0.05f, FeatureScale = 0.02f, MemoryScale = 0.1f, TimeScale = 0.01f, OutputScale = 0.03f;

    /// <summary>A memory of 8 bits begins at its zero point; what goes into it is cut to 8 bits before the zero point is added.</summary>
    [Theory]
    [InlineData(DType.Int8, 0)]
    [InlineData(DType.Int8, MemoryZero)]
    [InlineData(DType.Int16, 0)]
    public void Integers_follow_the_formula_over_several_runs(DType type, int memoryZero)
    {
        var random = new Random(9);
        sbyte[] Bytes(int count, int most = 127) => [.. Enumerable.Range(0, count).Select(_ => (sbyte)random.Next(-most, most + 1))];
        sbyte[] features = Bytes(Filters * Inputs, 40), times = Bytes(Filters * Steps);
        int[] bias = [300, -200];
        using Model model = Make(type, memoryZero, features, times, bias);
        using var session = new Session(model);
        FixedPoint feature = FixedPoint.Of((double)(InputScale * FeatureScale / MemoryScale)), time = FixedPoint.Of((double)(MemoryScale * TimeScale / OutputScale));
        int least = type == DType.Int8 ? sbyte.MinValue : short.MinValue, most = type == DType.Int8 ? sbyte.MaxValue : short.MaxValue;
        int[,] memory = new int[Filters, Steps];
        for (int run = 0; run < 5; run++)
        {
            sbyte[] x = Bytes(Inputs, 60);
            for (int f = 0; f < Filters; f++)
            {
                for (int s = 1; s < Steps; s++)
                    memory[f, s - 1] = memory[f, s];
                int sum = Enumerable.Range(0, Inputs).Sum(i => features[(f * Inputs) + i] * (x[i] - Zero)), newest = memoryZero + Math.Clamp(feature.Times(sum), least, most);
                memory[f, Steps - 1] = (type == DType.Int8 ? (sbyte)newest : newest) - memoryZero;
            }

            sbyte[] expected = [.. Enumerable.Range(0, Filters / Rank).Select(u => (sbyte)Math.Clamp(
                time.Times(bias[u] + Enumerable.Range(0, Rank * Steps).Sum(i => times[(u * Rank * Steps) + i] * memory[(u * Rank) + (i / Steps), i % Steps])) + OutputZero, sbyte.MinValue, sbyte.MaxValue))];
            Assert.Equal(expected, session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(x, new Shape(1, Inputs)) }, ["y"])["y"].Span<sbyte>().ToArray());
        }
    }

    private static Model Make(DType type, int memoryZero, sbyte[] features, sbyte[] times, int[] bias)
    {
        var model = new Model();
        Graph graph = model.Graph;
        Node x = Of(graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Int8 }, { "shape", new ShapeAttr(new Shape(1, Inputs)) } }), DType.Int8, [1, Inputs], InputScale, Zero);
        Node f = Of(graph.AddConst("f", Tensor.Wrap(features, new Shape(Filters, Inputs))), DType.Int8, [Filters, Inputs], FeatureScale, 0), t = Of(graph.AddConst("t", Tensor.Wrap(times, new Shape(Filters, Steps))), DType.Int8, [Filters, Steps], TimeScale, 0);
        Node b = Of(graph.AddConst("b", Tensor.Wrap(bias)), DType.Int32, [bias.Length], 1, 0);
        Node memory = Of(graph.Add("m", new OpName(Dialect.TFLite, "TENSOR")), type, [1, Filters * Steps], MemoryScale, memoryZero);
        memory.Tensors = [memory.Tensors[0] with { IsVariable = true }];
        Of(graph.Add("y", new OpName(Dialect.TFLite, "SVDF"), [x, f, t, b, memory], new AttributeMap { { "rank", Rank }, { "fused_activation_function", "NONE" }, { "asymmetric_quantize_inputs", false } }), DType.Int8, [1, Filters / Rank], OutputScale, OutputZero);
        return model;
    }

    private static Node Of(Node node, DType type, long[] shape, float scale, int zero)
    {
        var quantization = new Quantization([scale], [zero]);
        (node.Facts, node.Tensors) = ([new Fact(type, new Shape(shape), Quantization: quantization)], [new TensorSpec(node.Name, type, new Shape(shape)) { Quantization = quantization }]);
        return node;
    }
}
