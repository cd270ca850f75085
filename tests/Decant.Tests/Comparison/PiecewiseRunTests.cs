using Decant.Comparison;
using Decant.IR;

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
        using Model converted = model.Convert(new Decant.Lowering.ConvertOptions { Outputs = ["layer_9"] }).Model;
        Dictionary<string, Tensor> inputs = new() { ["x"] = Tensor.Wrap([.. Enumerable.Range(0, Units).Select(i => i % 5 / 8f)], new Shape(1, Units)) };
        ReadOnlySpan<float> expected = PiecewiseRun.Run(model, inputs, ["layer_9"])["layer_9"].Span<float>(), found = PiecewiseRun.Run(converted, inputs, ["layer_9"])["layer_9"].Span<float>();
        for (int i = 0; i < Units; i++)
            Assert.Equal(expected[i], found[i], 1e-4f);
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
