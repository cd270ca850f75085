using Decant.IR;
using Decant.TestKit;

namespace Decant.Tests.Runtime;

/// <summary>Joined steps give what the single nodes give.</summary>
public sealed class FusionTests
{
    /// <summary>Folding a factor into weights rounds each of them once more: a few units in the last place of sums of some hundred terms.</summary>
    private const double FoldingTolerance = 1e-5;

    public static TheoryData<string, int> Cases
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach ((string name, (_, int steps)) in Graphs)
                data.Add(name, steps);
            return data;
        }
    }

    /// <summary>Graphs from x [2, 6, 5, 4] to y, with the steps that are left.</summary>
    private static Dictionary<string, (Func<SeededGraphs, Value, Value> Build, int Steps)> Graphs { get; } = new()
    {
        ["bias and activation"] = ((g, x) => g.Float("y", "Relu", g.Float("b", "BiasAdd", g.Conv("c", x, 3, 3, 4, 7, 1), g.Constant(7))), 1),
        ["normalization"] = ((g, x) => g.Float("y", "Identity", g.Normalized(g.Conv("c", x, 3, 2, 4, 7, 2), 7, "FusedBatchNormV3")), 1),
        ["factors and terms per channel"] = ((g, x) => g.Float("y", "Sub", g.Float("a", "AddV2", g.Constant(1, 1, 1, 7), g.Float("m", "Mul", g.Conv("c", x, 1, 1, 4, 7, 1), g.Constant(7))), g.Constant()), 1),
        ["bias after a factor"] = ((g, x) => g.Float("y", "Mul", g.Float("b", "BiasAdd", g.Conv("c", x, 1, 1, 4, 7, 1), g.Constant(7)), g.Constant(7)), 1),
        ["depthwise"] = ((g, x) => g.Float("y", "Identity", g.Normalized(g.Depthwise("c", x, 4, 1), 4, "FusedBatchNorm")), 1),
        ["a term that is not per channel"] = ((g, x) => g.Float("y", "Add", g.Conv("c", x, 1, 1, 4, 5, 1), g.Constant(5, 1)), 1),
        ["two readers"] = ((g, x) => Twice(g, g.Conv("c", x, 3, 3, 4, 4, 1)), 2),
        ["prelu"] = ((g, x) => g.Float("y", "Prelu", g.Float("b", "BiasAdd", g.Conv("c", x, 3, 3, 4, 7, 1), g.Constant(7)), g.Constant(1, 1, 7)), 1),
        ["prelu behind a residual"] = ((g, x) => g.Float("y", "Prelu", g.Float("a", "AddV2", g.Conv("c", x, 3, 3, 4, 4, 1), x), g.Constant(4)), 1),
        ["prelu behind a residual of one channel"] = ((g, x) => g.Float("y", "Prelu", g.Float("a", "AddV2", g.Conv("c", x, 3, 3, 4, 4, 1), g.Conv("r", x, 1, 1, 4, 1, 1)), g.Constant(4)), 2),
        ["prelu of halves"] = ((g, x) => OfHalves(g, g.Conv("c", x, 3, 3, 4, 4, 1), g.Constant(4)), 1),
        ["prelu of negatives"] = ((g, x) => OfNegatives(g, g.Conv("c", x, 3, 3, 4, 4, 1), g.Constant(4)), 1),
        ["prelu of a choice"] = ((g, x) => OfChoice(g, g.Conv("c", x, 3, 3, 4, 4, 1), g.Constant(4)), 1),
        ["prelu with a slope for each place"] = ((g, x) => g.Float("y", "Prelu", g.Conv("c", x, 3, 3, 4, 4, 1), g.Constant(6, 5, 4)), 2),
        ["factor and term behind an activation"] = ((g, x) => g.Float("y", "AddV2", g.Float("m", "Mul", g.Float("r", "Relu", g.Conv("c", x, 3, 3, 4, 7, 1)), g.Constant(7)), g.Constant(1, 1, 7)), 1),
        ["factor behind an activation of a depthwise convolution"] = ((g, x) => g.Float("y", "Mul", g.Constant(4), g.Float("r", "Relu6", g.Float("b", "BiasAdd", g.Depthwise("c", x, 4, 1), g.Constant(4)))), 1),
        ["factor and term behind a residual of more images"] = ((g, x) => g.Float("y", "Add", g.Constant(4), g.Float("m", "Mul", g.Constant(4), g.Float("r", "Relu", g.Float("a", "Add", g.Conv("c", x, 3, 3, 4, 4, 1), g.Constant(3, 2, 6, 5, 4))))), 1),
        ["term behind an activation"] = ((g, x) => g.Float("y", "AddV2", g.Float("r", "Relu", g.Conv("c", x, 3, 3, 4, 7, 1)), g.Constant(7)), 2),
        ["factor per place behind an activation"] = ((g, x) => g.Float("y", "Mul", g.Float("r", "Relu", g.Conv("c", x, 3, 3, 4, 4, 1)), g.Constant(6, 5, 4)), 2),
        ["hard swish"] = ((g, x) => HardSwish(g, g.Float("b", "BiasAdd", g.Conv("c", x, 3, 3, 4, 7, 1), g.Constant(7)), isFactorFirst: true), 1),
        ["hard swish whose factor comes later"] = ((g, x) => HardSwish(g, g.Conv("c", x, 1, 1, 4, 4, 2), isFactorFirst: false), 1),
        ["hard swish of a depthwise convolution behind a residual"] = ((g, x) => HardSwish(g, g.Depthwise("c", g.Float("a", "AddV2", g.Conv("d", x, 3, 3, 4, 4, 1), x), 4, 1), isFactorFirst: true), 2),
        ["hard swish behind a residual of one channel"] = ((g, x) => HardSwish(g, g.Float("a", "AddV2", g.Conv("c", x, 3, 3, 4, 4, 1), g.Conv("r", x, 1, 1, 4, 1, 1)), isFactorFirst: true), 2),
        ["hard swish behind an activation"] = ((g, x) => HardSwish(g, g.Float("l", "Relu", g.Conv("c", x, 3, 3, 4, 4, 1)), isFactorFirst: true), 2),
        ["residual"] = ((g, x) => g.Float("y", "Relu", g.Float("a", "AddV2", g.Float("b", "BiasAdd", g.Conv("c", x, 3, 3, 4, 4, 1), g.Constant(4)), x)), 1),
        ["residual of one channel"] = ((g, x) => g.Float("y", "Relu6", g.Float("a", "AddV2", g.Conv("r", x, 1, 1, 4, 1, 1), g.Float("b", "BiasAdd", g.Conv("c", x, 3, 3, 4, 4, 1), g.Constant(4)))), 2),
        ["residual of one image"] = ((g, x) => g.Float("y", "Relu", g.Float("a", "AddV2", g.Float("b", "BiasAdd", g.Conv("c", x, 3, 3, 4, 4, 1), g.Constant(4)), g.Constant(6, 5, 4))), 1),
        ["residual of more images"] = ((g, x) => g.Float("y", "Relu", g.Float("a", "Add", g.Conv("c", x, 3, 3, 4, 4, 1), g.Constant(3, 2, 6, 5, 4))), 1),
        ["residual and what follows"] = ((g, x) => g.Float("y", "Relu", g.Normalized(g.Float("a", "AddV2", x, g.Conv("c", x, 1, 1, 4, 4, 1)), 4, "FusedBatchNormV3")), 3),
        ["residual of two convolutions"] = ((g, x) => g.Float("y", "Relu", g.Float("a", "AddV2", g.Normalized(g.Conv("c", x, 3, 3, 4, 7, 1), 7, "FusedBatchNormV3"), g.Float("b", "BiasAdd", g.Conv("d", x, 1, 1, 4, 7, 1), g.Constant(7)))), 2),
        ["residual of a depthwise convolution"] = ((g, x) => g.Float("y", "Relu", g.Float("a", "AddV2", g.Depthwise("c", x, 4, 1), x)), 2),
        ["padding"] = ((g, x) => g.Float("y", "Relu", Unpadded(g, g.Conv("c", Padded(g, x, 0, 0, 1, 2, 0, 3, 0, 0), 3, 3, 4, 7, 2))), 1),
        ["padding of a depthwise convolution"] = ((g, x) => g.Float("y", "Identity", g.Normalized(Unpadded(g, g.Depthwise("c", Padded(g, x, 0, 0, 2, 1, 1, 1, 0, 0), 4, 1)), 4, "FusedBatchNorm")), 1),
        ["padding of channels"] = ((g, x) => Unpadded(g, g.Conv("y", Padded(g, x, 0, 0, 1, 1, 1, 1, 0, 3), 3, 3, 7, 2, 1)), 2),
        ["padding before a padding of its own"] = ((g, x) => g.Conv("y", Padded(g, x, 0, 0, 1, 1, 1, 1, 0, 0), 3, 3, 4, 2, 1), 2),
        ["a slope per channel"] = ((g, x) => g.Float("y", "Prelu", x, g.Constant(-0.5f, 4)), 1),
        ["a chain"] = ((g, x) => g.Float("y", "Tanh", g.Float("s", "Sub", g.Float("m", "Mul", g.Float("e", "Exp", x), g.Constant()), g.Constant(4))), 1),
        ["swish"] = ((g, x) => g.Float("y", "Mul", x, g.Float("s", "Sigmoid", x)), 1),
        ["a chain of two branches"] = ((g, x) => g.Float("y", "AddV2", g.Float("l", "Square", g.Float("r", "Relu", x)), g.Float("n", "Neg", g.Float("q", "Sqrt", g.Float("a", "Abs", x)))), 1),
        ["a chain with a gate per channel of each image"] = ((g, x) => g.Float("y", "Relu", g.Float("m", "Mul", x, g.Constant(2, 1, 1, 4))), 1),
        ["a chain with a row that is computed"] = ((g, x) => g.Float("y", "Mul", x, g.Float("s", "Rsqrt", g.Float("a", "Add", g.Float("q", "Square", Mean(g, x, 0, 1, 2)), g.Constant()))), 2),
        ["a chain with one element that is computed"] = ((g, x) => g.Float("y", "Sub", x, g.Float("s", "Exp", g.Float("n", "Neg", Mean(g, x, 0, 1, 2, 3)))), 2),
        ["a chain that grows"] = ((g, x) => g.Float("y", "AddV2", g.Float("n", "Neg", g.Constant(4)), g.Float("e", "Exp", g.Float("m", "Mul", x, g.Constant(3, 2, 6, 5, 4)))), 1),
        ["a chain of several blocks, the last of them shorter, whose rows are given and computed"] = ((g, x) => g.Float("y", "AddV2", g.Float("t", "Tanh", x), g.Float("e", "Exp", g.Float("m", "Mul", x, g.Constant(37, 2, 6, 5, 4)))), 1),
        ["a chain of scalars"] = ((g, x) => g.Float("y", "Mul", x, g.Float("s", "Sqrt", g.Float("a", "Add", g.Float("t", "Reshape", x, g.Ints(-1)).Node.Inputs[0], g.Constant()))), 1),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_joined_step_gives_what_the_nodes_give(string name, int steps)
    {
        var graph = new SeededGraphs(11);
        var shape = new Shape(2, 6, 5, 4);
        Value y = Graphs[name].Build(graph, graph.Input("x", 2, 6, 5, 4));
        Compare(graph.Model, shape, y.Node.Name, steps);
    }

    [Fact]
    public void Channels_may_come_first()
    {
        var graph = new SeededGraphs(12);
        Value conv = graph.Conv("c", graph.Input("x", 2, 4, 6, 5), 3, 3, 4, 7, 1, "NCHW");
        Value biased = graph.Float("b", "BiasAdd", conv, graph.Constant(7));
        biased.Node.Attributes.Set("data_format", "NCHW");
        graph.Float("y", "Mul", biased, graph.Constant(7, 1, 1));
        Compare(graph.Model, new Shape(2, 4, 6, 5), "y", 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Matrix_products_take_bias_and_factor(bool transposed)
    {
        var graph = new SeededGraphs(13);
        Value product = graph.Float("p", "MatMul", graph.Input("x", 3, 8), transposed ? graph.Constant(5, 8) : graph.Constant(8, 5));
        product.Node.Attributes.Set("transpose_b", transposed);
        graph.Float("y", "Relu", graph.Float("a", "Add", graph.Float("m", "Mul", product, graph.Constant(5)), graph.Constant(1, 5)));
        Compare(graph.Model, new Shape(3, 8), "y", 1);
    }

    [Fact]
    public void Rows_longer_than_a_block_are_cut()
    {
        var graph = new SeededGraphs(14);
        graph.Float("y", "Exp", graph.Float("a", "Sub", graph.Float("n", "Neg", graph.Input("x", 5, 5000)), graph.Constant(5000)));
        Compare(graph.Model, new Shape(5, 5000), "y", 1);
    }

    [Fact]
    public void A_value_that_is_asked_for_is_not_joined_away()
    {
        var graph = new SeededGraphs(15);
        graph.Float("y", "Relu", graph.Float("b", "BiasAdd", graph.Conv("c", graph.Input("x", 1, 4, 4, 2), 3, 3, 2, 3, 1), graph.Constant(3)));
        using var session = new Session(graph.Model);
        using PreparedRun run = session.Prepare(new Dictionary<string, Tensor> { ["x"] = SeededGraphs.Random(new Shape(1, 4, 4, 2)) }, ["b", "y"]);
        ReadOnlySpan<float> before = run.Output<float>("b"), after = run.Output<float>("y");
        Assert.Equal(2, run.StepCount);
        for (int i = 0; i < before.Length; i++)
            Assert.Equal(Math.Max(0, before[i]), after[i]);
    }

    [Fact]
    public void Results_do_not_depend_on_the_number_of_threads()
    {
        using Model model = SeededGraphs.MobileNet(64);
        var inputs = new Dictionary<string, Tensor> { ["x"] = SeededGraphs.Random(new Shape(1, 64, 64, 3)) };
        float[][] results = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            using var session = new Session(model, new SessionOptions { Threads = threads });
            return session.Run(inputs, ["y"])["y"].Span<float>().ToArray();
        })];
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    private static Value Padded(SeededGraphs graph, Value x, params int[] pads)
    {
        Value amounts = graph.Model.Graph.AddConst("pads", Tensor.Wrap(pads, new Shape(4, 2)));
        return graph.Model.Graph.Add("pad", "Pad", [x, amounts], new AttributeMap { { "T", DType.Float32 }, { "Tpaddings", DType.Int32 } });
    }

    private static Value Mean(SeededGraphs graph, Value x, params int[] axes) =>
        graph.Model.Graph.Add("mean", "Mean", [x, graph.Ints(axes)], new AttributeMap { { "T", DType.Float32 }, { "Tidx", DType.Int32 } });

    private static Value Unpadded(SeededGraphs graph, Value conv)
    {
        conv.Node.Attributes.Set("padding", "VALID");
        return conv;
    }

    private static Value OfHalves(SeededGraphs g, Value x, Value slopes) => g.Float("y", "Add", g.Float("r", "Relu", x),
        g.Float("h", "Mul", g.Float("s", "Mul", slopes, g.Float("d", "Sub", x, g.Float("a", "Abs", x))), g.Model.Graph.AddConst("half", Tensor.Scalar(0.5f))));

    private static Value OfNegatives(SeededGraphs g, Value x, Value slopes) =>
        g.Float("y", "AddV2", g.Float("r", "Relu", x), g.Float("m", "Mul", g.Float("n", "Neg", slopes), g.Float("l", "Relu", g.Float("o", "Neg", x))));

    private static Value HardSwish(SeededGraphs g, Value x, bool isFactorFirst)
    {
        Value factor = g.Model.Graph.AddConst("factor", Tensor.Scalar(0.25f)), gate = g.Float("l6", "Relu6", g.Float("o", "AddV2", x, g.Model.Graph.AddConst("three", Tensor.Scalar(3f))));
        return isFactorFirst ? g.Float("y", "Mul", g.Float("f", "Mul", factor, x), gate) : g.Float("y", "Mul", x, g.Float("f", "Mul", gate, factor));
    }

    private static Value OfChoice(SeededGraphs g, Value x, Value slopes) =>
        g.Float("y", "Select", g.Float("p", "Greater", x, g.Model.Graph.AddConst("zero", Tensor.Scalar(0f))), x, g.Float("m", "Mul", slopes, x));

    private static Value Twice(SeededGraphs graph, Value conv) => graph.Float("y", "Sub", graph.Float("r", "Relu", conv), conv);

    private static void Compare(Model model, Shape shape, string output, int steps)
    {
        var inputs = new Dictionary<string, Tensor> { ["x"] = SeededGraphs.Random(shape) };
        using var plain = new Session(model, new SessionOptions { Fusion = false });
        using var fused = new Session(model, new SessionOptions { Fusion = true });
        Tensor expected = plain.Run(inputs, [output])[output];
        using PreparedRun run = fused.Prepare(inputs, [output]);
        Assert.Equal(steps, run.StepCount);
        for (int i = 0; i < 2; i++, run.Run())
            Assert.Null(TensorComparison.Difference(run.Output(output), expected, FoldingTolerance, FoldingTolerance));
    }
}
