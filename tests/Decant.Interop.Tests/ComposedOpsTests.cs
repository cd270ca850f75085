using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.TestKit;

namespace Decant.Interop.Tests;

/// <summary>Ops that neither runtime has, or that only TensorFlow.js has, composed of what LiteRT and TensorFlow.js have.</summary>
public sealed class ComposedOpsTests
{
    // Of the largest value of an output: float32 sums in another order.
    private const double Tolerance = 1e-5;

    private const string Words = """
        rate = Const() {dtype: int32, value: int32[] {8000}}
        s = AudioSpectrogram(x) {window_size: 240, stride: 80, magnitude_squared: true}
        y = Mfcc(s, rate) {upper_frequency_limit: 3800f, lower_frequency_limit: 60f, filterbank_channel_count: 20, dct_coefficient_count: 10}
        """;

    private const string Crops = """
        boxes = Const() {dtype: float32, value: float32[3,4] {0, 0, 1, 1, 0.7, 0.2, 0.1, 0.9, -0.5, 0.5, 0.5, 1.5}}
        places = Const() {dtype: int32, value: int32[3] {1, 0, 1}}
        size = Const() {dtype: int32, value: int32[2] {3, 4}}
        y = CropAndResize(x, boxes, places, size) {T: float32, method: "METHOD", extrapolation_value: 0.5f}
        """;

    // A loop writes what is above 0, 1 and 2 of its rows to a list, one behind the other, and their sum is told.
    private const string Joined = """
        zero = Const() {dtype: int32, value: int32[] {0}}
        three = Const() {dtype: int32, value: int32[] {3}}
        any = Const() {dtype: int32, value: int32[1] {-1}}
        none = Const() {dtype: int64, value: int64[0] {}}
        list = TensorListReserve(any, three) {element_dtype: float32, shape_type: int32}
        loop = StatelessWhile(zero, list, x) {T: [int32, variant, float32], cond: @cond, body: @body, output_shapes: [shape[], shape?, shape[3,4]], parallel_iterations: 10}
        all = TensorListConcatV2(loop:1, any, none) {element_dtype: float32, shape_type: int32}
        axis = Const() {dtype: int32, value: int32[1] {0}}
        y = Sum(all, axis) {T: float32, Tidx: int32, keep_dims: true}
        """;

    private const string Parts = """
        function cond(i: int32, list: variant, x: float32) returns (go: bool = go) {
          three = Const() {dtype: int32, value: int32[] {3}}
          go = Less(i, three) {T: int32}
        }

        function body(i: int32, list: variant, x: float32) returns (i2: int32 = i2, list2: variant = list2, x2: float32 = x) {
          one = Const() {dtype: int32, value: int32[] {1}}
          axis = Const() {dtype: int32, value: int32[] {0}}
          half = Const() {dtype: float32, value: float32[] {0.5}}
          row = GatherV2(x, i, axis) {Tparams: float32, Tindices: int32, Taxis: int32, batch_dims: 0}
          above = Greater(row, half) {T: float32}
          places = Where(above) {T: bool}
          part = GatherNd(row, places) {Tparams: float32, Tindices: int64}
          list2 = TensorListSetItem(list, i, part) {element_dtype: float32}
          i2 = AddV2(i, one) {T: int32}
        }
        """;

    /// <summary>The shape of x, the nodes, the functions, and an operator that the nodes become.</summary>
    public static TheoryData<string, string, string, string> Graphs => new()
    {
        { "800,1", Words, "", "RFFT2D" },
        { "2,6,5,3", Crops.Replace("METHOD", "bilinear", StringComparison.Ordinal), "", "GATHER" },
        { "2,6,5,3", Crops.Replace("METHOD", "nearest", StringComparison.Ordinal), "", "GATHER" },
        { "3,4", Joined, Parts, "WHILE" },
    };

    [NodeTheory]
    [MemberData(nameof(Graphs))]
    public void LiteRT_gives_what_the_nodes_give(string shape, string nodes, string functions, string made)
    {
        using Model source = Source(shape, nodes, functions);
        Dictionary<string, Tensor> inputs = Noise(shape);
        using var work = new TemporaryFolder();
        using var session = new Session(source);
        Model converted = source.Convert(new ConvertOptions { Inputs = ["x"], Outputs = ["y"] }).Model;
        Assert.Contains(converted.Graph.Nodes, n => n.Op.Name == made);
        converted.Save(work["model.tflite"], "tflite");
        NodeModel.Agree(session.Run(inputs, ["y"]), NodeModel.Run("litert_run.mjs", work["model.tflite"], inputs, ["y"], work), Tolerance);
    }

    [NodeFact]
    public void TensorFlow_js_hears_what_the_nodes_hear()
    {
        using Model source = Source("800,1", Words, "");
        Dictionary<string, Tensor> inputs = Noise("800,1");
        using var session = new Session(source);
        IReadOnlyDictionary<string, Tensor> wanted = session.Run(inputs, ["y"]);
        using var run = new TFJSRun();
        run.Add(source, new TFJSConvertOptions { Inputs = ["x"], Outputs = ["y"] }, inputs, _ => wanted).Dispose();
        Assert.Null(Assert.Single(run.Faults(Tolerance)));
    }

    private static Model Source(string shape, string nodes, string functions) => GraphParser.Parse($"graph {{\nx = Placeholder() {{dtype: float32, shape: shape[{shape}]}}\n{nodes}\n}}\n{functions}");

    private static Dictionary<string, Tensor> Noise(string shape)
    {
        var dims = new Shape([.. shape.Split(',').Select(long.Parse)]);
        var random = new Random(9);
        return new() { ["x"] = Tensor.Wrap([.. Enumerable.Range(0, (int)dims.ElementCount).Select(_ => random.NextSingle())], dims) };
    }
}
