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

    [Fact]
    public void A_table_of_other_types_is_refused_with_them()
    {
        using Model model = GraphParser.Parse(Tables.Replace("shared_name: \"to id\", use_node_name_sharing: false, key_dtype: string, value_dtype: int64", "shared_name: \"\", use_node_name_sharing: false, key_dtype: string, value_dtype: float32", StringComparison.Ordinal));
        var e = Assert.Throws<ModelException>(() => model.Convert(new ConvertOptions { Inputs = ["words"], Outputs = ["id"] }));
        Assert.Contains(e.Diagnostics, d => d.Message == "HashTableV2 maps string to float32, and HASHTABLE integers to strings or strings to integers" && d.Hint!.Contains("--allow-select-ops", StringComparison.Ordinal));
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
