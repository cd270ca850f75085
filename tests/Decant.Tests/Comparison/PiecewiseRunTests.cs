using Decant.Comparison;
using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;

namespace Decant.Tests.Comparison;

public class PiecewiseRunTests
{
    // Ten products of 16 MB of weights each: more than is run as a whole.
    private const int Layers = 10, Units = 2048;

    [Fact]
    public void Pieces_give_what_a_session_gives()
    {
        using Model model = Chain(stateful: false);
        Dictionary<string, Tensor> inputs = new() { ["x"] = Tensor.Wrap([.. Enumerable.Range(0, Units).Select(i => i % 7 / 8f)], new Shape(1, Units)) };
        string[] outputs = ["layer_9", "layer_2/side", "layer_0/weights"];
        IReadOnlyDictionary<string, Tensor> found = PiecewiseRun.Run(model, inputs, outputs);
        using var session = new Session(model);
        IReadOnlyDictionary<string, Tensor> expected = session.Run(inputs, outputs);
        foreach (string output in outputs)
            Assert.Equal(expected[output].Span<float>(), found[output].Span<float>());
    }

    [Fact]
    public void What_has_state_runs_in_one_session()
    {
        using Model model = Chain(stateful: true);
        Dictionary<string, Tensor> inputs = new() { ["x"] = Tensor.Wrap(new float[Units], new Shape(1, Units)) };
        Assert.Equal(3, PiecewiseRun.Run(model, inputs, ["counted"])["counted"].Span<float>()[0]);
    }

    [Fact]
    public void A_converted_model_is_compared_in_pieces()
    {
        using Model model = Chain(stateful: false);
        using Model converted = model.Convert(new ConvertOptions { Outputs = ["layer_9"] }).Model;
        Dictionary<string, Tensor> inputs = new() { ["x"] = Tensor.Wrap([.. Enumerable.Range(0, Units).Select(i => i % 5 / 8f)], new Shape(1, Units)) };
        ReadOnlySpan<float> expected = PiecewiseRun.Run(model, inputs, ["layer_9"])["layer_9"].Span<float>(), found = PiecewiseRun.Run(converted, inputs, ["layer_9"])["layer_9"].Span<float>();
        for (int i = 0; i < Units; i++)
            Assert.Equal(expected[i], found[i], 1e-4f);
    }

    [Fact]
    public void Loops_of_TensorFlow_1_which_are_cycles_run_in_one_session()
    {
        using Model model = GraphParser.Parse("""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[2]}
              eight = Const() {dtype: float32, value: float32[] {8}}
              enter = Enter(x) {T: float32, frame_name: "f", is_constant: false, parallel_iterations: 10}
              limit = Enter(eight) {T: float32, frame_name: "f", is_constant: true, parallel_iterations: 10}
              merge = Merge(enter, next) {T: float32, N: 2}
              axis = Const() {dtype: int32, value: int32[1] {0}}
              axes = Enter(axis) {T: int32, frame_name: "f", is_constant: true, parallel_iterations: 10}
              largest = Max(merge, axes) {T: float32, Tidx: int32, keep_dims: false}
              less = Less(largest, limit) {T: float32}
              go = LoopCond(less)
              switch = Switch(merge, go) {T: float32}
              twice = AddV2(switch:1, switch:1) {T: float32}
              next = NextIteration(twice) {T: float32}
              y = Exit(switch) {T: float32}
            }
            """);
        Dictionary<string, Tensor> inputs = new() { ["x"] = Tensor.Wrap(new[] { 1f, -3f }) };
        Assert.Equal([8f, -24f], PiecewiseRun.Run(model, inputs, ["y"])["y"].Span<float>().ToArray());

        // So that a conversion is compared with its original.
        ConvertResult converted = model.Convert(new ConvertOptions { Outputs = ["y"] });
        ConvertCheck check = ConvertCheck.Run(converted, converted.Model, inputs, 0, ConvertCheck.Tolerance);
        Assert.Null(check.NotRun);
        Assert.Equal("y", Assert.Single(check.Outputs).Name);
    }

    private static Model Chain(bool stateful)
    {
        var model = new Model();
        var type = new AttributeMap { { "T", DType.Float32 } };
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", new Shape(-1, Units) } });
        for (int i = 0; i < Layers; i++)
        {
            var random = new Random(i);
            Node weights = model.Graph.AddConst($"layer_{i}/weights", Tensor.Wrap([.. Enumerable.Range(0, Units * Units).Select(_ => (random.NextSingle() - 0.5f) / 16)], new Shape(Units, Units)));
            Node read = model.Graph.Add($"layer_{i}/read", "Identity", [weights], type.Clone());
            x = model.Graph.Add($"layer_{i}", "MatMul", [x, read], new AttributeMap { { "T", DType.Float32 }, { "transpose_a", false }, { "transpose_b", false } });
            model.Graph.Add($"layer_{i}/side", "Abs", [x], type.Clone());
        }

        if (stateful)
        {
            Node variable = model.Graph.Add("variable", "VariableV2", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", Shape.Scalar }, { "container", "" }, { "shared_name", "" } });
            Node assign = model.Graph.Add("assign", "Assign", [variable, model.Graph.AddConst("three", Tensor.Scalar(3f))], new AttributeMap { { "T", DType.Float32 }, { "validate_shape", true }, { "use_locking", true } });
            Node sum = model.Graph.Add("sum", "Sum", [x, model.Graph.AddConst("axes", Tensor.Wrap([0, 1]))], new AttributeMap { { "T", DType.Float32 }, { "Tidx", DType.Int32 }, { "keep_dims", false } });
            model.Graph.Add("counted", "AddV2", [assign, sum], type.Clone());
        }

        return model;
    }
}
