using System.Globalization;
using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.Passes;
using Decant.TestKit;

namespace Decant.Tests.Lowering;

/// <summary>Ops that TensorFlow.js does not have, or not with all attributes and sizes, as others: these give what the op itself gives.</summary>
public sealed class ComposedTests
{
    // Sums of convolutions in another order.
    private const double Tolerance = 1e-5;

    /// <summary>Nodes that end in y, the shape of x as it is declared, and as it is fed.</summary>
    public static TheoryData<string, string, long[]> Graphs => new()
    {
        { "y = MatrixDiag(x) {T: float32}", "?, ?", [2, 3] },
        { "d = Const() {dtype: float32, value: float32[2, 3] {1, 2, 3, 4, 5, 6}}\ny = MatrixSetDiag(x, d) {T: float32}", "?, ?, ?", [2, 3, 5] },
        { "d = Const() {dtype: float32, value: float32[2, 3] {1, 2, 3, 4, 5, 6}}\ny = MatrixSetDiag(x, d) {T: float32}", "?, ?, ?", [2, 5, 3] },
        { "d = Const() {dtype: float32, value: float32[2, 3] {1, 2, 3, 4, 5, 6}}\ny = MatrixSetDiag(x, d) {T: float32}", "2, 5, 3", [2, 5, 3] },
        { "n = Const() {dtype: int64, value: int64[4] {2, 1, 3, 0}}\ny = ReverseSequence(x, n) {T: float32, Tlen: int64, batch_dim: 2, seq_dim: 3}", "?, 2, 4, ?", [3, 2, 4, 3] },
        { "n = Const() {dtype: int32, value: int32[3] {2, 1, 4}}\ny = ReverseSequence(x, n) {T: float32, Tlen: int32, batch_dim: 2, seq_dim: 0}", "?, ?, ?", [4, 2, 3] },
        { "r = Const() {dtype: float32, value: float32[2] {-1, 1.5}}\nn = Const() {dtype: int32, value: int32[] {5}}\ny = HistogramFixedWidth(x, r, n) {T: float32, dtype: int32}", "?, ?", [7, 5] },
        { "i = Const() {dtype: int64, value: int64[3, 2] {0, 1, 1, 2, 0, 1}}\nv = Const() {dtype: float32, value: float32[3] {1, 2, 4}}\ns = Const() {dtype: int64, value: int64[2] {2, 3}}\ny = SparseTensorDenseAdd(i, v, s, x) {T: float32, Tindices: int64}", "?, 3", [2, 3] },
        { "y = Bucketize(x) {T: float32, boundaries: [-1f, 0.5f, 1.5f]}", "?, 3", [4, 3] },
        { "f = Const() {dtype: float32, value: float32[1, 1, 2, 4] {1, 2, 3, 4, 5, 6, 7, 8}}\ny = Conv2D(x, f) {T: float32, strides: [1, 2, 1, 1], padding: \"SAME\"}", "?, 3, 4, 4", [2, 3, 4, 4] },
        { "f = Const() {dtype: float32, value: float32[1, 2, 1, 4] {1, 2, 3, 4, 5, 6, 7, 8}}\ny = Conv2D(x, f) {T: float32, strides: [1, 1, 1, 1], padding: \"VALID\"}", "?, ?, ?, 2", [2, 3, 4, 2] },
        { "f = Const() {dtype: float32, value: float32[1, 1, 2, 4] {1, 2, 3, 4, 5, 6, 7, 8}}\nc = Conv2D(x, f) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\"}\nb = Const() {dtype: float32, value: float32[4] {1, 2, 3, 4}}\ny = BiasAdd(c, b) {T: float32}", "?, 3, 4, 4", [2, 3, 4, 4] },
        { "z = Const() {dtype: float32, value: float32[] {0}}\nn = DivNoNan(x, x) {T: float32}\ni = RealDiv(z, z) {T: float32}\nm = Mul(n, i) {T: float32}\ny = Bucketize(m) {T: float32, boundaries: [-1f, 0.5f, 1.5f]}", "?, 3", [4, 3] },
        { "f = Const() {dtype: float32, value: float32[1, 2, 1, 4] {1, 2, 3, 4, 5, 6, 7, 8}}\ny = Conv2D(x, f) {T: float32, strides: [1, 2, 1, 1], padding: \"SAME\"}", "1, 5, 4, 2", [1, 5, 4, 2] },
        { Transposed("5, 6, 4, 2", "[1, 2, 3, 1, 1]", "SAME", "3, 2, 4"), "?, 3, 2, 4, 3", [2, 3, 2, 4, 3] },
        { Transposed("6, 6, 8, 2", "[1, 2, 3, 2, 1]", "SAME", "2, 2, 1"), "1, 3, 2, 4, 3", [1, 3, 2, 4, 3] },
        { Transposed("7, 9, 5, 2", "[1, 2, 3, 1, 1]", "VALID", "3, 2, 2"), "?, 3, 3, 4, 3", [2, 3, 3, 4, 3] },
        { Transposed("8, 10, 4, 2", "[1, 2, 3, 1, 1]", "VALID", "3, 2, 1"), "?, 3, 3, 4, 3", [2, 3, 3, 4, 3] },
        { Convolution("Conv2D", 2, "[1, 2, 3, 1]", "[1, 2, 2, 1]", "padding: \"SAME\""), "?, 9, 10, 2", [2, 9, 10, 2] },
        { Convolution("Conv2D", 2, "[1, 1, 2, 1]", "[1, 3, 1, 1]", "padding: \"VALID\""), "1, ?, ?, 2", [1, 9, 10, 2] },
        { Convolution("Conv2D", 2, "[1, 2, 2, 1]", "[1, 1, 2, 1]", "padding: \"EXPLICIT\", explicit_paddings: [0, 0, 1, 0, 2, 3, 0, 0]"), "1, 9, 10, 2", [1, 9, 10, 2] },
        { Convolution("DepthwiseConv2dNative", 2, "[1, 2, 2, 1]", "[1, 2, 2, 1]", "padding: \"SAME\""), "1, 9, 9, 2", [1, 9, 9, 2] },
        { Convolution("Conv2D", 2, "[1, 2, 2, 1]", "[1, 2, 2, 1]", "padding: \"SAME\"", "c") + "\nb = Const() {dtype: float32, value: float32[2] {0.5, -0.25}}\na = BiasAdd(c, b) {T: float32}\ny = Relu(a) {T: float32}", "1, 8, 8, 2", [1, 8, 8, 2] },
    };

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Compositions_give_what_the_op_gives(string nodes, string declared, long[] fed)
    {
        using Model model = GraphParser.Parse($"graph {{\nx = Placeholder() {{dtype: float32, shape: shape[{declared}]}}\n{nodes}\n}}");
        var random = new Random(5);
        var shape = new Shape(fed);
        var feeds = new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => (random.NextSingle() * 4) - 2)], shape) };
        using var own = new Session(model);
        Tensor wanted = own.Run(feeds, ["y"])["y"];
        using Model composed = model.ConvertToTFJS(new TFJSConvertOptions { Inputs = ["x"], Outputs = ["y"] }).Model;
        foreach (Node node in composed.Graph.Nodes)
            Assert.False(IsOver(node, "strides") && IsOver(node, "dilations"));
        InferFacts.Run(composed);
        Assert.All(composed.Graph.Nodes.Where(n => n.Op.Name is "Conv2D" or "_FusedConv2D" && n.Inputs[1].Constant is not null && n.Inputs[0].Node.Fact(n.Inputs[0].Port).Shape is { HasRank: true } images && images[-1] > 0),
            n => Assert.Equal(n.Inputs[1].Constant!.Shape[2], n.Inputs[0].Node.Fact(n.Inputs[0].Port).Shape[-1]));
        using var session = new Session(composed);
        Assert.Null(TensorComparison.Difference(session.Run(feeds, ["y"])["y"], wanted, Tolerance, Tolerance));
    }

    [Theory]
    [InlineData("uint16")]
    [InlineData("int16")]
    [InlineData("uint32")]
    [InlineData("uint64")]
    public void Casts_to_integers_that_TensorFlow_js_does_not_know_are_to_int32(string type)
    {
        using Model model = GraphParser.Parse($"graph {{\nx = Placeholder() {{dtype: float32, shape: shape[3]}}\ny = Cast(x) {{SrcT: float32, DstT: {type}}}\n}}");
        using Model composed = model.ConvertToTFJS(new TFJSConvertOptions { Inputs = ["x"], Outputs = ["y"] }).Model;
        using var session = new Session(composed);
        Assert.Equal([1, 2, 30000], session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([1.5f, 2.25f, 30000.5f]) }, ["y"])["y"].Span<int>().ToArray());
    }

    [Fact]
    public void Arrays_that_a_tensor_is_split_into_tell_the_shape_of_their_elements()
    {
        using Model model = GraphParser.Parse(
            """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[4, 3]}
              size = Const() {dtype: int32, value: int32[] {2}}
              a = TensorArrayV3(size) {dtype: float32, element_shape: shape?, clear_after_read: true, dynamic_size: false}
              n = Const() {dtype: int64, value: int64[2] {2, 2}}
              s = TensorArraySplitV3(a, x, n, a:1) {T: float32}
              i = Const() {dtype: int32, value: int32[] {1}}
              y = TensorArrayReadV3(a, i, s) {dtype: float32}
            }
            """);
        using Model composed = model.ConvertToTFJS(new TFJSConvertOptions { Inputs = ["x"], Outputs = ["y"] }).Model;
        Node array = composed.Graph.Nodes.Single(n => n.Op == "TensorArrayV3");
        Assert.Equal(new Shape(2, 3), Assert.IsType<ShapeAttr>(array.Attributes["element_shape"]).Value);
    }

    // Of three channels to two, whose weights count up.
    private static string Transposed(string sizes, string strides, string padding, string window)
    {
        int weights = window.Split(", ").Aggregate(6, (n, w) => n * int.Parse(w, CultureInfo.InvariantCulture));
        return $"f = Const() {{dtype: float32, value: float32[{window}, 2, 3] {{{string.Join(", ", Enumerable.Range(0, weights).Select(i => i % 7))}}}}}\n"
            + "b = Shape(x) {T: float32, out_type: int32}\nzero = Const() {dtype: int32, value: int32[1] {0}}\none = Const() {dtype: int32, value: int32[1] {1}}\n"
            + "n = StridedSlice(b, zero, one, one) {T: int32, Index: int32, shrink_axis_mask: 1}\n"
            + string.Concat(sizes.Split(", ").Select((size, i) => $"d{i} = Const() {{dtype: int32, value: int32[] {{{size}}}}}\n")) + "s = Pack(n, d0, d1, d2, d3) {T: int32, N: 5, axis: 0}\n"
            + $"y = Conv3DBackpropInputV2(s, f, x) {{T: float32, Tshape: int32, strides: {strides}, padding: \"{padding}\"}}";
    }

    private static string Convolution(string op, int channels, string strides, string dilations, string padding, string name = "y")
    {
        var random = new Random(3);
        string weights = string.Join(", ", Enumerable.Range(0, 3 * 2 * channels * 2).Select(_ => ((random.NextSingle() * 2) - 1).ToString("R", System.Globalization.CultureInfo.InvariantCulture)));
        return $"w = Const() {{dtype: float32, value: float32[3, 2, {channels}, 2] {{{weights}}}}}\n{name} = {op}(x, w) {{T: float32, strides: {strides}, dilations: {dilations}, {padding}}}";
    }

    private static bool IsOver(Node node, string name) => node.Attributes[name] is ListAttr { Ints: { } values } && values.Any(v => v != 1);
}
