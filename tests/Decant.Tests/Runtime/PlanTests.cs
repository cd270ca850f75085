using Decant.IR;

namespace Decant.Tests.Runtime;

/// <summary>Planned runs give what runs without a plan give, whatever changes between them.</summary>
public sealed class PlanTests
{
    [Fact]
    public void Results_of_earlier_runs_stay_as_they_were()
    {
        using Model model = SeededGraphs.MobileNet();
        using var session = new Session(model);
        IReadOnlyDictionary<string, Tensor>[] results = new IReadOnlyDictionary<string, Tensor>[6];
        float[][] copies = new float[results.Length][];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = session.Run(new Dictionary<string, Tensor> { ["x"] = SeededGraphs.Random(new Shape(1, 32, 32, 3), seed: i) }, ["y", "mean", "pointwise2/relu"]);
            copies[i] = results[i]["pointwise2/relu"].Span<float>().ToArray();
        }

        for (int i = 0; i < results.Length; i++)
            Assert.Equal(copies[i], results[i]["pointwise2/relu"].Span<float>().ToArray());
        Assert.NotEqual(copies[4], copies[5]);
    }

    [Fact]
    public void Shapes_may_change_between_runs()
    {
        var graph = new SeededGraphs(21);
        Value x = graph.Input("x", -1, 3);
        Value flat = graph.Model.Graph.Add("flat", "Reshape", [graph.Float("e", "Exp", x), graph.Ints(-1)], new AttributeMap { { "T", DType.Float32 }, { "Tshape", DType.Int32 } });
        graph.Float("y", "Neg", flat);
        using var session = new Session(graph.Model);
        foreach (int rows in new[] { 2, 2, 2, 5, 2, 5, 5, 5, 1, 700, 700, 700, 2 })
        {
            Tensor input = SeededGraphs.Random(new Shape(rows, 3), seed: rows);
            float[] found = session.Run(new Dictionary<string, Tensor> { ["x"] = input }, ["y"])["y"].Span<float>().ToArray();
            Assert.Equal(rows * 3, found.Length);
            for (int i = 0; i < found.Length; i++)
                Assert.Equal(-Math.Exp(input.Span<float>()[i]), found[i], 1e-5);
        }
    }

    [Fact]
    public void Shapes_may_depend_on_the_data()
    {
        var graph = new SeededGraphs(22);
        Value x = graph.Input("x", 300);
        Value positive = graph.Model.Graph.Add("p", "Greater", [x, graph.Constant(-0.5f)], new AttributeMap { { "T", DType.Float32 } });
        Value where = graph.Model.Graph.Add("w", "Where", [positive], new AttributeMap { { "T", DType.Bool } });
        Value rows = graph.Model.Graph.Add("g", "GatherNd", [graph.Float("n", "Neg", x), where], new AttributeMap { { "Tparams", DType.Float32 }, { "Tindices", DType.Int64 } });
        graph.Float("y", "Sum", graph.Float("s", "Square", rows), graph.Ints(0));
        using var session = new Session(graph.Model);
        for (int i = 0; i < 6; i++)
        {
            Tensor input = SeededGraphs.Random(new Shape(300), seed: 100 + i);
            float threshold = graph.Model.Graph["constant0"].Attributes["value"] is TensorAttr { Value: var value } ? value.Span<float>()[0] : 0;
            double expected = input.Span<float>().ToArray().Where(v => v > threshold).Sum(v => (double)v * v);
            Assert.Equal(expected, session.Run(new Dictionary<string, Tensor> { ["x"] = input }, ["y"])["y"].Span<float>()[0], 1e-3);
        }
    }

    [Fact]
    public void A_variable_keeps_what_was_assigned_and_weights_follow_it()
    {
        var graph = new SeededGraphs(23);
        Graph g = graph.Model.Graph;
        Value handle = g.Add("w", "VarHandleOp", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", new ShapeAttr(new Shape(64, 64)) }, { "shared_name", "w" } });
        Value next = graph.Float("next", "Mul", graph.Input("v", 64, 64), g.AddConst("two", Tensor.Scalar(2f)));
        g.Add("assign", "AssignVariableOp", [handle, next], new AttributeMap { { "dtype", DType.Float32 } });
        Value weights = g.Add("read", "ReadVariableOp", [handle], new AttributeMap { { "dtype", DType.Float32 } });
        graph.Float("y", "MatMul", graph.Input("x", 2, 64), weights);
        using var session = new Session(graph.Model);
        Tensor ones = Tensor.Wrap([.. Enumerable.Repeat(1f, 128)], new Shape(2, 64));
        for (int i = 1; i <= 12; i++)
        {
            // Every third run keeps the weights of the one before.
            int expected = i - (i % 3 == 0 ? 1 : 0);
            if (i % 3 != 0)
                session.Run(new Dictionary<string, Tensor> { ["v"] = Tensor.Wrap([.. Enumerable.Repeat((float)i, 64 * 64)], new Shape(64, 64)) }, ["assign"]);
            Assert.Equal(2f * 64 * expected, session.Run(new Dictionary<string, Tensor> { ["x"] = ones }, ["y"])["y"].Span<float>()[0]);
        }
    }

    [Fact]
    public void A_prepared_run_follows_a_variable()
    {
        var graph = new SeededGraphs(24);
        Graph g = graph.Model.Graph;
        Value variable = g.Add("w", "VariableV2", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", new ShapeAttr(new Shape(8, 4)) } });
        g.Add("init", "Assign", [variable, graph.Input("v", 8, 4)], new AttributeMap { { "T", DType.Float32 } });
        graph.Float("y", "MatMul", graph.Input("x", 3, 8), graph.Float("w/read", "Identity", variable));
        using var session = new Session(graph.Model);
        void Assign(float value) => session.Run(new Dictionary<string, Tensor> { ["v"] = Tensor.Wrap([.. Enumerable.Repeat(value, 32)], new Shape(8, 4)) }, ["init"]);
        Assign(1);
        using PreparedRun run = session.Prepare(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([.. Enumerable.Repeat(1f, 24)], new Shape(3, 8)) }, ["y"]);
        foreach (float value in new[] { 1f, 5f, 5f, 7f })
        {
            Assign(value);
            run.Run();
            Assert.Equal(8 * value, run.Output<float>("y")[5]);
        }
    }

    [Fact]
    public void What_follows_from_shapes_and_constants_is_not_run_again()
    {
        var graph = new SeededGraphs(25);
        Graph g = graph.Model.Graph;
        Value x = graph.Input("x", -1, 4, 3);
        Value shape = g.Add("shape", "Shape", [x], new AttributeMap { { "T", DType.Float32 }, { "out_type", DType.Int32 } });
        Value batch = g.Add("batch", "StridedSlice", [shape, graph.Ints(0), graph.Ints(1), graph.Ints(1)], new AttributeMap { { "T", DType.Int32 }, { "Index", DType.Int32 }, { "shrink_axis_mask", 1 } });
        Value twelve = g.AddConst("twelve", Tensor.Scalar(12));
        Value sizes = g.Add("sizes", "Pack", [batch, twelve], new AttributeMap { { "T", DType.Int32 }, { "N", 2 } });
        Value flat = g.Add("flat", "Reshape", [graph.Float("n", "Neg", x), sizes], new AttributeMap { { "T", DType.Float32 }, { "Tshape", DType.Int32 } });
        Value weights = graph.Float("exp", "Exp", graph.Float("sum", "Add", graph.Constant(12, 2), graph.Constant(12, 2)));
        graph.Float("y", "MatMul", flat, weights);
        using var session = new Session(graph.Model);
        using PreparedRun run = session.Prepare(new Dictionary<string, Tensor> { ["x"] = SeededGraphs.Random(new Shape(5, 4, 3)) });
        Assert.Equal(2, run.StepCount);
        float[] first = run.Output<float>("y").ToArray();
        run.Run();
        Assert.Equal(first, run.Output<float>("y").ToArray());
    }

    [Fact]
    public void Threads_that_share_a_session_get_their_own_results()
    {
        using Model model = SeededGraphs.MobileNet();
        using var session = new Session(model);
        float[][] expected = [.. Enumerable.Range(0, 8).Select(i => Run(i))];
        float[] Run(int seed) => session.Run(new Dictionary<string, Tensor> { ["x"] = SeededGraphs.Random(new Shape(1, 32, 32, 3), seed) }, ["y"])["y"].Span<float>().ToArray();
        Parallel.For(0, 64, i => Assert.Equal(expected[i % 8], Run(i % 8)));
    }

    [Fact]
    public void Very_many_values_are_planned_in_reasonable_time()
    {
        var graph = new SeededGraphs(28);
        Value x = graph.Input("x", 256);
        Value sum = x;
        for (int i = 0; i < 6000; i++)
            sum = graph.Float($"a{i}", "AddV2", graph.Float($"c{i}", "Cumsum", sum, graph.Model.Graph.AddConst($"axis{i}", Tensor.Scalar(0))), x);
        using var session = new Session(graph.Model);
        Tensor zeros = Tensor.Wrap(new float[256]);
        using PreparedRun run = session.Prepare(new Dictionary<string, Tensor> { ["x"] = zeros }, ["a5999"]);
        run.Run();
        Assert.Equal(0, run.Output<float>("a5999")[255]);
    }

    [Fact]
    public void Intermediate_values_share_memory()
    {
        var graph = new SeededGraphs(26);
        Value x = graph.Input("x", 64, 1024);
        for (int i = 0; i < 12; i++)
            x = graph.Float($"s{i}", "Softmax", graph.Float($"l{i}", "Cumsum", x, graph.Model.Graph.AddConst($"axis{i}", Tensor.Scalar(1))));
        using var session = new Session(graph.Model);
        using PreparedRun run = session.Prepare(new Dictionary<string, Tensor> { ["x"] = SeededGraphs.Random(new Shape(64, 1024)) }, ["s11"]);
        Assert.Equal(24, run.StepCount);
        Assert.InRange(run.ArenaBytes, 64 * 1024 * 4, 2 * 64 * 1024 * 4);
        Assert.True(session.IntermediateBytes >= run.ArenaBytes);
    }

    [Fact]
    public void Constants_beyond_the_budget_are_left_to_the_run()
    {
        var graph = new SeededGraphs(27);
        Value large = graph.Model.Graph.Add("fill", "Fill", [graph.Ints(1 << 15, 1 << 15), graph.Model.Graph.AddConst("one", Tensor.Scalar(1f))], new AttributeMap { { "T", DType.Float32 }, { "index_type", DType.Int32 } });
        graph.Model.Graph.Add("y", "Shape", [large], new AttributeMap { { "T", DType.Float32 }, { "out_type", DType.Int32 } });
        long before = GC.GetTotalAllocatedBytes();
        using var session = new Session(graph.Model);
        Assert.Throws<ModelException>(() => session.Run(new Dictionary<string, Tensor>(), ["missing"]));
        Assert.True(GC.GetTotalAllocatedBytes() - before < 1 << 26);
    }
}
