using Decant.Inspection;
using Decant.IR;
using Decant.Tests.Formats;
using Decant.Tests.Lowering.Raising;
using Decant.TestKit;

namespace Decant.Tests.Inspection;

public class ModelInspectorTests
{
    [Fact]
    public void Outputs_that_no_signature_tells_have_the_types_and_shapes_that_follow_from_the_graph()
    {
        using var model = new Model();
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", new Shape(-1, 4) } });
        Node weights = model.Graph.AddConst("w", Tensor.Wrap(new float[12], new Shape(4, 3)));
        Node product = model.Graph.Add("product", "MatMul", [x, weights], new AttributeMap { { "T", DType.Float32 }, { "transpose_a", false }, { "transpose_b", false } });
        model.Graph.Add("probabilities", "Softmax", [product], new AttributeMap { { "T", DType.Float32 } });
        model.Graph.Add("size", "Shape", [product], new AttributeMap { { "T", DType.Float32 }, { "out_type", DType.Int64 } });
        ModelReport report = ModelInspector.Inspect(model);
        Assert.Equal(["probabilities float32[?,3]", "size int64[2]"], report.Outputs.Select(o => $"{o.Name} {o.DType.Name()}{o.Shape}"));
        Assert.Equal(12, report.Macs);
        Assert.Equal(12, report.Parameters);
    }

    [Fact]
    public void The_shards_that_a_model_json_names_count_as_its_bytes()
    {
        using var folder = new TemporaryFolder();
        using (Model made = Decant.IR.TextForm.GraphParser.Parse("graph { x = Placeholder() {dtype: float32, shape: shape[3]} w = Const() {dtype: float32, value: float32[3] {1, 2, 3}} y = Mul(x, w) {T: float32} }"))
            made.Save(folder["web"], "tfjs");
        using Model whole = Model.Load(folder["web"]), named = Model.Load(folder["web/model.json"]);
        Assert.Equal(new FileInfo(folder["web/model.json"]).Length + 12, ModelInspector.Inspect(named).FileBytes);
        Assert.Equal(ModelInspector.Inspect(whole).FileBytes, ModelInspector.Inspect(named).FileBytes);
    }

    [SharedTheory]
    [InlineData("coral-mobilenet-v1-0.25-128-quant/mobilenet_v1_0.25_128_quant.tflite")]
    [InlineData("support-ssd-mobilenet-v1-quant/ssd_mobilenet_v1.tflite")]
    public void Weights_of_8_bits_are_parameters(string file)
    {
        using Model model = Model.Load(SharedData.Path($"data/tflite/{file}"));
        long expected = model.Graph.Nodes.Where(n => n.Op.Name == "Const" && n.Tensors[0] is { Quantization.HasScale: true } or { DType: DType.Float32 }).Sum(n => n.Tensors[0].Shape.ElementCount);
        Assert.True(expected > 400_000, $"{expected}");
        Assert.Equal(expected, ModelInspector.Inspect(model).Parameters);
    }

    /// <summary>For each step: four gates of 4 cells over 3 inputs and 2 outputs, and the projection; in two sequences of three steps.</summary>
    [Fact]
    public void Recurrent_operators_multiply_their_weights_with_each_step()
    {
        using var folder = new TemporaryFolder();
        using Model made = RecurrentRulesTests.Lstm(isTimeMajor: true, hasInputGate: true, hasPeepholes: true, hasProjection: true, "TANH");
        made.Save(folder["m.tflite"], "tflite");
        using Model model = Model.Load(folder["m.tflite"]);
        Assert.Equal(((4 * 4 * (3 + 2)) + (2 * 4)) * 2 * 3, ModelInspector.Inspect(model).Macs);
    }

    /// <summary>The products of each step, and the steps of all sequences.</summary>
    [SharedTheory]
    [InlineData("basic_rnn_test/7c6b2a5fdd5c", (16 * (8 + 16)) * 2)]
    [InlineData("unidirectional_sequence_rnn_test/029957a117bc", (16 * (8 + 16)) * 16 * 2)]
    [InlineData("bidirectional_sequence_lstm_test/00442a3aba36", (2 * 4 * 4 * (2 + 4 + 2)) * 3)]
    [InlineData("svdf_test/2ea555904bd5", ((4 * 3) + (4 * 10)) * 2)]
    public void Recorded_operators_have_the_products_of_their_weights(string file, long macs)
    {
        using Model model = Model.Load(SharedData.Path($"opcases/tflite/{file}.tflite"));
        Assert.Equal(macs, ModelInspector.Inspect(model).Macs);
    }

    [Fact]
    public void What_a_saver_ends_in_is_no_output()
    {
        using var model = new Model();
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 } });
        model.Graph.Add("y", "Relu", [x], new AttributeMap { { "T", DType.Float32 } });
        Node name = model.Graph.AddConst("save/name", Tensor.FromStrings(["model"], Shape.Scalar));
        Node save = model.Graph.Add("save/SaveV2", "SaveV2", [name, name, name, x], new AttributeMap { { "dtypes", new ListAttr { Types = [DType.Float32] } } });
        model.Graph.Add("save/control_dependency", "Identity", [name], new AttributeMap { { "T", DType.String } }).ControlInputs.Add(save);
        Assert.Equal(["y"], ModelInspector.Inspect(model).Outputs.Select(o => o.Name));
    }

    [Fact]
    public void Ops_are_counted_the_most_used_first_and_those_named_that_nothing_knows_or_runs()
    {
        using var model = new Model();
        foreach (string op in (string[])["Zorn", "Relu", "Relu", "Abs", "_FusedConv2D"])
            model.Graph.Add(model.Graph.FreeName("n"), op);
        ModelReport report = ModelInspector.Inspect(model);
        Assert.Equal([new NameCount("Relu", 2), new NameCount("Abs", 1), new NameCount("Zorn", 1), new NameCount("_FusedConv2D", 1)], report.Ops);
        Assert.Equal(["Zorn"], report.UnknownOps);
    }
}
