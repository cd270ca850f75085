using Decant.Comparison;
using Decant.IR;
using Decant.Lowering;
using Decant.Quantizing;
using Decant.TestKit;
using Decant.Tests.Formats;

namespace Decant.Tests.Lowering.Raising;

public sealed class TFLiteRaiserTests
{
    /// <summary>float64 and float16 are computed as float32.</summary>
    private const double RelativeTolerance = 1e-4, AbsoluteTolerance = 1e-5;

    /// <summary>What gives another type: halves become float32.</summary>
    private static readonly string[] Halves = ["dtype_tests/add/float16_rank0_1", "dtype_tests/add/float16_rank2", "dtype_tests/add/half_rank0_1"];

    [SharedFact]
    public void Golden_graphs_come_back_from_TensorFlow_Lite()
    {
        List<string> faults = [];
        int right = 0;
        foreach (string name in GoldenCases.Deterministic.Except(Halves))
        {
            Model? lite = null;
            try
            {
                string? fault = GoldenCases.Run(name, change: (model, inputs, outputs) =>
                {
                    lite = model.Convert(new ConvertOptions { Inputs = inputs, Outputs = outputs, AllowSelectOps = true }).Model;
                    return lite.ToTensorFlow();
                }, relative: RelativeTolerance, absolute: AbsoluteTolerance);
                if (fault is null)
                    right++;
                else
                    faults.Add($"{name}: {fault}");
            }
            catch (ModelException e) when (lite is not null)
            {
                faults.Add($"{name}: {e.Diagnostics[0]}");
            }
            catch (ModelException)
            {
                // It has no form in TensorFlow Lite, which is told elsewhere.
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.True(right > 890, $"{right}");
    }

    internal const string Loop = """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[1,2]}
          w = Const() {dtype: float32, value: float32[2,2] {0.5, -1, 0.25, 0.75}}
          b = Const() {dtype: float32, value: float32[2] {0.125, -0.5}}
          zero = Const() {dtype: int32, value: int32[] {0}}
          loop = StatelessWhile(zero, x, w, b) {T: [int32, float32, float32, float32], cond: @cond, body: @body, output_shapes: [shape[], shape[1, 2], shape[2, 2], shape[2]], parallel_iterations: 10}
          y = Identity(loop:1) {T: float32}
        }
        function cond(t: int32, x: float32, w: float32, b: float32) returns (go: bool = go) {
          three = Const() {dtype: int32, value: int32[] {3}}
          go = Less(t, three) {T: int32}
        }
        function body(t: int32, x: float32, w: float32, b: float32) returns (t2: int32 = t2, x2: float32 = x2, w2: float32 = w, b2: float32 = b) {
          one = Const() {dtype: int32, value: int32[] {1}}
          t2 = AddV2(t, one) {T: int32}
          p = MatMul(x, w) {T: float32}
          a = BiasAdd(p, b) {T: float32}
          x2 = Relu(a) {T: float32}
        }
        """;

    /// <summary>Files of converters before tensors said whether their rank is known.</summary>
    [Fact]
    public void Loops_whose_arguments_have_no_shapes_take_those_of_what_they_are_called_with()
    {
        using Model source = Decant.IR.TextForm.GraphParser.Parse(Loop);
        Model lite = source.Convert(new ConvertOptions { Inputs = ["x"], Outputs = ["y"] }).Model;
        foreach (Node node in lite.Functions.Values.SelectMany(f => f.Nodes).Where(n => n.Op.Name != "Const"))
            node.Tensors = [.. node.Tensors.Select(t => t with { Shape = Shape.Scalar, Signature = Shape.Unknown, HasRank = false })];
        Assert.Contains(lite.Functions.Values.SelectMany(f => f.Nodes), n => n.Op.Name == "FULLY_CONNECTED");
        using Model raised = lite.ToTensorFlow();
        Assert.Equal(Answer(source, "x", "y"), Answer(raised, raised.Signatures[0].Inputs[0].Name, raised.Signatures[0].Outputs[0].Name));
    }

    [Fact]
    public void Fused_products_in_the_functions_of_a_loop_are_written_for_TensorFlow_js_and_read_again()
    {
        using Model source = Decant.IR.TextForm.GraphParser.Parse(Loop);
        using Model lite = source.Convert(new ConvertOptions { Inputs = ["x"], Outputs = ["y"] }).Model;
        using var folder = new TemporaryFolder();
        lite.ConvertToTFJS().Model.Save(folder["model"], "tfjs");
        using Model back = Model.Load(folder["model"]);
        Assert.Contains(back.Functions.Values.SelectMany(f => f.Nodes), n => n.Op == "_FusedMatMul");
        Assert.Equal(Answer(source, "x", "y"), Answer(back, back.Signatures[0].Inputs[0].Name, back.Signatures[0].Outputs[0].Name));
    }

    private static float[] Answer(Model model, string input, string output)
    {
        using var session = new Session(model);
        return session.Run(new Dictionary<string, Tensor> { [input] = Tensor.Wrap(new[] { 0.75f, 1.5f }, new Shape(1, 2)) }, [output])[output].Span<float>().ToArray();
    }

    /// <summary>Damaged files: an input that is left out, and weights of another rank.</summary>
    [Theory]
    [InlineData("STRIDED_SLICE", 2)]
    [InlineData("FULLY_CONNECTED", 1)]
    public void An_input_that_is_missing_or_of_another_rank_is_refused_at_the_operator(string op, int input)
    {
        using Model source = Decant.IR.TextForm.GraphParser.Parse(
            """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[2, 4]}
              w = Const() {dtype: float32, value: float32[4, 2] {1, 2, 3, 4, 5, 6, 7, 8}}
              p = MatMul(x, w) {T: float32, transpose_a: false, transpose_b: false}
              b = Const() {dtype: int32, value: int32[2] {0, 0}}
              e = Const() {dtype: int32, value: int32[2] {2, 2}}
              s = Const() {dtype: int32, value: int32[2] {2, 1}}
              y = StridedSlice(p, b, e, s) {T: float32, Index: int32, begin_mask: 0, end_mask: 0, ellipsis_mask: 0, new_axis_mask: 0, shrink_axis_mask: 0}
            }
            """);
        using Model lite = source.Convert().Model;
        Node node = lite.Graph.Nodes.Single(n => n.Op.Name == op);
        Node other = node.Inputs[input].Node;
        if (op == "STRIDED_SLICE")
            node.Inputs[input] = default;
        else
            (other.Attributes, other.Tensors) = (new AttributeMap { { "value", new TensorAttr(Tensor.Wrap(new float[8])) } }, [other.Tensors[0] with { Shape = new Shape(8) }]);
        var e = Assert.Throws<ModelException>(() => lite.ToTensorFlow());
        Assert.Contains(e.Diagnostics, d => d.Location?.Node == node.Name);
    }

    [Fact]
    public void A_subgraph_that_calls_itself_twice_is_refused_at_once()
    {
        using Model source = Decant.IR.TextForm.GraphParser.Parse("graph { x = Placeholder() {dtype: float32, shape: shape[2]} y = Neg(x) {T: float32} }");
        Model model = source.Convert().Model;
        var called = new Function("again");
        Node argument = called.AddArg(new FunctionArg("a", DType.Float32)), negation = model.Graph.Nodes.Single(n => n.Op.Name == "NEG");
        argument.Tensors = negation.Tensors;
        Node first = Call(called, "first", argument), second = Call(called, "second", first);
        called.Results.Add((new FunctionArg("r", DType.Float32), second));
        model.Functions.Add(called.Name, called);
        (negation.Op, negation.Attributes) = (first.Op, first.Attributes);

        ModelException e = Assert.Throws<ModelException>(() => model.ToTensorFlow());
        Assert.Contains(e.Diagnostics, d => d.Message == "CALL calls the subgraph 'again', which cannot be followed" && d.Location?.Node == "first");

        Node Call(Graph graph, string name, Value operand)
        {
            Node node = graph.Add(name, new OpName(Dialect.TFLite, "CALL"), [operand], new AttributeMap { { "subgraph", new FunctionAttr("again", new()) } });
            node.Tensors = negation.Tensors;
            return node;
        }
    }

    /// <summary>Files, by the end of their names, and what TensorFlow, or TensorFlow.js, has no ops for.</summary>
    private static readonly Dictionary<string, string> Refused = new()
    {
        ["dynamic_string_custom_ops"] = "TensorFlow has no ops for the operators Normalize",
        ["max_unpooling_2d"] = "TensorFlow has no ops for the operators LiteRtMaxUnpooling2D",
        ["max_unpooling_2d_valid"] = "TensorFlow has no ops for the operators LiteRtMaxUnpooling2D",
        ["qwen_fc_blockwise_quantized"] = "has blockwise or custom quantization",
        ["whitespace_tokenizer_flex_delegate"] = "TensorFlow has no ops for the operators FlexWhitespaceTokenizeWithOffsets",
        ["whitespace_tokenizer_to_ragged_1d_input"] = "TensorFlow has no ops for the operators tftext:WhitespaceTokenizer",
        ["whitespace_tokenizer_to_tensor"] = "TensorFlow has no ops for the operators tftext:WhitespaceTokenizer",
    };

    /// <summary>Models that compute with floats are compared with themselves, quantized ones with the graph before it was optimized.</summary>
    [SharedFact]
    public void Models_become_graph_models_of_TensorFlow_js_with_the_same_answers()
    {
        int compared = 0;
        foreach (string file in SharedData.Files("data/tflite", "*.tflite"))
        {
            string name = Path.GetFileNameWithoutExtension(file);
            using Model model = Model.Load(file);
            foreach (string? key in model.Signatures.Select(s => (string?)s.Key).DefaultIfEmpty(null))
            {
                if (Refused.TryGetValue(name, out string? why))
                {
                    ModelException e = Assert.Throws<ModelException>(() => model.ConvertToTFJS(new TFJSConvertOptions { Signature = key }));
                    Assert.Equal((ConvertErrors.UnsupportedOp, why), (e.Diagnostics[0].Code, e.Diagnostics[0].Message));
                    continue;
                }

                ConvertResult result = model.ConvertToTFJS(new TFJSConvertOptions { Signature = key });
                var check = ConvertCheck.Run(result, result.Model, new Dictionary<string, Tensor>(), 1, ConvertCheck.Tolerance);
                Assert.True(check.Passed, $"{name}: {string.Join("; ", check.Outputs)}");
                if (check.NotRun is null && result.Signatures[0].Reference == model)
                    compared++;
            }
        }

        Assert.InRange(compared, 80, 120);
    }

    /// <summary>What integers stand for is computed without their rounding: 8 bits, in each of some layers.</summary>
    [SharedTheory]
    [InlineData("mlperf-tiny-int8/pretrainedResnet_quant.tflite", 0.05)]
    [InlineData("mlperf-tiny-int8/kws_ref_model.tflite", 0.05)]
    [InlineData("micro-person-detect/person_detect.tflite", 0.05)]
    [InlineData("coral-mobilenet-v1-0.25-128-quant/mobilenet_v1_0.25_128_quant.tflite", 0.3)]
    public void A_quantized_model_becomes_one_of_real_numbers(string file, double most)
    {
        using Model model = Model.Load(SharedData.Path($"data/tflite/{file}"));
        using Model raised = model.ToTensorFlow();
        var main = (Function)model.Graph;
        TensorSpec input = main.ArgNodes[0].Tensors[0], output = main.Results[0].Value.Node.Tensors[0];
        Assert.Equal(DType.Float32, raised.Signatures[0].Inputs[0].DType);
        var random = new Random(5);
        // Small numbers: beyond the ranges of the calibration the integers saturate, and the real numbers do not.
        byte[] bytes = [.. Enumerable.Range(0, (int)input.Shape.ElementCount).Select(_ => (byte)Math.Clamp(input.Quantization!.ZeroPoints[0] + random.Next(-12, 12), input.DType == DType.UInt8 ? 0 : -128, input.DType == DType.UInt8 ? 255 : 127))];
        var integers = new Tensor(input.DType, input.Shape, new BufferSlice(bytes));
        using Session whole = new(model), real = new(raised);
        Tensor expected = Quantized.Dequantize(whole.Run(new Dictionary<string, Tensor> { ["0"] = integers }, ["0"])["0"], output.Quantization!);
        Tensor found = real.Run(new Dictionary<string, Tensor> { [raised.Signatures[0].Inputs[0].Name] = Quantized.Dequantize(integers, input.Quantization!) }).Values.Single();
        float largest = expected.Span<float>().ToArray().Max(MathF.Abs);
        Assert.All(expected.Span<float>().ToArray().Zip(found.Span<float>().ToArray()), p => Assert.InRange(Math.Abs(p.First - p.Second), 0, most * largest));
    }
}
