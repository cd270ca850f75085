using Decant.IR;
using Decant.Lowering;
using Decant.Ops.TFLite.Recurrent;
using Decant.TestKit;

namespace Decant.Tests.Lowering.Raising;

/// <summary>LSTM operators as graphs, against the operator itself.</summary>
public sealed class RecurrentRulesTests
{
    // float32 sums in another order, through three steps.
    private const double Tolerance = 1e-5;

    private const int Batch = 2, Time = 3, Size = 3, Cells = 4;

    /// <summary>Whether time comes first, there is an input gate, there are peepholes, there is a projection; and the activation.</summary>
    [Theory]
    [InlineData(false, true, false, false, "TANH")]
    [InlineData(true, true, false, false, "RELU")]
    [InlineData(false, false, true, false, "TANH")]
    [InlineData(false, true, true, true, "TANH")]
    [InlineData(true, false, false, true, "NONE")]
    public void An_LSTM_becomes_a_graph_with_its_answers(bool isTimeMajor, bool hasInputGate, bool hasPeepholes, bool hasProjection, string activation)
    {
        using Model model = Lstm(isTimeMajor, hasInputGate, hasPeepholes, hasProjection, activation);
        using Model raised = model.ToTensorFlow();
        Assert.DoesNotContain(raised.Graph.Nodes, n => n.Op.Dialect == Dialect.TFLite);
        Tensor x = Values(isTimeMajor ? new Shape(Time, Batch, Size) : new Shape(Batch, Time, Size), 99);
        using Session own = new(model), graph = new(raised);
        Tensor expected = own.Run(new Dictionary<string, Tensor> { ["0"] = x }, ["0"])["0"];
        Tensor found = graph.Run(new Dictionary<string, Tensor> { [raised.Signatures[0].Inputs[0].Name] = x }).Values.Single();
        Assert.Null(TensorComparison.Difference(found, expected, Tolerance, Tolerance));
        // In a graph each run begins anew; the operator goes on.
        Tensor second = graph.Run(new Dictionary<string, Tensor> { [raised.Signatures[0].Inputs[0].Name] = x }).Values.Single();
        Assert.Equal(found.Span<float>().ToArray(), second.Span<float>().ToArray());
        Assert.Equal(2, model.ConvertToTFJS().ResetStates);
        Assert.Equal(2, model.ConvertToGraph().ResetStates);
    }

    [Fact]
    public void An_activation_that_is_not_known_is_told()
    {
        using Model model = Lstm(false, true, false, false, "SIGN_BIT");
        ModelException e = Assert.Throws<ModelException>(() => model.ToTensorFlow());
        Assert.Equal(ConvertErrors.UnsupportedOp, e.Diagnostics[0].Code);
        Assert.Contains("SIGN_BIT", e.Message, StringComparison.Ordinal);
    }

    internal static Model Lstm(bool isTimeMajor, bool hasInputGate, bool hasPeepholes, bool hasProjection, string activation)
    {
        int outputs = hasProjection ? 2 : Cells;
        var main = new Function("main");
        var model = new Model { Graph = main, TFLite = new TFLiteParts(), Format = "tflite" };
        Shape shape = isTimeMajor ? new Shape(Time, Batch, Size) : new Shape(Batch, Time, Size);
        Node x = main.AddArg(new FunctionArg("x", DType.Float32));
        x.Tensors = [new TensorSpec("x", DType.Float32, shape)];
        var inputs = new Value[20];
        inputs[0] = x;
        int seed = 0;
        Node Const(params long[] dims)
        {
            Node node = main.AddConst($"c{seed}", Values(new Shape(dims), seed++));
            node.Tensors = [new TensorSpec(node.Name, DType.Float32, new Shape(dims))];
            return node;
        }

        Node State(string name, long size)
        {
            Node node = main.Add(name, TFLiteParts.TensorOp, [], []);
            node.Tensors = [new TensorSpec(name, DType.Float32, new Shape(Batch, size)) { IsVariable = true }];
            return node;
        }

        LstmInputs at = LstmInputs.Single;
        foreach (LstmGate gate in Enum.GetValues<LstmGate>().Where(g => g != LstmGate.Input || hasInputGate))
        {
            inputs[at.Input + (int)gate] = Const(Cells, Size);
            inputs[at.Recurrent + (int)gate] = Const(Cells, outputs);
            inputs[at.Bias + (int)gate] = Const(Cells);
            if (hasPeepholes && gate != LstmGate.Cell)
                inputs[at.PeepholeOf(gate)] = Const(Cells);
        }

        if (hasProjection)
            (inputs[at.Projection], inputs[at.Projection + 1]) = (Const(outputs, Cells), Const(outputs));
        (inputs[at.OutputState], inputs[at.OutputState + 1]) = (State("h", outputs), State("c", Cells));
        Node lstm = main.Add("y", new OpName(Dialect.TFLite, "UNIDIRECTIONAL_SEQUENCE_LSTM"), inputs, new AttributeMap { { "fused_activation_function", activation }, { "cell_clip", 0.75f }, { "proj_clip", 0.5f }, { "time_major", isTimeMajor } });
        lstm.Tensors = [new TensorSpec("y", DType.Float32, isTimeMajor ? new Shape(Time, Batch, outputs) : new Shape(Batch, Time, outputs))];
        main.Results.Add((new FunctionArg("y", DType.Float32), lstm));
        return model;
    }

    internal static Tensor Values(Shape shape, int seed)
    {
        var random = new Random(seed);
        return Tensor.Wrap([.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => (random.NextSingle() * 2) - 1)], shape);
    }
}
