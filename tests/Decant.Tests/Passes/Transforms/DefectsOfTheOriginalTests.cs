using Decant.IR.TextForm;
using Decant.TestKit;

namespace Decant.Tests.Passes.Transforms;

/// <summary>What the original lost, mangled or stopped at, and what is done here: a row for each defect.</summary>
public sealed class DefectsOfTheOriginalTests
{
    private const string Library = """
        node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { dim { size: 2 } dim { size: 2 } } } } attr { key: "_output_shapes" value { list { shape { dim { size: 2 } dim { size: 2 } } } } } }
        node { name: "w" op: "Const" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape { dim { size: 2 } dim { size: 2 } } float_val: 1 float_val: 2 float_val: 3 float_val: 4 } } } }
        node { name: "w/read" op: "Identity" input: "w" attr { key: "T" value { type: DT_FLOAT } } }
        node { name: "m" op: "MatMul" input: "x" input: "w/read" device: "/gpu:0" attr { key: "T" value { type: DT_FLOAT } } }
        node { name: "y" op: "PartitionedCall" input: "m" attr { key: "Tin" value { list { type: DT_FLOAT } } } attr { key: "Tout" value { list { type: DT_FLOAT } } } attr { key: "f" value { func { name: "negate" } } } }
        library {
          function {
            signature { name: "negate" input_arg { name: "a" type: DT_FLOAT } output_arg { name: "b" type: DT_FLOAT } }
            node_def { name: "n" op: "Neg" input: "a" attr { key: "T" value { type: DT_FLOAT } } }
            ret { key: "b" value: "n:y:0" }
          }
          gradient { function_name: "negate" gradient_func: "negate_grad" }
        }
        versions { producer: 134 min_consumer: 12 }
        """;

    public static TheoryData<string> Transforms => [.. TransformSweep.Rows.Select(r => r.Transforms.Replace("{0}", "m", StringComparison.Ordinal)).Append("rename_op(old_op_name=MatMul, new_op_name=BatchMatMul)")];

    /// <summary>Of most transforms the original's graphs had neither, which made them graphs of version 0 to who loads them.</summary>
    [Theory]
    [MemberData(nameof(Transforms))]
    public void Versions_and_the_library_are_kept(string transforms)
    {
        string folder = Directory.CreateTempSubdirectory("decant-defects-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "in.pbtxt"), Library);
            using Model model = Model.Load(Path.Combine(folder, "in.pbtxt"));
            Model result = model.Transform(transforms, ["x"], ["y"]).Model;
            result.Save(Path.Combine(folder, "out.pbtxt"), "graphdef");
            string text = File.ReadAllText(Path.Combine(folder, "out.pbtxt"));
            Assert.All(["producer: 134", "min_consumer: 12", "name: \"negate\"", "gradient_func: \"negate_grad\""], part => Assert.Contains(part, text, StringComparison.Ordinal));
            Assert.Equal(result.Graph.Nodes.Count, result.Graph.Nodes.Select(n => n.Name).Distinct().Count());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private const string Conv = """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[1,4,4,1]}
          w = Const() {dtype: float32, value: float32[2,2,1,2] {1, 2, 3, 4, 5, 6, 7, 8} }
          good = Const() {dtype: float32, value: float32[2] {2, 3} }
          other = Const() {dtype: float32, value: float32[4,1] {1, 2, 3, 4} }
          first = Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: "SAME"}
          odd = Mul(first, other) {T: float32}
          w2 = Const() {dtype: float32, value: float32[1,1,2,2] {1, 2, 3, 4} }
          second = Conv2D(odd, w2) {T: float32, strides: [1, 1, 1, 1], padding: "SAME"}
          y = Mul(second, good) {T: float32}
        }
        """;

    private const string Product = """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[1,3]}
          w = Const() {dtype: float32, value: float32[2,3] {1, 2, 3, 4, 5, 6} }
          c = Const() {dtype: float32, value: float32[2] {2, 3} }
          m = MatMul(x, w) {T: float32, transpose_b: true}
          y = Mul(c, m) {T: float32}
        }
        """;

    private const string Joined = """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[2]}
          axis = Const() {dtype: int32, value: int32[] {0} }
          before = Neg(x) {T: float32}
          y = ConcatV2(x, x, axis, ^before) {T: float32, Tidx: int32, N: 2}
        }
        """;

    private const string Atrous = """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[1,6,6,2]}
          axis = Const() {dtype: int32, value: int32[] {3} }
          parts = Split(axis, x) {T: float32, num_split: 2}
          w = Const() {dtype: float32, value: float32[3,3,1,1] {1, 2, 3, 4, 5, 6, 7, 8, 9} }
          block = Const() {dtype: int32, value: int32[2] {2, 2} }
          pads = Const() {dtype: int32, value: int32[2,2] {2, 2, 2, 2} }
          crops = Const() {dtype: int32, value: int32[2,2] {0, 0, 0, 0} }
          space = SpaceToBatchND(parts:1, block, pads) {T: float32, Tblock_shape: int32, Tpaddings: int32}
          conv = Conv2D(space, w) {T: float32, strides: [1, 1, 1, 1], padding: "VALID"}
          y = BatchToSpaceND(conv, block, crops) {T: float32, Tblock_shape: int32, Tcrops: int32}
        }
        """;

    private const string Transposed = """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[2,2]}
          w = Const() {dtype: float32, value: float32[2,2] {1, 2, 3, 4} }
          a = MatMul(x, w) {T: float32, transpose_a: true}
          b = MatMul(x, w) {T: float32, transpose_b: true}
          y = Sub(a, b) {T: float32}
        }
        """;

    private const string Waiting = """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[2]}
          before = Neg(x) {T: float32}
          id = Identity(x, ^before) {T: float32}
          y = Abs(id) {T: float32}
        }
        """;

    private const string TwoOutputs = """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[4]}
          ids = Unique(x) {T: float32, out_idx: int32}
          y = Neg(ids:1) {T: int32}
        }
        """;

    private const string Image = """
        graph {
          bytes = Placeholder() {dtype: float32, shape: shape[?,3]}
          x = Neg(bytes) {T: float32}
          y = Abs(x) {T: float32}
        }
        """;

    private const string Custom = """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[2,2]}
          a = Mine(x)
          y = MatMul(x, x) {T: float32}
        }
        """;

    private const string Normalized = """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[1,3,3,1]}
          w = Const() {dtype: float32, value: float32[1,1,1,2] {3, 7} }
          ones = Const() {dtype: float32, value: float32[2] {1, 2} }
          conv = Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: "SAME"}
          bn = FusedBatchNormV3(conv, ones, ones, ones, ones) {T: float32, U: float32, is_training: false}
          mean = Neg(bn:1) {T: float32}
          y = Abs(bn) {T: float32}
        }
        """;

    [Theory]
    [InlineData("the last input of a node with control inputs is one of those", Joined, "backport_concatv2", "y = Concat(axis, x, x, ^before)")]
    [InlineData("the port of the input is dropped", Atrous, "flatten_atrous_conv", "y = Conv2D(parts:1, w)")]
    [InlineData("a factor of another shape stops the whole run", Conv, "fold_batch_norms", "odd = Mul(first, other)", "y = Conv2D(odd, w2)", "value: float32[1,1,2,2] {2, 6, 6, 12}")]
    [InlineData("weights that lie the other way round are scaled wrongly, a factor that comes first is not seen", Product, "fold_batch_norms", "value: float32[2,3] {2, 4, 6, 12, 15, 18}", "y = MatMul(x, w) {T: float32, transpose_b: true}")]
    [InlineData("attributes count by their values alone, in the order of their names", Transposed, "merge_duplicate_nodes", "y = Sub(a, b)")]
    [InlineData("what a removed node waits for is lost", Waiting, "remove_nodes(op=Identity)", "y = Abs(x, ^before)")]
    [InlineData("an input that is named with its port is renamed", Waiting, "obfuscate_names", "x = Placeholder()", "y = Abs(1)")]
    [InlineData("the types of all outputs are declared, of those that are used there are inputs", TwoOutputs, "insert_logging(op=Unique)", "ids__print__ = Print(ids, ids:1) {T: float32, U: [int32]")]
    [InlineData("a placeholder without a shape is a scalar", Image, "strip_unused_nodes(type=float)", "x = Placeholder() {dtype: float32, shape: shape[?,3]}")]
    [InlineData("a dimension that is not known stops the program", Image, "strip_unused_nodes(type=float, shape=\"-1,3\")", "x = Placeholder() {dtype: float32, shape: shape[?,3]}")]
    [InlineData("an op that is not registered stops the run", Custom, "add_default_attributes", "a = Mine(x)", "transpose_a: false")]
    [InlineData("moments that are read dangle, versions 2 and 3 are not folded", Normalized, "fold_old_batch_norms", "bn = FusedBatchNormV3(conv, ones, ones, ones, ones)")]
    [InlineData("nodes are put in the order of their hashes", Transposed, "merge_duplicate_nodes set_device(device=a)", "x = Placeholder() {dtype: float32, shape: shape[2,2]} device \"a\"\n  w = Const()")]
    public void A_defect_is_not_there(string defect, string text, string transforms, params string[] lines)
    {
        string[] outputs = text.Contains("mean = Neg(bn:1)", StringComparison.Ordinal) ? ["y:0", "mean:0"] : ["y:0"];
        using Model model = TextGraphs.Parse(text);
        string result = GraphPrinter.Print(model.Transform(transforms, ["x:0"], outputs).Model);
        Assert.All(lines, line => Assert.True(result.Contains(line, StringComparison.Ordinal), $"{defect}: {line} is not in\n{result}"));
    }

    [Fact]
    public void Names_of_folded_constants_are_the_same_in_every_run()
    {
        const string Sum = "graph { x = Placeholder() {dtype: float32, shape: shape[]}\n a = Const() {dtype: float32, value: float32[] {1} }\n b = Add(a, a) {T: float32}\n y = Add(x, b) {T: float32} }";
        Assert.Equal(["x", "b", "y"], Transformed.Run(Sum, "fold_constants").Has("x=Placeholder", "b=Const", "y=Add").Model.Graph.Nodes.Select(n => n.Name));
    }

    /// <summary>The original's index for the minimum had no upper bound.</summary>
    [Fact]
    public void A_percentile_of_100_reads_no_value_behind_the_last()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, ";range__print__;__requant_min_max:[-3][4]\n;range__print__;__requant_min_max:[-2][5]\n");
            const string Range = "graph { x = Placeholder() {dtype: qint32, shape: shape[2]}\n low = Const() {dtype: float32, value: float32[] {-1} }\n range = RequantizationRange(x, low, low) {Tinput: qint32}\n y = Sub(range:1, range) {T: float32} }";
            Transformed it = Transformed.Run(Range, $"freeze_requantization_ranges(min_max_log_file=\"{file.Replace('\\', '/')}\", min_percentile=100, max_percentile=100)");
            Assert.Equal([-2, 4], new[] { "min", "max" }.Select(r => it.Constant($"range/frozen_{r}").Span<float>()[0]));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
