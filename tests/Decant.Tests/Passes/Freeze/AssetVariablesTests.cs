using Decant.IR;
using Decant.IR.TextForm;
using Decant.Passes.Freeze;
using Decant.Tests.Formats;

namespace Decant.Tests.Passes.Freeze;

public class AssetVariablesTests
{
    [Fact]
    public void A_table_of_a_file_whose_path_is_in_a_variable_is_frozen_with_its_entries()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["words.txt"], "one\ntwo\nthree\n");

        // As TensorFlow 2.4 saves it: the path goes by way of a variable into the function that fills the table.
        using Model model = GraphParser.Parse("""
            graph {
              x = Placeholder() {dtype: string, shape: shape[?]}
              file = Placeholder() {dtype: string, shape: shape[]}
              path = VarHandleOp() {dtype: string, shape: shape[], shared_name: "path"}
              assign = AssignVariableOp(path, file) {dtype: string}
              saved = ReadVariableOp(path) {dtype: string}
              read = ReadVariableOp(path, ^assign) {dtype: string}
              table = HashTableV2() {key_dtype: string, value_dtype: int64, shared_name: "table"}
              none = Const() {dtype: int64, value: int64[] {-1}}
              y = LookupTableFindV2(table, x, none) {Tin: string, Tout: int64}
              filled = StatefulPartitionedCall(table, read) {Tin: [resource, string], Tout: [int32], f: @fill {}}
              init = NoOp(^filled, ^assign)
            }

            function fill(table: resource, path: string) stateful returns (done: int32 = done) controls (fill = fill) {
              fill = InitializeTableFromTextFileV2(table, path) {key_index: -2, value_index: -1, vocab_size: -1, delimiter: "\t", offset: 0}
              done = Const(^fill) {dtype: int32, value: int32[] {1}}
            }
            """);
        model.AssetPaths = new Dictionary<string, string> { ["file"] = folder["words.txt"] };
        model.TensorFlow.InitNode = "init";
        Model frozen = Freezer.Freeze(model, new FreezeOptions { Inputs = ["x"], Outputs = ["y"] });
        Assert.DoesNotContain(frozen.Graph.Nodes, n => n.Op.Name is "VarHandleOp" or "AssignVariableOp" or "InitializeTableFromTextFileV2");
        File.Delete(folder["words.txt"]);
        using var session = new Session(frozen);
        Assert.Equal([2L, -1, 0], session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.FromStrings(["three", "four", "one"]) }, ["y"])["y"].Span<long>().ToArray());
    }
}
