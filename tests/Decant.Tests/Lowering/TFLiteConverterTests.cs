using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.Quantizing;
using Decant.Tests.Formats;
using Decant.Wire.FlatBuffers;

namespace Decant.Tests.Lowering;

/// <summary>What a conversion makes of a graph, and what it refuses.</summary>
public sealed class TFLiteConverterTests
{
    [Fact]
    public void A_dimension_that_TensorFlow_Lite_has_no_number_for_is_refused()
    {
        using var folder = new TemporaryFolder();
        using Model model = GraphParser.Parse("graph { x = Placeholder() {dtype: float32, shape: shape[2147483648]} y = Neg(x) {T: float32} }");
        ModelException e = Assert.Throws<ModelException>(() => model.Convert().Model.Save(folder["m.tflite"], "tflite"));
        Assert.Contains("dimensions up to 2147483647", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["m.tflite"]));
    }

    private const string Two = """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[?, 2]}
          s = SplitV(x, sizes, axis) {T: float32, Tlen: int32, num_split: 2}
          sizes = Const() {dtype: int32, value: int32[2] {1, 1}}
          axis = Const() {dtype: int32, value: int32[] {1}}
          y = Neg(s:1) {T: float32}
        }
        """;

    [Fact]
    public void Names_of_outputs_are_kept_with_their_ports_and_open_sizes_stay_open()
    {
        using Model model = GraphParser.Parse(Two);
        Model converted = model.Convert(new ConvertOptions { Inputs = ["x"], Outputs = ["s:1", "y"] }).Model;
        Signature signature = Assert.Single(converted.Signatures);
        Assert.Equal(["s:1", "y"], signature.Outputs.Select(o => o.Name));
        Assert.Equal(new Shape(-1, 1), signature.Outputs[1].Shape);
        using var session = new Session(converted);
        IReadOnlyDictionary<string, Tensor> results = session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([1f, 2f, 3f, 4f], new Shape(2, 2)) }, ["s:1", "y"]);
        Assert.Equal([2f, 4f], results["s:1"].Span<float>().ToArray());
        Assert.Equal([-2f, -4f], results["y"].Span<float>().ToArray());
    }

    [Fact]
    public void Outputs_go_by_the_names_of_their_tensors_with_and_without_the_port()
    {
        using var folder = new TemporaryFolder();
        using Model model = GraphParser.Parse(Two);
        model.Signatures.Add(new Signature("serving_default", "", [new SignatureTensor("x:0", "x:0", DType.Float32, new Shape(-1, 2))],
            [new SignatureTensor("second", "s:1", DType.Float32, Shape.Unknown), new SignatureTensor("y:0", "y:0", DType.Float32, Shape.Unknown)]));
        model.Convert().Model.Save(folder["m.tflite"], "tflite");
        using Model converted = Model.Load(folder["m.tflite"]);
        using var session = new Session(converted);
        foreach ((string input, string[] names) in new[] { ("x:0", new[] { "second", "y:0" }), ("x", ["s:1", "y"]) })
        {
            IReadOnlyDictionary<string, Tensor> results = session.Run(new Dictionary<string, Tensor> { [input] = Tensor.Wrap([1f, 2f], new Shape(1, 2)) }, names);
            Assert.Equal([2f], results[names[0]].Span<float>().ToArray());
            Assert.Equal([-2f], results[names[1]].Span<float>().ToArray());
        }
    }

    [Fact]
    public void An_embedded_op_has_the_options_of_the_format_and_is_checked_when_it_is_run()
    {
        using var folder = new TemporaryFolder();
        using Model model = GraphParser.Parse("graph { x = Placeholder() {dtype: float32, shape: shape[2]} y = Igamma(x, x) {T: float32, _class: \"a\"} }");
        model.Convert(new ConvertOptions { AllowSelectOps = true }).Model.Save(folder["m.tflite"], "tflite");
        using Model converted = Model.Load(folder["m.tflite"]);
        Node node = Assert.Single(converted.Graph.Nodes, n => n.Op.ToString() == "tfl.FlexIgamma");
        Assert.Equal(DType.Float32, ((TypeAttr)node.Attributes["T"]!).Value);
        Assert.False(node.Attributes.Contains("_class"));
        Assert.Equal("Igamma"u8.ToArray(), FlexBuffer.Strings(((StringAttr)node.Attributes["custom_options"]!).Bytes.Span)![0]);
        node.Inputs.RemoveAt(1);
        using var session = new Session(converted);
        var e = Assert.Throws<ModelException>(() => session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([2f, 3f]) }));
        Assert.Contains("has 1 inputs, expected 2", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RandomUniform", "RANDOM_UNIFORM")]
    [InlineData("RandomStandardNormal", "RANDOM_STANDARD_NORMAL")]
    public void Random_numbers_keep_their_seeds(string op, string made)
    {
        using Model model = GraphParser.Parse(
            $$$"""
            graph {
              s = Const() {dtype: int32, value: int32[2] {3, 4}}
              y = {{{op}}}(s) {T: int32, dtype: float32, seed: 5, seed2: 6}
            }
            """);
        Model converted = model.Convert().Model;
        Node node = Assert.Single(converted.Graph.Nodes, n => n.Op.Dialect == Dialect.TFLite);
        Assert.Equal((made, 5L, 6L), (node.Op.Name, ((IntAttr)node.Attributes["seed"]!).Value, ((IntAttr)node.Attributes["seed2"]!).Value));
        using var session = new Session(converted);
        Tensor drawn = session.Run(new Dictionary<string, Tensor>())["y"];
        Assert.Equal(new Shape(3, 4), drawn.Shape);
        Assert.True(drawn.Span<float>().ToArray().Distinct().Count() > 1);
    }

    [Fact]
    public void A_variable_without_a_value_is_refused_with_what_to_do()
    {
        using Model model = GraphParser.Parse("graph { v = VariableV2() {dtype: float32, shape: shape[2]} one = Const() {dtype: float32, value: float32[2] {1, 1}} y = AssignAdd(v, one) {T: float32} }");
        var e = Assert.Throws<ModelException>(() => model.Convert(new ConvertOptions { Outputs = ["y"] }));
        Assert.Contains(e.Diagnostics, d => d.Message == "VariableV2 is a variable, and nothing tells its value" && d.Hint!.Contains("--checkpoint", StringComparison.Ordinal));
    }

    [Fact]
    public void An_output_of_an_op_that_gives_none_is_refused_with_what_to_do()
    {
        using Model model = GraphParser.Parse("graph { x = Placeholder() {dtype: bool, shape: shape[]} checked = Assert(x, x) {T: [bool]} }");
        var e = Assert.Throws<ModelException>(() => model.Convert(new ConvertOptions { Outputs = ["checked"] }));
        Assert.Contains(e.Diagnostics, d => d.Message == "output 0 of NoOp has no form in TensorFlow Lite" && d.Location?.Node == "checked" && d.Hint!.Contains("--outputs", StringComparison.Ordinal));
    }

    [Fact]
    public void Float64_is_computed_as_float32_between_conversions()
    {
        using Model model = GraphParser.Parse("graph { x = Placeholder() {dtype: float64, shape: shape[2]} a = Neg(x) {T: float64} y = Exp(a) {T: float64} }");
        Model converted = model.Convert().Model;
        Assert.Equal(["CAST", "NEG", "EXP", "CAST"], converted.Graph.Nodes.Where(n => n.Op.Dialect == Dialect.TFLite).Select(n => n.Op.Name));
        Assert.Equal(DType.Float64, converted.Signatures[0].Outputs[0].DType);
    }

    [Theory]
    [InlineData(QuantizationMode.Float16, "DEQUANTIZE", DType.Float16, 1e-3)]
    [InlineData(QuantizationMode.Dynamic, "FULLY_CONNECTED", DType.Int8, 0.05)]
    public void Weights_are_quantized_for_the_operators_that_take_them(QuantizationMode mode, string reader, DType dtype, double tolerance)
    {
        var random = new Random(7);
        float[] weights = [.. Enumerable.Range(0, 64 * 32).Select(_ => random.NextSingle() - 0.5f)];
        using Model model = GraphParser.Parse("graph { x = Placeholder() {dtype: float32, shape: shape[?, 64]} }");
        Node w = model.Graph.AddConst("w", Tensor.Wrap(weights, new Shape(64, 32)));
        model.Graph.Add("y", "MatMul", [model.Graph["x"], w], new AttributeMap { { "T", DType.Float32 } });
        Model converted = model.Convert(new ConvertOptions { Quantize = mode }).Model;
        Assert.Contains(converted.Graph.Nodes, n => n.Op.Name == reader && n.Inputs.Exists(i => i.Node.Fact(i.Port).DType == dtype));
        float[] x = [.. Enumerable.Range(0, 64).Select(_ => random.NextSingle())];
        var feeds = new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(x, new Shape(1, 64)) };
        using Session original = new(model), quantized = new(converted);
        Assert.All(original.Run(feeds)["y"].Span<float>().ToArray().Zip(quantized.Run(feeds)["y"].Span<float>().ToArray()), p => Assert.InRange(p.Second, p.First - tolerance, p.First + tolerance));
    }

    [Fact]
    public void Biases_and_clamps_go_into_the_operator_before_them()
    {
        using Model model = GraphParser.Parse(
            """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[1, 4, 4, 1]}
              w = Const() {dtype: float32, value: float32[1, 1, 1, 2] {1, 2}}
              b = Const() {dtype: float32, value: float32[2] {3, 4}}
              conv = Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: "SAME"}
              sum = BiasAdd(conv, b) {T: float32}
              y = Relu6(sum) {T: float32}
            }
            """);
        Node node = Assert.Single(model.Convert().Model.Graph.Nodes, n => n.Op.Dialect == Dialect.TFLite);
        Assert.Equal(("y", "CONV_2D", "RELU6"), (node.Name, node.Op.Name, ((StringAttr)node.Attributes["fused_activation_function"]!).Text));
        Assert.Equal([3f, 4f], node.Inputs[2].Constant!.Span<float>().ToArray());
    }

    [Theory]
    [InlineData("named for several signatures")]
    [InlineData("is named twice")]
    [InlineData("the model is one of TensorFlow Lite already")]
    public void What_does_not_fit_is_told(string expected)
    {
        using Model model = GraphParser.Parse(Two);
        var e = Assert.Throws<ModelException>(() => expected switch
        {
            "named for several signatures" => model.Convert(new ConvertOptions { Signatures = ["a", "b"], Inputs = ["x"] }),
            "is named twice" => model.Convert(new ConvertOptions { Inputs = ["x", "x"], Outputs = ["y"] }),
            _ => model.Convert(new ConvertOptions { Outputs = ["y"] }).Model.Convert(),
        });
        Assert.Equal(ConvertErrors.CannotConvert, e.Diagnostics[0].Code);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }
}
