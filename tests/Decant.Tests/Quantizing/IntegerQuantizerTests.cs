using System.Globalization;
using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.Quantizing;
using Decant.Quantizing.Calibration;
using Decant.Tests.Formats;
using Decant.Tests.Lowering.Raising;

namespace Decant.Tests.Quantizing;

/// <summary>What becomes of graphs whose operators compute with integers: grids that hang together, borders, and what stays float.</summary>
public sealed class IntegerQuantizerTests
{
    private const string Joined = """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[?, 4]}
          half = Const() {dtype: float32, value: float32[] {0.5}}
          axis = Const() {dtype: int32, value: int32[] {1}}
          sizes = Const() {dtype: int32, value: int32[2] {-1, 2}}
          a = Mul(x, half) {T: float32}
          b = Sigmoid(x) {T: float32}
          c = ConcatV2(a, b, axis) {T: float32, N: 2, Tidx: int32}
          d = Reshape(c, sizes) {T: float32, Tshape: int32}
          e = Elu(d) {T: float32}
          y = Abs(e) {T: float32}
        }
        """;

    private static readonly Dictionary<string, Tensor>[] Examples = [new() { ["x"] = Tensor.Wrap([-8f, 4, 2, 1], new Shape(1, 4)) }, new() { ["x"] = Tensor.Wrap([0f, 8, 1, 1, 3, 2, 1, 0], new Shape(2, 4)) }];

    private static readonly IntegerOptions Calibrated = new() { Calibration = CalibrationSet.Of(Examples) };

    [Fact]
    public void What_is_joined_has_one_grid_what_has_a_grid_of_its_own_is_requantized_and_what_has_no_kernel_stays_float()
    {
        using Model model = GraphParser.Parse(Joined);
        Model converted = model.Convert(new ConvertOptions { Quantize = QuantizationMode.Int8, Outputs = ["y"], Integers = Calibrated }).Model;
        Assert.Equal(["QUANTIZE", "MUL", "LOGISTIC", "QUANTIZE", "CONCATENATION", "RESHAPE", "DEQUANTIZE", "ELU", "QUANTIZE", "ABS", "DEQUANTIZE"], converted.Graph.Nodes.Where(n => n.Op.Dialect == Dialect.TFLite).Select(n => n.Op.Name));
        Quantization Of(string op) => converted.Graph.Nodes.First(n => n.Op.Name == op).Fact(0).Quantization!;
        Assert.Equal((1f / 256, -128L), (Of("LOGISTIC").Scales[0], Of("LOGISTIC").ZeroPoints[0]));

        // The concatenation holds x / 2, from -4 to 4.
        Assert.Equal(8f / 255, Of("CONCATENATION").Scales[0], 1e-7f);
        Assert.Equal(Of("CONCATENATION"), Of("MUL"), (a, b) => a.Scales[0] == b.Scales[0] && a.ZeroPoints[0] == b.ZeroPoints[0]);
        Assert.Equal(Of("CONCATENATION").Scales, Of("RESHAPE").Scales);
        Assert.Equal(16f / 255, Of("QUANTIZE").Scales[0], 1e-7f);
        Assert.Equal(("y", DType.Float32), (converted.Signatures[0].Outputs[0].Tensor, converted.Signatures[0].Outputs[0].DType));
    }

    [Theory]
    [InlineData(QuantizationMode.Int8)]
    [InlineData(QuantizationMode.Int16)]
    [InlineData(QuantizationMode.Float16)]
    public void A_float_model_of_tensorflow_lite_is_quantized_as_the_one_it_was_made_of(QuantizationMode mode)
    {
        using var folder = new TemporaryFolder();
        using Model model = GraphParser.Parse(Joined);
        var options = new ConvertOptions { Quantize = mode, Integers = Calibrated };
        model.Convert(new ConvertOptions { Outputs = ["y"] }).Model.Save(folder["float.tflite"], "tflite");
        using Model plain = Model.Load(folder["float.tflite"]);
        byte[] before = File.ReadAllBytes(folder["float.tflite"]);
        plain.Convert(options).Model.Save(folder["direct.tflite"], "tflite");
        model.Convert(options with { Outputs = ["y"] }).Model.Save(folder["made.tflite"], "tflite");
        using Model direct = Model.Load(folder["direct.tflite"]), made = Model.Load(folder["made.tflite"]);
        Assert.Equal(made.Graph.Nodes.Where(n => n.Op.Dialect == Dialect.TFLite).Select(n => n.Op.Name), direct.Graph.Nodes.Where(n => n.Op.Dialect == Dialect.TFLite).Select(n => n.Op.Name));
        using var one = new Session(made);
        using var other = new Session(direct);
        Assert.Equal(one.Run(Examples[0])["y"].Span<float>().ToArray(), other.Run(Examples[0])["y"].Span<float>().ToArray());
        plain.Save(folder["again.tflite"], "tflite");
        Assert.Equal(before, File.ReadAllBytes(folder["again.tflite"]));
    }

    [Fact]
    public void A_model_of_tensorflow_lite_is_refused_without_a_mode_and_with_parts()
    {
        using Model model = GraphParser.Parse(Joined);
        Model lite = model.Convert(new ConvertOptions { Outputs = ["y"] }).Model;
        Assert.Contains("--quantize", Assert.Throws<ModelException>(() => lite.Convert()).Diagnostics[0].Hint, StringComparison.Ordinal);
        Assert.Contains("as a whole", Assert.Throws<ModelException>(() => lite.Convert(new ConvertOptions { Quantize = QuantizationMode.Dynamic, Outputs = ["a"] })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DType.Int8, QuantizationMode.Int8)]
    [InlineData(DType.UInt8, QuantizationMode.Int8)]
    [InlineData(DType.Int16, QuantizationMode.Int16)]
    public void Inputs_and_outputs_may_be_integers(DType type, QuantizationMode mode)
    {
        using Model model = GraphParser.Parse("graph { x = Placeholder() {dtype: float32, shape: shape[?, 4]} y = Abs(x) {T: float32} }");
        Model converted = model.Convert(new ConvertOptions { Quantize = mode, Integers = Calibrated with { InputType = type, OutputType = type } }).Model;
        Assert.Equal(type, converted.Signatures[0].Inputs[0].DType);
        Assert.Equal(type, converted.Signatures[0].Outputs[0].DType);
        Assert.Equal(type == DType.UInt8 ? ["QUANTIZE", "ABS", "QUANTIZE"] : ["ABS"], converted.Graph.Nodes.Where(n => n.Op.Dialect == Dialect.TFLite).Select(n => n.Op.Name));
        Quantization input = converted.Graph["x"].Fact(0).Quantization!, output = converted.Graph["y"].Fact(0).Quantization!;
        Tensor given = Quantized.Quantize(Examples[0]["x"], type, input);
        using var session = new Session(converted);
        Tensor found = Quantized.Dequantize(session.Run(new Dictionary<string, Tensor> { ["x"] = given })["y"], output);
        Assert.Equal([8f, 4, 2, 1], found.Span<float>().ToArray(), (a, b) => Math.Abs(a - b) <= input.Scales[0] + output.Scales[0]);
    }

    [Fact]
    public void Bodies_of_loops_stay_float_and_the_report_tells_their_operators()
    {
        using Model source = GraphParser.Parse(TFLiteRaiserTests.Loop);
        var set = CalibrationSet.Of([new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(new[] { 0.5f, -1 }, new Shape(1, 2)) }]);
        ConvertResult result = source.Convert(new ConvertOptions { Inputs = ["x"], Outputs = ["y"], Quantize = QuantizationMode.Int8, Integers = new IntegerOptions { Calibration = set } });
        Assert.Contains("WHILE", result.Model.Graph.Nodes.Select(n => n.Op.Name));
        QuantizeReport report = result.Quantization.Values.Single();
        Assert.Equal(["FULLY_CONNECTED"], report.Bodies.Select(b => b.Operator));
        Assert.DoesNotContain("FULLY_CONNECTED", report.Floats.Select(f => f.Operator));
    }

    [Theory]
    [InlineData(QuantizationMode.Int8)]
    [InlineData(QuantizationMode.Int16)]
    public void Weights_in_the_bodies_of_loops_are_int8_but_those_of_operators_that_stay_float(QuantizationMode mode)
    {
        const int Units = 32, Steps = 4;
        var random = new Random(7);
        string Values(int count) => string.Join(", ", Enumerable.Range(0, count).Select(_ => ((random.NextSingle() - 0.5f) / 4).ToString("R", CultureInfo.InvariantCulture)));
        using Model model = GraphParser.Parse($$$"""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[1, {{{Units}}}]}
              zero = Const() {dtype: int32, value: int32[] {0}}
              loop = StatelessWhile(zero, x) {T: [int32, float32], cond: @cond, body: @body, output_shapes: [shape[], shape[1, {{{Units}}}]], parallel_iterations: 10}
              y = Identity(loop:1) {T: float32}
            }
            function cond(t: int32, x: float32) returns (go: bool = go) {
              steps = Const() {dtype: int32, value: int32[] {{{{Steps}}}}}
              go = Less(t, steps) {T: int32}
            }
            function body(t: int32, x: float32) returns (t2: int32 = t2, x2: float32 = x2) {
              one = Const() {dtype: int32, value: int32[] {1}}
              t2 = AddV2(t, one) {T: int32}
              w = Const() {dtype: float32, value: float32[{{{Units}}}, {{{Units}}}] {{{{Values(Units * Units)}}}}}
              p = MatMul(x, w) {T: float32}
              x2 = Tanh(p) {T: float32}
            }
            """);
        Dictionary<string, Tensor> inputs = new() { ["x"] = Tensor.Wrap([.. Enumerable.Range(0, Units).Select(_ => random.NextSingle() - 0.5f)], new Shape(1, Units)) };
        var options = new ConvertOptions { Outputs = ["y"], Quantize = mode, Integers = new IntegerOptions { Calibration = CalibrationSet.Of([inputs]) } };
        ConvertResult result = model.Convert(options);
        Assert.Equal(DType.Int8, Weights(result));
        Assert.Equal(["FULLY_CONNECTED"], result.Quantization.Values.Single().HybridBodies.Select(b => b.Operator));
        Assert.Equal(["FULLY_CONNECTED", "TANH"], result.Quantization.Values.Single().Bodies.Select(b => b.Operator).Order(StringComparer.Ordinal));
        using var folder = new TemporaryFolder();
        result.Model.Save(folder["m.tflite"], "tflite");
        using Model read = Model.Load(folder["m.tflite"]);
        using Session before = new(model), after = new(read);

        // Products of 32 weights of 7 bits, four times.
        const double Tolerance = 0.02;
        Assert.All(before.Run(inputs, ["y"])["y"].Span<float>().ToArray().Zip(after.Run(inputs, ["y"])["y"].Span<float>().ToArray()), p => Assert.Equal(p.First, p.Second, Tolerance));

        ConvertResult kept = model.Convert(options with { Integers = options.Integers with { KeepFloat = ["FULLY_CONNECTED"] } });
        Assert.Equal(DType.Float32, Weights(kept));
        Assert.Empty(kept.Quantization.Values.Single().HybridBodies);

        static DType Weights(ConvertResult result) => result.Model.Functions.Values.SelectMany(f => f.Nodes).Single(n => n.Op.Name == "FULLY_CONNECTED").Inputs[1].Constant!.DType;
    }

    [Fact]
    public void Patterns_of_names_and_kinds_stay_float()
    {
        using Model model = GraphParser.Parse(Joined);
        Model converted = model.Convert(new ConvertOptions { Quantize = QuantizationMode.Int8, Outputs = ["y"], Integers = Calibrated with { KeepFloat = ["a", "log*", "ABS"] } }).Model;
        Assert.DoesNotContain(converted.Graph.Nodes, n => n.Fact(0).Quantization is not null);
    }

    [Fact]
    public void A_model_that_was_trained_with_rounding_needs_no_examples_and_its_ranges_are_used()
    {
        using Model model = GraphParser.Parse(
            """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[1, 4]}
              fx = FakeQuantWithMinMaxArgs(x) {min: -1.0f, max: 1.0f, num_bits: 8, narrow_range: false}
              w = Const() {dtype: float32, value: float32[4, 2] {0.1, -0.2, 0.3, 0.4, -0.5, 0.6, 0.7, 0.8}}
              low = Const() {dtype: float32, value: float32[] {-1.27}}
              high = Const() {dtype: float32, value: float32[] {1.27}}
              fw = FakeQuantWithMinMaxVars(w, low, high) {num_bits: 8, narrow_range: true}
              m = MatMul(fx, fw) {T: float32, transpose_a: false, transpose_b: false}
              r = Relu(m) {T: float32}
              y = FakeQuantWithMinMaxArgs(r) {min: 0.0f, max: 2.0f, num_bits: 8, narrow_range: false}
            }
            """);
        Model converted = model.Convert(new ConvertOptions { Quantize = QuantizationMode.Int8 }).Model;
        Assert.Equal(["QUANTIZE", "FULLY_CONNECTED", "DEQUANTIZE"], converted.Graph.Nodes.Where(n => n.Op.Dialect == Dialect.TFLite).Select(n => n.Op.Name));
        Node product = converted.Graph.Nodes.First(n => n.Op.Name == "FULLY_CONNECTED");
        Assert.Equal(2f / 255, product.Fact(0).Quantization!.Scales[0], 1e-7f);
        Assert.Equal(2f / 255, product.Inputs[0].Node.Fact(0).Quantization!.Scales[0], 1e-7f);

        // No weight changes: each channel gets a step of which all are multiples.
        IReadOnlyList<float> steps = product.Inputs[1].Node.Fact(0).Quantization!.Scales;
        Assert.Equal([0.1f, 0.3f, -0.5f, 0.7f, -0.2f, 0.4f, 0.6f, 0.8f], product.Inputs[1].Constant!.Span<sbyte>().ToArray().Select((q, i) => q * steps[i / 4]), (a, b) => Math.Abs(a - b) < 1e-5);
        using Session trained = new(model), integers = new(converted);
        var feeds = new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([0.5f, -0.25f, 1, 0.75f], new Shape(1, 4)) };
        Assert.Equal(trained.Run(feeds)["y"].Span<float>().ToArray(), integers.Run(feeds)["y"].Span<float>().ToArray(), (a, b) => Math.Abs(a - b) <= 2.01f / 255);
    }

    [Fact]
    public void Ranges_that_nothing_tells_can_be_given_for_all()
    {
        using Model model = GraphParser.Parse("graph { x = Placeholder() {dtype: float32, shape: shape[?, 4]} y = Abs(x) {T: float32} }");
        Model converted = model.Convert(new ConvertOptions { Quantize = QuantizationMode.Int8, Integers = new IntegerOptions { DefaultRange = new ValueRange(0, 6) } }).Model;
        Assert.Equal(6f / 255, converted.Graph.Nodes.First(n => n.Op.Name == "ABS").Fact(0).Quantization!.Scales[0]);
    }

    [Fact]
    public void The_same_set_gives_the_same_model_and_open_sizes_stay_open()
    {
        byte[] Written()
        {
            using Model model = GraphParser.Parse(Joined);
            string path = Path.GetTempFileName();
            Model converted = model.Convert(new ConvertOptions { Quantize = QuantizationMode.Int8, Outputs = ["y"], Integers = Calibrated with { Ranges = RangeMethod.MeanSquaredError } }).Model;
            Assert.Equal(new Shape(-1, 2), converted.Signatures[0].Outputs[0].Shape);
            converted.Save(path, "tflite");
            byte[] bytes = File.ReadAllBytes(path);
            File.Delete(path);
            return bytes;
        }

        Assert.Equal(Written(), Written());
    }

    [Theory]
    [InlineData("the ranges of activations are not known: the model has no FakeQuant ops, and there are no examples")]
    [InlineData("inputs of int16 are asked for, and a model with int8 activations has float32, int8, uint8")]
    [InlineData("outputs of uint8 are asked for, and a model with int16 activations has float32, int16")]
    public void What_is_missing_or_does_not_fit_is_told(string expected)
    {
        using Model model = GraphParser.Parse(Joined);
        ModelException e = Assert.Throws<ModelException>(() => model.Convert(expected[0] switch
        {
            't' => new ConvertOptions { Quantize = QuantizationMode.Int8, Outputs = ["y"] },
            'i' => new ConvertOptions { Quantize = QuantizationMode.Int8, Outputs = ["y"], Integers = Calibrated with { InputType = DType.Int16 } },
            _ => new ConvertOptions { Quantize = QuantizationMode.Int16, Outputs = ["y"], Integers = Calibrated with { OutputType = DType.UInt8 } },
        }));
        Assert.Equal(QuantizeErrors.CannotQuantize, e.Diagnostics[0].Code);
        Assert.Equal(expected, e.Diagnostics[0].Message);
    }

    [Fact]
    public void An_example_that_does_not_fit_names_the_input_and_both_shapes()
    {
        using Model model = GraphParser.Parse(Joined);
        ModelException e = Assert.Throws<ModelException>(() => model.Convert(new ConvertOptions
        {
            Quantize = QuantizationMode.Int8,
            Outputs = ["y"],
            Integers = new IntegerOptions { Calibration = CalibrationSet.Of([new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([1f, 2f], new Shape(1, 2)) }]) },
        }));
        Assert.Equal(("the input 'x' is float32[?,4], and float32[1,2] was found for it", "example 0"), (e.Diagnostics[0].Message, e.Diagnostics[0].Location!.File));
    }
}
