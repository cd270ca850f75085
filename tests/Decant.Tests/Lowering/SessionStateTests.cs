using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.Passes.Freeze;
using Decant.TestKit;
using Decant.Tests.Formats;

namespace Decant.Tests.Lowering;

/// <summary>Variables that are written to and lookup tables stay what they are: a subgraph fills them once, and they last as long as the session.</summary>
public sealed class SessionStateTests
{
    private const string Tables = """
        graph {
          words = Placeholder() {dtype: string, shape: shape[?]}
          numbers = Placeholder() {dtype: int64, shape: shape[?]}
          keys = Const() {dtype: string, value: string[3] {"a", "b", "c"}}
          ids = Const() {dtype: int64, value: int64[3] {7, 8, 9}}
          small = Const() {dtype: int32, value: int32[3] {70, 80, 90}}
          none = Const() {dtype: int64, value: int64[] {-1}}
          few = Const() {dtype: int32, value: int32[] {-2}}
          unknown = Const() {dtype: string, value: string[] {"?"}}
          to_id = HashTableV2() {container: "", shared_name: "to id", use_node_name_sharing: false, key_dtype: string, value_dtype: int64}
          to_small = HashTableV2() {container: "", shared_name: "", use_node_name_sharing: false, key_dtype: string, value_dtype: int32}
          to_word = HashTableV2() {container: "", shared_name: "", use_node_name_sharing: false, key_dtype: int64, value_dtype: string}
          fill_id = InitializeTableV2(to_id, keys, ids) {Tkey: string, Tval: int64}
          fill_small = LookupTableImportV2(to_small, keys, small) {Tin: string, Tout: int32}
          fill_word = InitializeTableV2(to_word, ids, keys) {Tkey: int64, Tval: string}
          id = LookupTableFindV2(to_id, words, none) {Tin: string, Tout: int64}
          small_id = LookupTableFindV2(to_small, words, few) {Tin: string, Tout: int32}
          word = LookupTableFindV2(to_word, numbers, unknown) {Tin: int64, Tout: string}
          size = LookupTableSizeV2(to_word)
        }
        """;

    private static readonly string[] Found = ["id", "small_id", "word", "size"];

    [Fact]
    public void Tables_of_strings_and_integers_are_filled_once_and_looked_up()
    {
        using Model model = GraphParser.Parse(Tables);
        using Model read = Written(model, new ConvertOptions { Inputs = ["words", "numbers"], Outputs = Found });
        string[] operators = [.. read.Functions.Values.Prepend(read.Graph).SelectMany(f => f.Nodes).Where(n => n.Op.Dialect == Dialect.TFLite).Select(n => n.Op.Name)];
        Assert.Equal("CALL_ONCE", operators[0]);
        Assert.Equal(3, operators.Count(o => o == "HASHTABLE_IMPORT"));
        using Model frozen = model.Freeze(new FreezeOptions { Inputs = ["words", "numbers"], Outputs = Found });
        using var before = new Session(frozen);
        using var after = new Session(read);
        foreach (string[] words in new[] { new[] { "b", "x", "c" }, ["a"] })
        {
            var inputs = new Dictionary<string, Tensor> { ["words"] = Tensor.FromStrings(words), ["numbers"] = Tensor.Wrap([9L, 1L]) };
            IReadOnlyDictionary<string, Tensor> expected = before.Run(inputs, Found), actual = after.Run(inputs, Found);
            Assert.All(Found, name => Same(expected[name], actual[name]));
        }
    }

    /// <summary>TensorFlow Lite's tables are from strings to integers and back; values of others lie in a constant, and integers become texts first.</summary>
    [Theory]
    [InlineData("string", "\"a\", \"b\", \"c\"", "float32", "0.5, 1.5, 2.5", "-1", "HASHTABLE_IMPORT GATHER")]
    [InlineData("string", "\"a\", \"b\", \"c\"", "string", "\"x\", \"\", \"z\"", "\"none\"", "HASHTABLE_IMPORT GATHER")]
    [InlineData("string", "\"a\", \"b\", \"c\"", "bool", "true, false, true", "false", "HASHTABLE_IMPORT GATHER")]
    [InlineData("int64", "5, -7, 90000000000", "int64", "1, 2, 3", "-1", "HASHTABLE_IMPORT HASHTABLE_IMPORT")]
    [InlineData("int32", "5, -7, 9", "int32", "1, 2, 3", "-1", "HASHTABLE_IMPORT HASHTABLE_IMPORT")]
    [InlineData("int64", "5, -7, 9", "float32", "1, 2, 3", "0.25", "HASHTABLE_IMPORT HASHTABLE_IMPORT GATHER")]
    public void A_table_of_any_types_is_made_of_those(string key, string keys, string value, string values, string none, string operators)
    {
        using Model model = GraphParser.Parse(
            $$$"""
            graph {
              x = Placeholder() {dtype: {{{key}}}, shape: shape[?, 2]}
              keys = Const() {dtype: {{{key}}}, value: {{{key}}}[3] {{{{keys}}}}}
              values = Const() {dtype: {{{value}}}, value: {{{value}}}[3] {{{{values}}}}}
              none = Const() {dtype: {{{value}}}, value: {{{value}}}[] {{{{none}}}}}
              table = HashTableV2() {container: "", shared_name: "t", use_node_name_sharing: false, key_dtype: {{{key}}}, value_dtype: {{{value}}}}
              fill = LookupTableImportV2(table, keys, values) {Tin: {{{key}}}, Tout: {{{value}}}}
              y = LookupTableFindV2(table, x, none) {Tin: {{{key}}}, Tout: {{{value}}}}
              size = LookupTableSizeV2(table)
            }
            """);
        string[] found = ["y", "size"];
        using Model read = Written(model, new ConvertOptions { Inputs = ["x"], Outputs = found });
        Assert.Equal(operators.Split(' '), read.Functions.Values.Append(read.Graph).SelectMany(f => f.Nodes).Select(n => n.Op.Name).Where(n => n is "HASHTABLE_IMPORT" or "GATHER"));
        using Model frozen = model.Freeze(new FreezeOptions { Inputs = ["x"], Outputs = found });
        using Session before = new(frozen), after = new(read);
        Tensor asked = key switch
        {
            "string" => Tensor.FromStrings(["c", "q", "", "a"]).Reshaped(new Shape(2, 2)),
            "int64" => Tensor.Wrap([-7L, 5L, 6L, 90000000000L], new Shape(2, 2)),
            _ => Tensor.Wrap([-7, 5, 6, 9], new Shape(2, 2)),
        };
        for (int run = 0; run < 2; run++)
        {
            IReadOnlyDictionary<string, Tensor> expected = before.Run(new Dictionary<string, Tensor> { ["x"] = asked }, found), actual = after.Run(new Dictionary<string, Tensor> { ["x"] = asked }, found);
            Assert.All(found, name => Same(expected[name], actual[name]));
        }
    }

    /// <summary>Strings are moved by the operators that take them.</summary>
    [Theory]
    [InlineData("y = Unpack(x) {T: string, num: 3, axis: 1}\nz = Identity(y:2) {T: string}", "SLICE")]
    [InlineData("axis = Const() {dtype: int32, value: int32[] {-1}}\ny = Split(axis, x) {T: string, num_split: 3}\nz = Identity(y:1) {T: string}", "SLICE")]
    [InlineData("to = Const() {dtype: int32, value: int32[3] {2, 2, 3}}\nz = BroadcastTo(x, to) {T: string, Tidx: int32}", "TILE")]
    [InlineData("z = ZerosLike(x) {T: string}", "FILL")]
    public void Strings_are_moved_by_operators_that_take_them(string nodes, string op)
    {
        using Model model = GraphParser.Parse($"graph {{\nx = Placeholder() {{dtype: string, shape: shape[{(op == "FILL" ? "?" : "2")}, 3]}}\n{nodes}\n}}");
        using Model read = Written(model, new ConvertOptions { Inputs = ["x"], Outputs = ["z"] });
        Assert.Contains(read.Graph.Nodes, n => n.Op.Name == op);
        Dictionary<string, Tensor> inputs = new() { ["x"] = Tensor.FromStrings(["a", "b", "", "dd", "e", "f"]).Reshaped(new Shape(2, 3)) };
        using Session before = new(model), after = new(read);
        Same(before.Run(inputs, ["z"])["z"], after.Run(inputs, ["z"])["z"]);
    }

    [Fact]
    public void A_table_of_other_keys_is_refused_with_them()
    {
        using Model model = GraphParser.Parse(Tables.Replace("shared_name: \"to id\", use_node_name_sharing: false, key_dtype: string, value_dtype: int64", "shared_name: \"\", use_node_name_sharing: false, key_dtype: float32, value_dtype: int64", StringComparison.Ordinal));
        var e = Assert.Throws<ModelException>(() => model.Convert(new ConvertOptions { Inputs = ["words"], Outputs = ["id"] }));
        Assert.Contains(e.Diagnostics, d => d.Message == "HashTableV2 has keys of float32, and HASHTABLE takes integers and strings" && d.Hint!.Contains("--allow-select-ops", StringComparison.Ordinal));
        Assert.Equal(e.Diagnostics.Count, e.Diagnostics.Distinct().Count());
    }

    [SharedFact]
    public void The_signatures_of_a_saved_model_share_a_variable()
    {
        using Model model = Model.Load(SharedData.Path("data/savedmodel/counter/00000123"));
        using Model read = Written(model, new ConvertOptions { Signatures = ["get_counter", "incr_counter", "incr_counter_by", "reset_counter"] });
        using var before = new Session(model);
        using var after = new Session(read);
        foreach (string step in (string[])["get_counter", "incr_counter", "incr_counter", "incr_counter_by", "get_counter", "reset_counter", "get_counter", "incr_counter"])
        {
            Dictionary<string, Tensor> inputs = step == "incr_counter_by" ? new() { ["delta"] = Tensor.Scalar(2.5f) } : [];
            Same(before.Run(inputs, signature: step)["output"], after.Run(inputs, signature: step)["output"]);
        }
    }

    private static Model Written(Model model, ConvertOptions options)
    {
        using var folder = new TemporaryFolder();
        model.Convert(options).Model.Save(folder["m.tflite"], "tflite");
        return Model.Load(folder["m.tflite"]);
    }

    private static void Same(Tensor expected, Tensor actual)
    {
        Assert.Equal((expected.DType, expected.Shape), (actual.DType, actual.Shape));
        if (expected.DType == DType.String)
            Assert.Equal(expected.Strings.ToArray().Select(s => s.ToArray()), actual.Strings.ToArray().Select(s => s.ToArray()));
        else
            Assert.Equal(expected.Data.ToArray(), actual.Data.ToArray());
    }
}
