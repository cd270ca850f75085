using Decant.IR;
using Decant.Passes;

namespace Decant.Tests.Passes.Transforms;

/// <summary>quantize_nodes and fuse_quantized_conv_and_requantize.</summary>
public sealed class QuantizeNodesTests
{
    /// <summary>Values of 8 bits through a few layers: some hundredths of the range.</summary>
    private const double Tolerance = 0.06;

    private const string Net = """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[1,4,4,1]}
          w = Const() {dtype: float32, value: float32[2,2,1,2] {0.5, -0.25, 0.125, 0.5, -0.5, 0.25, 0.75, 0.1} }
          b = Const() {dtype: float32, value: float32[2] {0.1, -0.2} }
          conv = Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: "SAME"}
          bias = BiasAdd(conv, b) {T: float32}
          relu = Relu(bias) {T: float32}
          pool = MaxPool(relu) {T: float32, ksize: [1, 2, 2, 1], strides: [1, 2, 2, 1], padding: "SAME"}
          y = Identity(pool) {T: float32}
        }
        """;

    private static string One(string node, string more = "") => $$"""
        graph {
          x = Placeholder() {dtype: float32, shape: shape[1,4,4,2]}
          z = Placeholder() {dtype: float32, shape: shape[1,4,4,2]}
          {{more}}
          node = {{node}}
          y = Identity(node) {T: float32}
        }
        """;

    [Fact]
    public void A_net_computes_with_8_bit_integers_and_nothing_floats_between()
    {
        Transformed it = Transformed.Run(Net, "quantize_nodes").GivesTheSame(Tolerance);
        Assert.Equal(
            ["Dequantize", "QuantizedBiasAdd", "QuantizedConv2D", "QuantizedMaxPool", "QuantizedRelu"],
            it.Model.Graph.Nodes.Select(n => n.Op.Name).Where(o => o.StartsWith("Quantized", StringComparison.Ordinal) || o == "Dequantize").Order(StringComparer.Ordinal));
        Assert.Equal(2, it.Model.Graph.Nodes.Count(n => n.Op == "Requantize"));
        Assert.Equal(["x", "w", "b"], it.Model.Graph.Nodes.Where(n => n.Op == "QuantizeV2").Select(n => n.Inputs[0].Node.Name).OrderByDescending(n => n, StringComparer.Ordinal));
        Assert.Equal("QuantizeV2", it["conv_eightbit/x/quantize"].Op.Name);
        Assert.Equal("conv/eightbit/requantize", it["bias/eightbit"].Inputs[0].Node.Name);
        Assert.Empty(it.Model.Transform("quantize_nodes", ["x"], ["y"]).Report.Edits);
    }

    [Theory]
    [InlineData("Add(x, z) {T: float32}", "QuantizedAdd", "")]
    [InlineData("AddV2(x, z) {T: float32}", "QuantizedAdd", "")]
    [InlineData("Mul(x, z) {T: float32}", "QuantizedMul", "")]
    [InlineData("Relu6(x) {T: float32}", "QuantizedRelu6", "")]
    [InlineData("AvgPool(x) {T: float32, ksize: [1, 2, 2, 1], strides: [1, 1, 1, 1], padding: \"VALID\"}", "QuantizedAvgPool", "")]
    [InlineData("Concat(c, x, z) {T: float32, N: 2}", "QuantizedConcat", "c = Const() {dtype: int32, value: int32[] {3} }")]
    [InlineData("ConcatV2(x, z, c) {T: float32, N: 2, Tidx: int32}", "QuantizedConcat", "c = Const() {dtype: int32, value: int32[] {1} }")]
    [InlineData("Reshape(x, c) {T: float32, Tshape: int32}", "QuantizedReshape", "c = Const() {dtype: int32, value: int32[2] {4, 8} }")]
    [InlineData("ResizeBilinear(x, c) {T: float32, align_corners: true}", "QuantizedResizeBilinear", "c = Const() {dtype: int32, value: int32[2] {7, 7} }")]
    [InlineData("MatMul(a, b) {T: float32, transpose_b: true}", "QuantizedMatMul", "s = Const() {dtype: int32, value: int32[2] {4, 8} }\n a = Reshape(x, s) {T: float32}\n b = Reshape(z, s) {T: float32}")]
    public void Each_op_has_its_8_bit_form(string node, string op, string more)
    {
        Transformed it = Transformed.Run(One(node, more), "quantize_nodes(ignore_op=Identity)", "x,z").GivesTheSame(Tolerance);
        Assert.Equal(op, it["node/eightbit"].Op.Name);
        Assert.Equal("Dequantize", it["node"].Op.Name);
    }

    [Fact]
    public void A_range_that_training_left_is_used()
    {
        const string Fake = """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[2,4]}
              w = Const() {dtype: float32, value: float32[4,2] {0.5, -0.25, 0.125, 0.5, -0.5, 0.25, 0.75, 0.1} }
              min = Const() {dtype: float32, value: float32[] {-2} }
              max = Const() {dtype: float32, value: float32[] {2} }
              product = MatMul(x, w) {T: float32}
              relu = Relu(product) {T: float32}
              fake = FakeQuantWithMinMaxVars(relu, min, max)
              y = Identity(fake) {T: float32}
            }
            """;
        Transformed it = Transformed.Run(Fake, "quantize_nodes").GivesTheSame(Tolerance);
        Assert.DoesNotContain(it.Model.Graph.Nodes, n => n.Op.Name is "RequantizationRange" or "FakeQuantWithMinMaxVars");
        Assert.Contains("quantize_nodes: fake hoisted", it.Report.Edits);
        Node requantize = it["fake_hoisted_eightbit/requantize"];
        Assert.Equal(["product/eightbit", "product/eightbit", "product/eightbit", "min", "max"], requantize.Inputs.AsSpan().ToArray().Select(v => v.Node.Name));
    }

    [Fact]
    public void Results_that_are_all_negative_are_0_behind_a_relu()
    {
        const string Negative = """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[1,8]}
              b = Const() {dtype: float32, value: float32[8] {-3, -3, -3, -3, -3, -3, -3, -3} }
              sum = BiasAdd(x, b) {T: float32}
              relu = Relu(sum) {T: float32}
              y = Identity(relu) {T: float32}
            }
            """;
        Transformed.Run(Negative, "quantize_nodes").GivesTheSame(0.02);
    }

    [Fact]
    public void A_fallback_range_is_used_for_32_bit_results()
    {
        Transformed it = Transformed.Run(Net, "quantize_nodes(fallback_min=-4, fallback_max=4)").GivesTheSame(Tolerance);
        Assert.DoesNotContain(it.Model.Graph.Nodes, n => n.Op == "RequantizationRange");
        Assert.Contains(it.Model.Graph.Nodes, n => n.Name == "conv/eightbit/fallback_min");
    }

    [Fact]
    public void Placeholders_become_8_bit_ones_of_the_range_that_is_given()
    {
        Transformed it = Transformed.Run(Net, "quantize_nodes(input_min=-1, input_max=1)");
        Assert.Equal(DType.QUInt8, ((TypeAttr)it["x"].Attributes["dtype"]!).Value);
        Assert.Equal("x", it["conv/eightbit"].Inputs[0].Node.Name);
        Assert.Equal("x_eightbit/min", it["conv/eightbit"].Inputs[2].Node.Name);
    }

    [Fact]
    public void What_has_no_8_bit_form_stays()
    {
        Transformed.IsDeclined(One("Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\", dilations: [1, 2, 2, 1]}", "w = Const() {dtype: float32, value: float32[1,1,2,1] {1, 2} }"), "quantize_nodes", "has dilations", "x,z");
        Transformed.IsDeclined(One("Add(x, c) {T: float32}", "c = Const() {dtype: float32, value: float32[4,1] {1, 2, 3, 4} }"), "quantize_nodes", "broadcasts in a way that QuantizedAdd does not", "x,z");
        Transformed.IsDeclined(One("MaxPool(x) {T: float32, ksize: [1, 1, 2, 2], strides: [1, 1, 1, 1], padding: \"VALID\", data_format: \"NCHW\"}"), "quantize_nodes", "has the data format NCHW", "x,z");
        Assert.Empty(Transformed.Run(One("Add(x, z) {T: float32}"), "quantize_nodes(ignore_op=Add)", "x,z").Report.Edits);
        Transformed.Fails(Net, "quantize_nodes(input_min=1)", PassErrors.BadParameter, "You must pass both input_min and input_max into quantize_nodes");
        Transformed.Fails(Net, "quantize_nodes(fallback_min=1, fallback_max=0)", PassErrors.BadParameter, "fallback_max must be more than fallback_min");
    }

    [Theory]
    [InlineData("QuantizedConv2DAndRelu", "quint8", "0")]
    [InlineData("QuantizedConv2D", "qint8", "-8")]
    public void A_requantization_goes_into_the_convolution(string op, string type, string min)
    {
        string graph = $$"""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[1,3,3,1]}
              w = Const() {dtype: qint8, value: qint8[1,1,1,2] {127, -64} }
              zero = Const() {dtype: float32, value: float32[] {0} }
              one = Const() {dtype: float32, value: float32[] {1} }
              minus = Const() {dtype: float32, value: float32[] {-4} }
              plus = Const() {dtype: float32, value: float32[] {4} }
              min = Const() {dtype: float32, value: float32[] { {{min}} } }
              max = Const() {dtype: float32, value: float32[] {8} }
              q = QuantizeV2(x, zero, one) {T: quint8, mode: "MIN_FIRST"}
              conv = {{op}}(q, w, q:1, q:2, minus, plus) {Tinput: quint8, Tfilter: qint8, out_type: qint32, strides: [1, 1, 1, 1], padding: "SAME"}
              r = Requantize(conv, conv:1, conv:2, min, max) {Tinput: qint32, out_type: {{type}} }
              y = Dequantize(r, r:1, r:2) {T: {{type}}, mode: "SCALED"}
            }
            """;
        Transformed it = Transformed.Run(graph, "fuse_quantized_conv_and_requantize");
        Assert.Equal($"{op}AndRequantize", it["r"].Op.Name);
        it.GivesTheSame(0.1);
        Transformed.IsDeclined(graph.Replace($"float32[] {{ {min} }}", "float32[] {-7}", StringComparison.Ordinal), "fuse_quantized_conv_and_requantize", "requantizes to");
    }
}
