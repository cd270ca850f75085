using System.Globalization;
using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.Quantizing;
using Decant.Quantizing.Calibration;
using Decant.Tests.Formats;
using Decant.TestKit;

namespace Decant.Tests.Lowering;

/// <summary>Loops that are an LSTM become one operator, in all forms that TensorFlow and Keras write, and others stay loops; the values stay.</summary>
public sealed class LstmLoopTests
{
    private const int Batch = 2, Time = 5, Inputs = 3, Units = 4;

    /// <summary>float32 sums in another order, through five steps.</summary>
    private const double Tolerance = 1e-5;

    /// <summary>Of probabilities, with weights of 7 bits in a hundred steps.</summary>
    private const double DynamicTolerance = 0.1;

    private const string Keras = """
          xw = MatMul(x, w) {T: float32}
          hu = MatMul(h, u) {T: float32}
          sum = AddV2(xw, hu) {T: float32}
          z = BiasAdd(sum, b) {T: float32}
          s = Split(one, z) {T: float32, num_split: 4}
          i = Sigmoid(s) {T: float32}
          f = Sigmoid(s:1) {T: float32}
          g = Tanh(s:2) {T: float32}
          o = Sigmoid(s:3) {T: float32}
        """;

    // TensorFlow 1's BasicLSTMCell: gates i, g, f, o, and a forget bias.
    private const string Basic = """
          both = ConcatV2(x, h, one) {T: float32, N: 2, Tidx: int32}
          wu = ConcatV2(w, u, zero) {T: float32, N: 2, Tidx: int32}
          product = MatMul(both, wu) {T: float32}
          z = BiasAdd(product, b) {T: float32}
          s = Split(one, z) {T: float32, num_split: 4}
          i = Sigmoid(s) {T: float32}
          g = Tanh(s:1) {T: float32}
          bias = Const() {dtype: float32, value: float32[] {1}}
          biased = AddV2(s:2, bias) {T: float32}
          f = Sigmoid(biased) {T: float32}
          o = Sigmoid(s:3) {T: float32}
        """;

    // TensorFlow 1's LSTMCell with use_peepholes: the output gate looks at the new state of the cells.
    private const string Peepholes = """
          both = ConcatV2(x, h, one) {T: float32, N: 2, Tidx: int32}
          wu = ConcatV2(w, u, zero) {T: float32, N: 2, Tidx: int32}
          product = MatMul(both, wu) {T: float32}
          z = BiasAdd(product, b) {T: float32}
          s = Split(one, z) {T: float32, num_split: 4}
          pi = Const() {dtype: float32, value: float32[4] {0.5, -0.25, 0.75, -1}}
          pf = Const() {dtype: float32, value: float32[4] {-0.5, 1, 0.25, 0.125}}
          po = Const() {dtype: float32, value: float32[4] {1, 0.5, -0.75, 0.25}}
          ci = Mul(pi, c) {T: float32}
          zi = AddV2(s, ci) {T: float32}
          i = Sigmoid(zi) {T: float32}
          g = Tanh(s:1) {T: float32}
          bias = Const() {dtype: float32, value: float32[] {1}}
          biased = AddV2(s:2, bias) {T: float32}
          cf = Mul(pf, c) {T: float32}
          zf = AddV2(biased, cf) {T: float32}
          f = Sigmoid(zf) {T: float32}
          co = Mul(po, c2) {T: float32}
          zo = AddV2(s:3, co) {T: float32}
          o = Sigmoid(zo) {T: float32}
        """;

    public static TheoryData<string, string, bool, bool> Loops => new()
    {
        // The gates; the node that is the output; whether batches come first; whether the LSTM is fused.
        { Keras, "stacked", true, true },
        { Keras, "last", true, true },
        { Keras, "stacked", false, true },
        { Basic, "stacked", false, true },
        { Basic, "last", true, true },
        { Peepholes, "stacked", false, true },
        { Peepholes, "last", true, true },
        { Peepholes.Replace("Mul(po, c2)", "Mul(po, c)", StringComparison.Ordinal), "stacked", true, false },
        { Keras, "cell", true, false },
        { Keras.Replace("o = Sigmoid", "o = Tanh", StringComparison.Ordinal), "stacked", true, false },
    };

    [Theory]
    [MemberData(nameof(Loops))]
    public void A_loop_gives_the_same_as_one_operator_where_it_is_an_lstm(string gates, string output, bool batchFirst, bool isFused)
    {
        using Model model = Parse(gates, batchFirst, "shape[2, 5, 3]");
        Model converted = Converted(model, output, new ConvertOptions { FuseLstm = true }, batchFirst ? Batch : Time);
        Assert.Equal(isFused ? [] : ["WHILE"], Operators(converted).Where(o => o == "WHILE"));
        Assert.Equal(isFused ? 1 : 0, Operators(converted).Count(o => o == "UNIDIRECTIONAL_SEQUENCE_LSTM"));
        if (isFused && batchFirst)
            Assert.DoesNotContain("TRANSPOSE", Operators(converted));
    }

    [Fact]
    public void It_stays_a_loop_where_that_is_asked_for_and_where_the_batch_is_open()
    {
        using Model model = Parse(Keras, batchFirst: true, "shape[2, 5, 3]"), open = Parse(Keras, batchFirst: true, "shape[?, 5, 3]");
        Assert.Contains("WHILE", Operators(Converted(model, "stacked", new ConvertOptions(), Batch)));
        Model converted = Converted(open, "stacked", new ConvertOptions { FuseLstm = true }, 7);
        Assert.Contains("WHILE", Operators(converted));
        Assert.Equal(new Shape(-1, Time, Units), converted.Signatures[0].Outputs[0].Shape);

        // Weights are constants of the body, and no variables of the loop.
        Function body = converted.Functions.Values.Single(f => f.Nodes.Any(n => n.Op.Name == "FULLY_CONNECTED"));
        Assert.All(body.Nodes.Where(n => n.Op.Name == "FULLY_CONNECTED"), n => Assert.NotNull(n.Inputs[1].Constant));
    }

    [Theory]
    [InlineData(Keras, "last")]
    [InlineData(Peepholes, "stacked")]
    public void An_lstm_whose_output_is_projected_is_fused(string gates, string output)
    {
        using Model model = Parse(gates, batchFirst: true, "shape[2, 5, 3]", outputs: 2);
        Model converted = Converted(model, output, new ConvertOptions { FuseLstm = true }, Batch);
        Node lstm = Assert.Single(converted.Graph.Nodes, n => n.Op.Name == "UNIDIRECTIONAL_SEQUENCE_LSTM");
        Assert.Equal((new Shape(2, Units), new Shape(Batch, 2), new Shape(Batch, Units)), (lstm.Inputs[16].Constant!.Shape, lstm.Inputs[18].Node.Fact(0).Shape, lstm.Inputs[19].Node.Fact(0).Shape));
        Assert.Equal(gates == Peepholes, lstm.Inputs[9].IsPresent);

        // Its projection is too small to be integers, and so all of its weights stay floats.
        Model dynamic = model.Convert(new ConvertOptions { FuseLstm = true, Quantize = QuantizationMode.Dynamic, Outputs = [output] }).Model;
        Assert.Equal(DType.Float32, dynamic.Graph.Nodes.Single(n => n.Op.Name == "UNIDIRECTIONAL_SEQUENCE_LSTM").Inputs[1].Constant!.DType);
    }

    /// <summary>TensorFlow 1's LSTMCell with cell_clip and proj_clip; a clip to [-1, 1] is an operator's own activation.</summary>
    [Theory]
    [InlineData(Keras, 0.3f, 0f, false)]
    [InlineData(Keras, 1f, 0f, false)]
    [InlineData(Keras, 0f, 0.05f, true)]
    [InlineData(Keras, 0.25f, 1f, true)]
    [InlineData(Peepholes, 0.2f, 0f, false)]
    [InlineData(Peepholes, 0.2f, 0.1f, true)]
    public void An_lstm_whose_states_are_clipped_is_fused(string gates, float cell, float projected, bool isProjected)
    {
        using Model model = Parse(gates, batchFirst: true, "shape[2, 5, 3]", outputs: isProjected ? 2 : 0, cellClip: cell, projectionClip: projected);
        Model converted = Converted(model, "stacked", new ConvertOptions { FuseLstm = true }, Batch);
        Node lstm = Assert.Single(converted.Graph.Nodes, n => n.Op.Name == "UNIDIRECTIONAL_SEQUENCE_LSTM");
        Assert.Equal((cell, projected), (((FloatAttr)lstm.Attributes["cell_clip"]!).Value, ((FloatAttr)lstm.Attributes["proj_clip"]!).Value));

        // What is clipped is what comes out: without the clips the values are others.
        using Model free = Parse(gates, batchFirst: true, "shape[2, 5, 3]", outputs: isProjected ? 2 : 0);
        Dictionary<string, Tensor> inputs = new() { ["input"] = Random(new Random(5), Batch, Time, Inputs) };
        using Session clipped = new(model), unclipped = new(free);
        bool isSame = clipped.Run(inputs, ["stacked"])["stacked"].Data.Span.SequenceEqual(unclipped.Run(inputs, ["stacked"])["stacked"].Data.Span);
        Assert.Equal(cell is 0 or 1 && projected is 0 or 1, isSame);
    }

    [Theory]
    [InlineData("low = Const() {dtype: float32, value: float32[] {-0.25}}", "low = Const() {dtype: float32, value: float32[] {-0.5}}")]
    [InlineData("tc = Tanh(c2)", "tc = Tanh(raw)")]
    public void A_clip_that_the_operator_has_not_keeps_the_loop(string part, string instead)
    {
        using Model model = Parse(Keras, batchFirst: true, "shape[2, 5, 3]", part: part, instead: instead, cellClip: 0.25f);
        Assert.Contains("WHILE", Operators(Converted(model, "stacked", new ConvertOptions { FuseLstm = true }, Batch)));
    }

    [Theory]
    [InlineData("h2 = Mul(o, tc) {T: float32}", "new = Mul(o, tc) {T: float32}\nkeep = Const() {dtype: bool, value: bool[2, 1] {true, false}}\nh2 = SelectV2(keep, new, h) {T: float32}", "shape[2, 5, 3]", "stacked", "mask")]
    [InlineData("o = Sigmoid", "o = Tanh", "shape[2, 5, 3]", "stacked", "none of an LSTM")]
    [InlineData("", "", "shape[2, 5, 3]", "cell", "behind it")]
    [InlineData("", "", "shape[?, 5, 3]", "stacked", "batch")]
    public void A_loop_that_stays_one_is_told_with_the_reason(string part, string instead, string shape, string output, string reason)
    {
        using Model model = Parse(Keras, batchFirst: true, shape, part: part, instead: instead);
        ConvertResult result = model.Convert(new ConvertOptions { FuseLstm = true, Outputs = [output] });
        Assert.Contains(reason, Assert.Single(result.KeptLoops).Reason, StringComparison.Ordinal);
        Assert.Empty(model.Convert(new ConvertOptions { Outputs = [output] }).KeptLoops);
    }

    [Fact]
    public void With_int16_activations_a_loop_stays_and_is_told()
    {
        using Model model = Parse(Keras, batchFirst: true, "shape[2, 5, 3]");
        var set = CalibrationSet.Of([.. Enumerable.Range(0, 3).Select(i => new Dictionary<string, Tensor> { ["input"] = Random(new Random(i), Batch, Time, Inputs) })]);
        var options = new ConvertOptions { FuseLstm = true, Outputs = ["stacked"], Quantize = QuantizationMode.Int16, Integers = new IntegerOptions { Calibration = set } };
        ConvertResult result = model.Convert(options);
        Assert.Contains("int16", Assert.Single(result.KeptLoops).Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("UNIDIRECTIONAL_SEQUENCE_LSTM", Operators(result.Model));
        Assert.Empty(model.Convert(options with { Quantize = QuantizationMode.Int8 }).KeptLoops);
    }

    [Fact]
    public void A_batch_that_is_given_fuses_the_loop()
    {
        using Model open = Parse(Keras, batchFirst: true, "shape[?, 5, 3]");
        Model converted = Converted(open, "stacked", new ConvertOptions { FuseLstm = true, InputShapes = new Dictionary<string, Shape> { ["input"] = new Shape(Batch, Time, Inputs) } }, Batch);
        Assert.Contains("UNIDIRECTIONAL_SEQUENCE_LSTM", Operators(converted));
        Assert.Equal(new Shape(Batch, Time, Units), converted.Signatures[0].Outputs[0].Shape);
    }

    [SharedFact]
    public void The_layers_of_a_keras_file_are_fused_one_behind_the_other()
    {
        using Model model = Model.Load(SharedData.Path("data/keras-zip/ner-lstm/model.keras"));
        Model converted = model.Convert(new ConvertOptions { FuseLstm = true, InputShapes = new Dictionary<string, Shape> { ["input_layer_4"] = new Shape(1, 100) } }).Model;
        Assert.Equal(2, Operators(converted).Count(o => o == "UNIDIRECTIONAL_SEQUENCE_LSTM"));
        Assert.Empty(converted.Functions);
        Assert.Equal(new Shape(1, 100, 17), converted.Signatures[0].Outputs[0].Shape);
        var random = new Random(3);
        Dictionary<string, Tensor> inputs = new() { ["input_layer_4"] = Tensor.Wrap([.. Enumerable.Range(0, 100).Select(_ => (float)random.Next(3000))], new Shape(1, 100)) };
        Agree(model, converted, "dense_4", inputs, Tolerance);

        // All weights of an operator are integers, or none.
        Model dynamic = model.Convert(new ConvertOptions { FuseLstm = true, Quantize = QuantizationMode.Dynamic, InputShapes = new Dictionary<string, Shape> { ["input_layer_4"] = new Shape(1, 100) } }).Model;
        Assert.All(dynamic.Graph.Nodes.Where(n => n.Op.Name == "UNIDIRECTIONAL_SEQUENCE_LSTM"), n => Assert.All(n.Inputs.Skip(1).Take(8), w => Assert.Equal(DType.Int8, w.Constant!.DType)));
        Agree(model, dynamic, "dense_4", inputs, DynamicTolerance);

        // With integers too, the state of the cells in 16 bits; the second one's cells grow beyond 64, which the kernel does not take.
        var set = CalibrationSet.Of([.. Enumerable.Range(0, 4).Select(_ => new Dictionary<string, Tensor> { ["input_layer_4"] = Tensor.Wrap([.. Enumerable.Range(0, 100).Select(_ => (float)random.Next(3000))], new Shape(1, 100)) })]);
        Model integers = model.Convert(new ConvertOptions { FuseLstm = true, Quantize = QuantizationMode.Int8, Integers = new IntegerOptions { Calibration = set }, InputShapes = new Dictionary<string, Shape> { ["input_layer_4"] = new Shape(1, 100) } }).Model;
        Assert.Equal(
            [(DType.Int8, DType.Int16), (DType.Float32, DType.Float32)],
            integers.Graph.Nodes.Where(n => n.Op.Name == "UNIDIRECTIONAL_SEQUENCE_LSTM").Select(n => (n.Inputs[18].Node.Facts[0].DType, n.Inputs[19].Node.Facts[0].DType)));
        Agree(model, integers, "dense_4", inputs, DynamicTolerance);
    }

    private static string[] Operators(Model model) => [.. model.Functions.Values.Prepend(model.Graph).SelectMany(f => f.Nodes).Where(n => n.Op.Dialect == Dialect.TFLite).Select(n => n.Op.Name)];

    /// <summary>The model converted, written and read, which gives the same values.</summary>
    private static Model Converted(Model model, string output, ConvertOptions options, int first)
    {
        using var folder = new TemporaryFolder();
        Model converted = model.Convert(options with { Outputs = [output] }).Model;
        converted.Save(folder["m.tflite"], "tflite");
        using Model read = Model.Load(folder["m.tflite"]);
        var random = new Random(5);
        Agree(model, read, output, new() { ["input"] = Random(random, first == Time ? [Time, Batch, Inputs] : [first, Time, Inputs]) }, Tolerance);
        return converted;
    }

    private static void Agree(Model model, Model converted, string output, Dictionary<string, Tensor> inputs, double tolerance)
    {
        using var before = new Session(model);
        using var after = new Session(converted);
        Tensor expected = before.Run(inputs, [output])[output], actual = after.Run(inputs, [output])[output];
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.All(expected.Span<float>().ToArray().Zip(actual.Span<float>().ToArray()), p => Assert.Equal(p.First, p.Second, tolerance));
    }

    /// <summary>A loop as TensorFlow 2 writes it: the elements of a list go in, h and c are handed on, h is written to another list.</summary>
    private static Model Parse(string gates, bool batchFirst, string shape, int outputs = 0, string part = "", string instead = "", float cellClip = 0, float projectionClip = 0)
    {
        bool isProjected = outputs > 0;
        outputs = isProjected ? outputs : Units;
        string swap(string name, string from) => batchFirst ? $"{name} = Transpose({from}, swap) {{T: float32, Tperm: int32}}" : $"{name} = Identity({from}) {{T: float32}}";
        string Clipped(string name, string of, string last, float bound) => bound <= 0 ? ""
            : string.Create(CultureInfo.InvariantCulture, $"{last}low = Const() {{dtype: float32, value: float32[] {{{-bound}}}}}\n{last}high = Const() {{dtype: float32, value: float32[] {{{bound}}}}}\n{last}most = Minimum({of}, {last}high) {{T: float32}}\n{name} = Maximum({last}most, {last}low) {{T: float32}}");
        var random = new Random(11);
        string text = $$$"""
            graph {
              input = Placeholder() {dtype: float32, shape: {{{(batchFirst ? shape : "shape[5, 2, 3]")}}}}
              swap = Const() {dtype: int32, value: int32[3] {1, 0, 2}}
              zero = Const() {dtype: int32, value: int32[] {0}}
              one = Const() {dtype: int32, value: int32[] {1}}
              steps = Const() {dtype: int32, value: int32[] {5}}
              units = Const() {dtype: int32, value: int32[] {4}}
              width = Const() {dtype: int32, value: int32[] {{{{outputs}}}}}
              first = Const() {dtype: int32, value: int32[1] {1}}
              second = Const() {dtype: int32, value: int32[1] {2}}
              {{{swap("xs", "input")}}}
              shape = Shape(xs) {T: float32, out_type: int32}
              batch = StridedSlice(shape, first, second, first) {T: int32, Index: int32, begin_mask: 0, end_mask: 0, ellipsis_mask: 0, new_axis_mask: 0, shrink_axis_mask: 1}
              sizes = Pack(batch, units) {T: int32, N: 2, axis: 0}
              nothing = Const() {dtype: float32, value: float32[] {0}}
              state = Fill(sizes, nothing) {T: float32, index_type: int32}
              hsizes = Pack(batch, width) {T: int32, N: 2, axis: 0}
              hstate = Fill(hsizes, nothing) {T: float32, index_type: int32}
              open = Const() {dtype: int32, value: int32[2] {-1, {{{outputs}}}}}
              element = Const() {dtype: int32, value: int32[2] {-1, 3}}
              items = TensorListFromTensor(xs, element) {element_dtype: float32, shape_type: int32}
              list = TensorListReserve(open, steps) {element_dtype: float32, shape_type: int32}
              w = Const() {dtype: float32, value: {{{Values(random, Inputs, 4 * Units)}}}}
              u = Const() {dtype: float32, value: {{{Values(random, outputs, 4 * Units)}}}}
              b = Const() {dtype: float32, value: {{{Values(random, 4 * Units)}}}}
              loop = StatelessWhile(zero, steps, hstate, state, list, items, w, u, b) {T: [int32, int32, float32, float32, variant, variant, float32, float32, float32], cond: @cond, body: @body, output_shapes: [shape[], shape[], shape[?, {{{outputs}}}], shape[?, 4], shape[], shape[], shape[3, 16], shape[{{{outputs}}}, 16], shape[16]], parallel_iterations: 32}
              all = TensorListStack(loop:4, open) {element_dtype: float32, num_elements: 5}
              {{{swap("stacked", "all")}}}
              last = Identity(loop:2) {T: float32}
              cell = Identity(loop:3) {T: float32}
            }

            function cond(t: int32, n: int32, h: float32, c: float32, list: variant, items: variant, w: float32, u: float32, b: float32) returns (go: bool = go) {
              go = Less(t, n) {T: int32}
            }

            function body(t: int32, n: int32, h: float32, c: float32, list: variant, items: variant, w: float32, u: float32, b: float32) returns (t2: int32 = t2, n2: int32 = n, h2: float32 = h2, c2: float32 = c2, list2: variant = list2, items2: variant = items, w2: float32 = w, u2: float32 = u, b2: float32 = b) {
              zero = Const() {dtype: int32, value: int32[] {0}}
              one = Const() {dtype: int32, value: int32[] {1}}
              element = Const() {dtype: int32, value: int32[2] {-1, 3}}
              x = TensorListGetItem(items, t, element) {element_dtype: float32}
              {{{gates}}}
              fc = Mul(f, c) {T: float32}
              ig = Mul(i, g) {T: float32}
              {{{(cellClip > 0 ? "raw" : "c2")}}} = AddV2(fc, ig) {T: float32}
              {{{Clipped("c2", "raw", "", cellClip)}}}
              tc = Tanh(c2) {T: float32}
              {{{(isProjected ? $"m = Mul(o, tc) {{T: float32}}\nprojection = Const() {{dtype: float32, value: {Values(random, Units, outputs)}}}\n{(projectionClip > 0 ? "p" : "h2")} = MatMul(m, projection) {{T: float32}}\n{Clipped("h2", "p", "p", projectionClip)}" : "h2 = Mul(o, tc) {T: float32}")}}}
              list2 = TensorListSetItem(list, t, h2) {element_dtype: float32}
              t2 = AddV2(t, one) {T: int32}
            }
            """;
        return GraphParser.Parse(part.Length == 0 ? text : text.Replace(part, instead, StringComparison.Ordinal));
    }

    private static string Values(Random random, params long[] shape) => $"float32[{string.Join(',', shape)}] {{{string.Join(", ", Random(random, shape).Span<float>().ToArray().Select(v => v.ToString("R", CultureInfo.InvariantCulture)))}}}";

    private static Tensor Random(Random random, params long[] shape)
    {
        var of = new Shape(shape);
        return Tensor.Wrap([.. Enumerable.Range(0, (int)of.ElementCount).Select(_ => (2 * random.NextSingle()) - 1)], of);
    }
}
