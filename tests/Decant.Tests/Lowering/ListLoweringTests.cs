using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;

namespace Decant.Tests.Lowering;

/// <summary>Lists of tensors as tensors of their elements, or of what their elements are joined to.</summary>
public sealed class ListLoweringTests
{
    /// <summary>Ops on a list of the three rows of x [3, 2], with the numbers 0 to 5, and what they give.</summary>
    [Theory]
    [InlineData("l = TensorListResize(list, five); y = TensorListStack(l, any) {element_dtype: float32, num_elements: -1}", "0 1 2 3 4 5 0 0 0 0")]
    [InlineData("l = TensorListResize(list, two); y = TensorListStack(l, any) {element_dtype: float32, num_elements: -1}", "0 1 2 3")]
    [InlineData("p = TensorListPopBack(list, any) {element_dtype: float32}; y = TensorListStack(p, any) {element_dtype: float32, num_elements: -1}", "0 1 2 3")]
    [InlineData("p = TensorListPopBack(list, any) {element_dtype: float32}; y = Identity(p:1) {T: float32}", "4 5")]
    [InlineData("l = TensorListConcatLists(list, list) {element_dtype: float32}; y = TensorListConcat(l) {element_dtype: float32, element_shape: shape[2]}", "0 1 2 3 4 5 0 1 2 3 4 5")]
    [InlineData("none = Const() {dtype: int64, value: int64[0] {}}; y = TensorListConcatV2(list, any, none) {element_dtype: float32, shape_type: int32}", "0 1 2 3 4 5")]
    [InlineData("none = Const() {dtype: int64, value: int64[0] {}}; c = TensorListConcatV2(list, any, none) {element_dtype: float32, shape_type: int32}; y = Cast(c:1) {SrcT: int64, DstT: float32}", "2 2 2")]
    [InlineData("l = TensorListSetItem(list, five, row) {element_dtype: float32, resize_if_index_out_of_bounds: true}; y = TensorListStack(l, any) {element_dtype: float32, num_elements: -1}", "0 1 2 3 4 5 0 0 0 0 7 8")]
    [InlineData("l = TensorListSetItem(list, two, row) {element_dtype: float32, resize_if_index_out_of_bounds: true}; y = TensorListStack(l, any) {element_dtype: float32, num_elements: -1}", "0 1 2 3 7 8")]
    [InlineData("l = TensorListScatterIntoExistingList(list, rows, places) {element_dtype: float32}; y = TensorListStack(l, any) {element_dtype: float32, num_elements: -1}", "9 10 2 3 4 5 0 0 7 8")]
    [InlineData("n = Const() {dtype: int32, value: int32[] {6}}; l = TensorListScatterV2(rows, places, given, n) {element_dtype: float32, shape_type: int32}; y = TensorListStack(l, given) {element_dtype: float32, num_elements: -1}", "9 10 0 0 0 0 0 0 7 8 0 0")]
    [InlineData("n = Const() {dtype: int32, value: int32[] {-1}}; l = TensorListScatterV2(rows, places, given, n) {element_dtype: float32, shape_type: int32}; y = TensorListStack(l, given) {element_dtype: float32, num_elements: -1}", "9 10 0 0 0 0 0 0 7 8")]
    [InlineData("n = Const() {dtype: int64, value: int64[3] {1, 1, 1}}; pair = Const() {dtype: int32, value: int32[2] {-1, 2}}; l = TensorListSplit(x, pair, n) {element_dtype: float32, shape_type: int32}; y = TensorListGetItem(l, two, pair) {element_dtype: float32}", "4 5")]
    public void Ops_on_lists_have_a_form(string nodes, string expected)
    {
        string text = $$$"""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[3,2]}
              any = Const() {dtype: int32, value: int32[1] {-1}}
              given = Const() {dtype: int32, value: int32[1] {2}}
              two = Const() {dtype: int32, value: int32[] {2}}
              five = Const() {dtype: int32, value: int32[] {5}}
              row = Const() {dtype: float32, value: float32[2] {7, 8}}
              rows = Const() {dtype: float32, value: float32[2,2] {7, 8, 9, 10}}
              places = Const() {dtype: int32, value: int32[2] {4, 0}}
              list = TensorListFromTensor(x, any) {element_dtype: float32, shape_type: int32}
              {{{nodes.Replace("; ", "\n", StringComparison.Ordinal)}}}
            }
            """;
        Tensor y = Converted(text, Tensor.Wrap([0f, 1, 2, 3, 4, 5], new Shape(3, 2)), out _);
        Assert.Equal(expected, string.Join(' ', y.Span<float>().ToArray()));
    }

    /// <summary>Arrays and lists that a loop of three iterations writes x + i to, and what is read of them.</summary>
    [Theory]
    [InlineData("growing array", "a = TensorArrayV3(zero) {dtype: float32, element_shape: shape[?], dynamic_size: true, identical_element_shapes: true}", "a:1", "float32", "TensorArrayWriteV3(h, i, sum, list) {T: float32}", "TensorArrayGatherV3(a, numbers, loop:1) {dtype: float32, element_shape: shape[2]}", "0 1 1 2 2 3")]
    [InlineData("growing list", "a = TensorListReserve(given, zero) {element_dtype: float32, shape_type: int32}", "a", "variant", "TensorListSetItem(list, i, sum) {element_dtype: float32, resize_if_index_out_of_bounds: true}", "TensorListStack(loop:1, given) {element_dtype: float32, num_elements: -1}", "0 1 1 2 2 3")]
    [InlineData("joined array", "a = TensorArrayV3(zero) {dtype: float32, element_shape: shape[?], dynamic_size: true, identical_element_shapes: false}", "a:1", "float32", "TensorArrayWriteV3(h, i, part, list) {T: float32}", "TensorArrayConcatV3(a, loop:1) {dtype: float32, element_shape_except0: shape?}", "2 2 3")]
    [InlineData("joined list", "a = TensorListReserve(any, three) {element_dtype: float32, shape_type: int32}", "a", "variant", "TensorListSetItem(list, i, part) {element_dtype: float32}", "TensorListConcatV2(loop:1, any, none) {element_dtype: float32, shape_type: int32}", "2 2 3")]
    [InlineData("joined pushes", "a = EmptyTensorList(any, three) {element_dtype: float32, shape_type: int32}", "a", "variant", "TensorListPushBack(list, part) {element_dtype: float32}", "TensorListConcatV2(loop:1, any, none) {element_dtype: float32, shape_type: int32}", "2 2 3")]
    public void Loops_write_lists(string what, string made, string list, string type, string write, string read, string expected)
    {
        Tensor y = Converted(Loop(made, list, type, write, read), Tensor.Wrap([0f, 1]), out Model lite);
        Assert.Equal(expected, string.Join(' ', y.Span<float>().ToArray()));
        Assert.True(!what.StartsWith("joined", StringComparison.Ordinal) || !Array.Exists([.. lite.Functions.Values.SelectMany(f => f.Nodes)], n => n.Op.Name == "DYNAMIC_UPDATE_SLICE"), what);
    }

    [Fact]
    public void Elements_of_different_lengths_that_are_not_written_in_order_are_refused()
    {
        using Model model = GraphParser.Parse(Loop(
            "a = TensorListReserve(any, three) {element_dtype: float32, shape_type: int32}", "a", "variant", "TensorListSetItem(list, back, part) {element_dtype: float32}", "TensorListConcatV2(loop:1, any, none) {element_dtype: float32, shape_type: int32}"));
        Diagnostic refused = Assert.Single(Assert.Throws<ModelException>(() => model.Convert(new ConvertOptions { Inputs = ["x"], Outputs = ["y"] })).Diagnostics);
        Assert.Equal((ConvertErrors.UnsupportedOp, "y"), (refused.Code, refused.Location?.Node));
        Assert.Contains("joins elements of unknown shape", refused.Message, StringComparison.Ordinal);
    }

    // In iteration i the sum is x + i, and the part of it that is above 1.5 has 0 to 2 elements. An array has a handle beside its flow.
    private static string Loop(string made, string list, string type, string write, string read)
    {
        (string handle, string handleType) = type == "float32" ? ("a", "resource") : ("zero", "int32");
        string arguments = $"i: int32, list: {type}, h: {handleType}, x: float32";
        return $$$"""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[2]}
              zero = Const() {dtype: int32, value: int32[] {0}}
              three = Const() {dtype: int32, value: int32[] {3}}
              numbers = Const() {dtype: int32, value: int32[3] {0, 1, 2}}
              any = Const() {dtype: int32, value: int32[1] {-1}}
              given = Const() {dtype: int32, value: int32[1] {2}}
              none = Const() {dtype: int64, value: int64[0] {}}
              {{{made}}}
              loop = While(zero, {{{list}}}, {{{handle}}}, x) {T: [int32, {{{type}}}, {{{handleType}}}, float32], cond: @cond, body: @body, output_shapes: [shape[], shape?, shape?, shape[2]], parallel_iterations: 10}
              y = {{{read}}}
            }

            function cond({{{arguments}}}) returns (go: bool = go) {
              three = Const() {dtype: int32, value: int32[] {3}}
              go = Less(i, three) {T: int32}
            }

            function body({{{arguments}}}) returns (i2: int32 = i2, list2: {{{type}}} = list2, h2: {{{handleType}}} = h, x2: float32 = x) {
              one = Const() {dtype: int32, value: int32[] {1}}
              two = Const() {dtype: int32, value: int32[] {2}}
              limit = Const() {dtype: float32, value: float32[] {1.5}}
              f = Cast(i) {SrcT: int32, DstT: float32}
              sum = AddV2(x, f) {T: float32}
              above = Greater(sum, limit) {T: float32}
              places = Where(above) {T: bool}
              part = GatherNd(sum, places) {Tparams: float32, Tindices: int64}
              back = Sub(two, i) {T: int32}
              list2 = {{{write}}}
              i2 = AddV2(i, one) {T: int32}
            }
            """;
    }

    private static Tensor Converted(string text, Tensor x, out Model lite)
    {
        using Model model = GraphParser.Parse(text);
        var feeds = new Dictionary<string, Tensor> { ["x"] = x };
        using var own = new Session(model);
        Tensor wanted = own.Run(feeds, ["y"])["y"];
        lite = model.Convert(new ConvertOptions { Inputs = ["x"], Outputs = ["y"] }).Model;
        using var session = new Session(lite);
        Tensor found = session.Run(feeds, ["y"])["y"];
        Assert.Equal(wanted.Shape, found.Shape);
        Assert.Equal(wanted.Span<float>().ToArray(), found.Span<float>().ToArray());
        return found;
    }
}
