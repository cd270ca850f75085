using Decant.IR;
using Decant.TestKit;

namespace Decant.Tests.Runtime;

/// <summary>Joined steps of TensorFlow Lite operators give what the single operators give.</summary>
public sealed class TFLiteFusionTests
{
    /// <summary>A hard swish multiplies by a sixth in the place of a division.</summary>
    private const double Tolerance = 1e-6;

    public static TheoryData<string> Cases => [.. Graphs.Keys];

    /// <summary>TensorFlow graphs from x [2, 6, 5, 4] to y, with the steps that are left when they have been converted.</summary>
    private static Dictionary<string, (Action<SeededGraphs, Value> Build, int Steps)> Graphs { get; } = new()
    {
        ["residual"] = ((g, x) => g.Float("y", "Relu", g.Float("a", "AddV2", g.Conv("c", x, 3, 3, 4, 4, 1), x)), 1),
        ["residual in front"] = ((g, x) => g.Float("y", "AddV2", x, g.Float("b", "BiasAdd", g.Conv("c", x, 1, 1, 4, 4, 1), g.Constant(4))), 1),
        ["residual of two convolutions"] = ((g, x) => g.Float("y", "Relu6", g.Float("a", "AddV2", g.Conv("c", x, 3, 3, 4, 7, 1), g.Conv("d", x, 1, 1, 4, 7, 1))), 2),
        ["residual of one channel"] = ((g, x) => g.Float("y", "AddV2", g.Conv("c", x, 3, 3, 4, 4, 1), g.Conv("d", x, 1, 1, 4, 1, 1)), 3),
        ["residual of an activation"] = ((g, x) => g.Float("y", "AddV2", g.Float("r", "Relu", g.Conv("c", x, 3, 3, 4, 4, 1)), x), 2),
        ["residual of a depthwise convolution"] = ((g, x) => g.Float("y", "AddV2", g.Depthwise("c", x, 4, 1), x), 2),
        ["sum of a convolution with itself"] = ((g, x) => Twice(g, g.Conv("c", x, 3, 3, 4, 4, 1)), 2),
        ["two readers"] = ((g, x) => ReadTwice(g, g.Conv("c", x, 3, 3, 4, 4, 1), x), 3),
        ["prelu"] = ((g, x) => g.Float("y", "Prelu", g.Conv("c", x, 3, 3, 4, 7, 1), g.Constant(-0.5f, 1, 1, 7)), 1),
        ["prelu behind a residual"] = ((g, x) => g.Float("y", "Prelu", g.Float("a", "AddV2", g.Conv("c", x, 3, 3, 4, 4, 1), x), g.Constant(-0.5f, 1, 1, 4)), 1),
        ["prelu with a slope for each place"] = ((g, x) => g.Float("y", "Prelu", g.Conv("c", x, 3, 3, 4, 4, 1), g.Constant(-0.5f, 6, 5, 4)), 2),
        ["hard swish"] = ((g, x) => HardSwish(g, g.Conv("c", x, 3, 3, 4, 7, 2)), 1),
        ["hard swish of a depthwise convolution"] = ((g, x) => HardSwish(g, g.Depthwise("c", x, 4, 1)), 1),
        ["hard swish behind a residual"] = ((g, x) => HardSwish(g, g.Float("a", "AddV2", g.Conv("c", x, 3, 3, 4, 4, 1), x)), 1),
        ["hard swish behind an activation"] = ((g, x) => HardSwish(g, g.Float("r", "Relu", g.Conv("c", x, 3, 3, 4, 4, 1))), 2),
        ["padding"] = ((g, x) => Padded(g, x, 3, 0, 0, 1, 2, 0, 3, 0, 0), 1),
        ["padding of channels"] = ((g, x) => Padded(g, x, 3, 0, 0, 1, 1, 1, 1, 0, 2), 2),
        ["padding of images"] = ((g, x) => Padded(g, x, 3, 0, 1, 1, 1, 1, 1, 0, 0), 2),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_joined_step_gives_what_the_operators_give(string name)
    {
        var graph = new SeededGraphs(21);
        (Action<SeededGraphs, Value> build, int steps) = Graphs[name];
        build(graph, graph.Input("x", 2, 6, 5, 4));
        using Model model = graph.Model.Convert().Model;
        Compare(model, new() { ["x"] = SeededGraphs.Random(new Shape(2, 6, 5, 4)) }, steps);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(3, 1)]
    [InlineData(1, 3)]
    public void A_residual_may_turn_out_to_broadcast(int images, int residuals)
    {
        var graph = new SeededGraphs(22);
        Value x = graph.Input("x", Shape.UnknownDimension, 6, 5, 4), r = graph.Input("r", Shape.UnknownDimension, 6, 5, 4);
        graph.Float("y", "Prelu", graph.Float("a", "AddV2", graph.Float("b", "BiasAdd", graph.Conv("c", x, 3, 3, 4, 4, 1), graph.Constant(4)), r), graph.Constant(-0.5f, 1, 1, 4));
        using Model model = graph.Model.Convert().Model;
        Compare(model, new() { ["x"] = SeededGraphs.Random(new Shape(images, 6, 5, 4)), ["r"] = SeededGraphs.Random(new Shape(residuals, 6, 5, 4)) }, 1);
    }

    /// <summary>Integers are padded with the zero point, which the convolution takes for what lies outside.</summary>
    [Theory]
    [InlineData(-7, 0.5f, 1)]
    [InlineData(-7, 0.25f, 2)]
    public void Integers_that_are_padded_join_where_both_tensors_are_quantized_alike(int zero, float padScale, int steps)
    {
        var model = new Model();
        Graph graph = model.Graph;
        var random = new Random(5);
        Value x = Spec(graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Int8 }, { "shape", new ShapeAttr(new Shape(1, 5, 6, 3)) } }), DType.Int8, [1, 5, 6, 3], 0.5f, zero);
        Value pads = Spec(graph.AddConst("pads", Tensor.Wrap(new[] { 0, 0, 1, 2, 2, 0, 0, 0 }, new Shape(4, 2))), DType.Int32, [4, 2]);
        Value padded = Spec(graph.Add("p", new OpName(Dialect.TFLite, "PAD"), [x, pads]), DType.Int8, [1, 8, 8, 3], padScale, zero);
        sbyte[] weights = [.. Enumerable.Range(0, 8 * 9 * 3).Select(_ => (sbyte)random.Next(-127, 128))];
        Value filter = Spec(graph.AddConst("w", Tensor.Wrap(weights, new Shape(8, 3, 3, 3))), DType.Int8, [8, 3, 3, 3], 0.01f, 0);
        Spec(
            graph.Add("y", new OpName(Dialect.TFLite, "CONV_2D"), [padded, filter], new AttributeMap { { "padding", "VALID" }, { "stride_w", 1 }, { "stride_h", 1 }, { "dilation_w_factor", 1 }, { "dilation_h_factor", 1 }, { "fused_activation_function", "NONE" } }),
            DType.Int8,
            [1, 6, 6, 8],
            1.5f,
            3);
        sbyte[] values = [.. Enumerable.Range(0, 90).Select(_ => (sbyte)random.Next(-128, 128))];
        Compare(model, new() { ["x"] = Tensor.Wrap(values, new Shape(1, 5, 6, 3)) }, steps);
    }

    /// <summary>What files leave out, and weights and paddings of any shape, is told of, located.</summary>
    [Theory]
    [InlineData("CONV_2D", 1)]
    [InlineData("CONV_2D", 0)]
    [InlineData("PAD", 1)]
    [InlineData("ADD", 1)]
    [InlineData("PRELU", 1)]
    public void Operators_without_their_inputs_are_refused(string operatorName, int inputs)
    {
        var model = new Model();
        Graph graph = model.Graph;
        Value x = Spec(graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", new ShapeAttr(new Shape(1, 4, 4, 1)) } }), DType.Float32, [1, 4, 4, 1]);
        Value w = Spec(graph.AddConst("w", Tensor.Wrap(new float[] { 1 }, new Shape(1, 1, 1, 1))), DType.Float32, [1, 1, 1, 1]), pads = Spec(graph.AddConst("pads", Tensor.Wrap(new int[8], new Shape(4, 2))), DType.Int32, [4, 2]);
        Node Lite(string name, string op, Value[] all) =>
            Spec(graph.Add(name, new OpName(Dialect.TFLite, op), op == operatorName ? all[..inputs] : all, new AttributeMap { { "padding", "VALID" }, { "stride_w", 1 }, { "stride_h", 1 } }), DType.Float32, [1, 4, 4, 1]);
        Value padded = Lite("p", "PAD", [x, pads]), conv = Lite("c", "CONV_2D", [padded, w]);
        Lite("y", operatorName == "PRELU" ? "PRELU" : "ADD", [conv, x]);
        using var session = new Session(model);
        ModelException e = Assert.Throws<ModelException>(() => session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(new float[16], new Shape(1, 4, 4, 1)) }, ["y"]));
        Assert.NotNull(e.Diagnostics[0].Location?.Node);
    }

    private static Node Spec(Node node, DType type, long[] shape, float scale = 0, int zero = 0)
    {
        Quantization? quantization = scale == 0 ? null : new Quantization([scale], [zero]);
        node.Facts = [new Fact(type, new Shape(shape), node.Op.Name == "Const" ? ((TensorAttr)node.Attributes["value"]!).Value : null, quantization)];
        node.Tensors = [new TensorSpec(node.Name, type, new Shape(shape)) { Quantization = quantization }];
        return node;
    }

    private static void Twice(SeededGraphs g, Value conv) => g.Float("y", "AddV2", conv, conv);

    private static void ReadTwice(SeededGraphs g, Value conv, Value x) => g.Float("y", "Sub", g.Float("a", "AddV2", conv, x), conv);

    private static void HardSwish(SeededGraphs g, Value x) => g.Float(
        "y", "Mul", g.Float("m", "Mul", x, g.Float("l6", "Relu6", g.Float("o", "AddV2", x, g.Model.Graph.AddConst("three", Tensor.Scalar(3f))))), g.Model.Graph.AddConst("sixth", Tensor.Scalar(1f / 6)));

    private static void Padded(SeededGraphs g, Value x, int kernel, params int[] pads)
    {
        Value amounts = g.Model.Graph.AddConst("pads", Tensor.Wrap(pads, new Shape(4, 2)));
        Value padded = g.Model.Graph.Add("pad", "Pad", [x, amounts], new AttributeMap { { "T", DType.Float32 }, { "Tpaddings", DType.Int32 } });
        g.Conv("y", padded, kernel, kernel, 4 + pads[6] + pads[7], 7, 2).Node.Attributes.Set("padding", "VALID");
    }

    private static void Compare(Model model, Dictionary<string, Tensor> inputs, int steps)
    {
        using var plain = new Session(model, new SessionOptions { Fusion = false });
        using var fused = new Session(model, new SessionOptions { Fusion = true });
        Tensor expected = plain.Run(inputs, ["y"])["y"];
        using PreparedRun run = fused.Prepare(inputs, ["y"]);
        Assert.Equal(steps, run.StepCount);
        for (int i = 0; i < 2; i++, run.Run())
            Assert.Null(TensorComparison.Difference(run.Output("y"), expected, expected.DType == DType.Float32 ? Tolerance : 0, expected.DType == DType.Float32 ? Tolerance : 0));
    }
}
