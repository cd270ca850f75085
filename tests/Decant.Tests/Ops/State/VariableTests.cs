using System.Globalization;
using Decant.IR;
using Decant.IR.TextForm;
using Decant.TestKit;

namespace Decant.Tests.Ops.State;

public sealed class VariableTests
{
    private const string Counter = """
        graph {
          v = VarHandleOp() {dtype: float32, shape: shape[2], shared_name: "counter"}
          start = Const() {dtype: float32, value: float32[2] {1, 2}}
          init = AssignVariableOp(v, start) {dtype: float32}
          initialized = VarIsInitializedOp(v)
          done = Identity(start, ^init) {T: float32}
          before = ReadVariableOp(v) {dtype: float32}
          add = AssignAddVariableOp(v, start, ^before) {dtype: float32}
          after = ReadVariableOp(v, ^add) {dtype: float32}
          shape = VariableShape(v) {out_type: int64}
        }
        """;

    [Fact]
    public void A_variable_keeps_its_value_between_the_runs_of_a_session_and_reads_are_snapshots()
    {
        using Model model = GraphParser.Parse(Counter);
        using var session = new Session(model);
        Assert.False(GraphRun.Fetch(session, "initialized")[0].Span<bool>()[0]);
        GraphRun.Fetch(session, "done");
        Assert.True(GraphRun.Fetch(session, "initialized")[0].Span<bool>()[0]);
        Tensor[] first = GraphRun.Fetch(session, "before", "after");
        Tensor[] second = GraphRun.Fetch(session, "before", "after");
        Assert.Equal([1f, 2], first[0].Span<float>().ToArray());
        Assert.Equal([2f, 4], first[1].Span<float>().ToArray());
        Assert.Equal([2f, 4], second[0].Span<float>().ToArray());
        Assert.Equal([3f, 6], second[1].Span<float>().ToArray());
        Assert.Equal([2L], GraphRun.Fetch(session, "shape")[0].Span<long>().ToArray());
    }

    [Fact]
    public void Reading_a_variable_without_a_value_is_a_located_error_that_says_what_to_do()
    {
        using Model model = GraphParser.Parse(Counter);
        using var session = new Session(model);
        Diagnostic fault = Assert.Throws<ModelException>(() => GraphRun.Fetch(session, "before")).Diagnostics[0];
        Assert.Equal(("uninitialized", "before"), (fault.Code.Id, fault.Location!.Node));
        Assert.Contains("'counter'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("initializer", fault.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Assigning_another_shape_or_type_is_an_error()
    {
        Assert.Contains("shape [2]", GraphRun.Fault(
            """
            graph {
              v = VarHandleOp() {dtype: float32, shape: shape[2]}
              x = Const() {dtype: float32, value: float32[3] {1, 2, 3}}
              set = AssignVariableOp(v, x) {dtype: float32}
              y = ReadVariableOp(v, ^set) {dtype: float32}
            }
            """, "y"), StringComparison.Ordinal);
        Assert.Contains("of float32", GraphRun.Fault(
            """
            graph {
              v = VariableV2() {dtype: float32, shape: shape[]}
              x = Const() {dtype: int32, value: int32[] {1}}
              set = Assign(v, x) {T: int32}
            }
            """, "set"), StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Updates => new()
    {
        // [12 20 30 40] at rows 3, 0, 3 by 2, 4, 1
        { "ScatterUpdate", "4 20 30 1" },
        { "ScatterAdd", "16 20 30 43" },
        { "ScatterSub", "8 20 30 37" },
        { "ScatterMul", "48 20 30 80" },
        { "ScatterDiv", "3 20 30 20" },
        { "ScatterMax", "12 20 30 40" },
        { "ScatterMin", "4 20 30 1" },
    };

    [Theory]
    [MemberData(nameof(Updates))]
    public void Scatters_update_rows_one_after_another_in_every_type(string op, string expected)
    {
        foreach (string dtype in (string[])["float32", "float64", "int32", "int64", "uint8", "float16", "bfloat16", "int8", "int16", "uint16", "uint32", "uint64"])
        {
            Tensor result = GraphRun.Fetch(
                $$"""
                graph {
                  v = VariableV2() {dtype: {{dtype}}, shape: shape[4]}
                  start = Const() {dtype: {{dtype}}, value: {{dtype}}[4] {12, 20, 30, 40} }
                  set = Assign(v, start) {T: {{dtype}} }
                  at = Const() {dtype: int32, value: int32[3] {3, 0, 3} }
                  by = Const() {dtype: {{dtype}}, value: {{dtype}}[3] {2, 4, 1} }
                  out = {{op}}(set, at, by) {T: {{dtype}}, Tindices: int32}
                  f = Cast(out) {SrcT: {{dtype}}, DstT: float64}
                }
                """, "f")[0];
            double[] wanted = [.. expected.Split(' ').Select(v => double.Parse(v, CultureInfo.InvariantCulture))];
            Assert.Equal(wanted, result.Span<double>().ToArray());
        }
    }

    [Theory]
    [InlineData("ScatterNdUpdate", "7 2 3 9")]
    [InlineData("ScatterNdAdd", "8 2 3 13")]
    [InlineData("ScatterNdSub", "-6 2 3 -5")]
    [InlineData("ScatterNdMax", "7 2 3 9")]
    [InlineData("ScatterNdMin", "1 2 3 4")]
    public void Index_vectors_find_what_is_updated_by_reference_and_by_handle(string op, string expected)
    {
        string parts = """
              start = Const() {dtype: float32, value: float32[2,2] {1, 2, 3, 4}}
              at = Const() {dtype: int64, value: int64[2,2] {0, 0, 1, 1}}
              by = Const() {dtype: float32, value: float32[2] {7, 9}}
            """;
        Tensor byReference = GraphRun.Fetch(
            $$"""
            graph {
            {{parts}}
              v = VariableV2() {dtype: float32, shape: shape[2,2]}
              set = Assign(v, start) {T: float32}
              out = {{op}}(set, at, by) {T: float32, Tindices: int64}
            }
            """, "out")[0];
        Tensor byHandle = GraphRun.Fetch(
            $$"""
            graph {
            {{parts}}
              v = VarHandleOp() {dtype: float32, shape: shape[2,2]}
              set = AssignVariableOp(v, start) {dtype: float32}
              change = Resource{{op}}(v, at, by, ^set) {T: float32, Tindices: int64}
              out = ReadVariableOp(v, ^change) {dtype: float32}
            }
            """, "out")[0];
        Assert.Equal(expected, string.Join(' ', byReference.Span<float>().ToArray()));
        Assert.Equal(expected, string.Join(' ', byHandle.Span<float>().ToArray()));
    }

    [Theory]
    [InlineData("int32[1] {4}", "is 4, expected one in [0, 4)")]
    [InlineData("int32[1] {-1}", "is -1")]
    [InlineData("int32[2] {0, 0}", "expected shape [2]")]
    public void A_scatter_outside_of_the_variable_is_an_error(string indices, string message) => Assert.Contains(message, GraphRun.Fault(
        $$"""
        graph {
          v = VariableV2() {dtype: int32, shape: shape[4]}
          start = Const() {dtype: int32, value: int32[4] {1, 2, 3, 4} }
          set = Assign(v, start) {T: int32}
          at = Const() {dtype: int32, value: {{indices}} }
          by = Const() {dtype: int32, value: int32[1] {1} }
          out = ScatterAdd(set, at, by) {T: int32, Tindices: int32}
        }
        """, "out"), StringComparison.Ordinal);

    [Fact]
    public void An_integer_division_by_zero_is_an_error_and_the_smallest_integer_by_minus_one_wraps()
    {
        const string Graph = """
            graph {
              v = VariableV2() {dtype: int32, shape: shape[1]}
              start = Const() {dtype: int32, value: int32[1] {-2147483648}}
              set = Assign(v, start) {T: int32}
              at = Const() {dtype: int32, value: int32[1] {0}}
              by = Const() {dtype: int32, value: int32[1] {-1}}
              out = ScatterDiv(set, at, by) {T: int32, Tindices: int32}
            }
            """;
        Assert.Equal([int.MinValue], GraphRun.Fetch(Graph, "out")[0].Span<int>().ToArray());
        Assert.Contains("by zero", GraphRun.Fault(Graph.Replace("{-1}", "{0}", StringComparison.Ordinal), "out"), StringComparison.Ordinal);
    }

    [Fact]
    public void Gathers_take_rows_of_variables_with_batches_and_by_index_vectors()
    {
        Tensor[] results = GraphRun.Fetch(
            """
            graph {
              v = VarHandleOp() {dtype: string, shape: shape[2,3]}
              start = Const() {dtype: string, value: string[2,3] {"a", "b", "c", "d", "e", "f"}}
              set = AssignVariableOp(v, start) {dtype: string}
              at = Const(^set) {dtype: int32, value: int32[2] {1, 0}}
              rows = ResourceGather(v, at) {dtype: string, Tindices: int32}
              pairs = Const(^set) {dtype: int32, value: int32[2,2] {2, 0, 1, 1}}
              batched = ResourceGather(v, pairs) {dtype: string, Tindices: int32, batch_dims: 1}
              vectors = Const(^set) {dtype: int32, value: int32[2,2] {1, 2, 0, 0}}
              single = ResourceGatherNd(v, vectors) {dtype: string, Tindices: int32}
            }
            """, "rows", "batched", "single");
        Assert.Equal("d|e|f|a|b|c", GraphRun.Text(results[0]));
        Assert.Equal("c|a|e|e", GraphRun.Text(results[1]));
        Assert.Equal("f|a", GraphRun.Text(results[2]));
        Assert.Equal(new Shape(2, 2), results[1].Shape);
    }

    [Fact]
    public void Counting_gives_the_value_before_and_ends_at_the_limit()
    {
        using Model model = GraphParser.Parse(
            """
            graph {
              v = VariableV2() {dtype: int64, shape: shape[]}
              zero = Const() {dtype: int64, value: int64[] {0}}
              init = Assign(v, zero) {T: int64}
              next = CountUpTo(v) {T: int64, limit: 2}
            }
            """);
        using var session = new Session(model);
        GraphRun.Fetch(session, "init");
        Assert.Equal(0, GraphRun.Fetch(session, "next")[0].Span<long>()[0]);
        Assert.Equal(1, GraphRun.Fetch(session, "next")[0].Span<long>()[0]);
        Assert.Contains("limit of 2", Assert.Throws<ModelException>(() => GraphRun.Fetch(session, "next")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_known_of_a_variable_is_known_of_what_is_read_from_it()
    {
        Fact handle = OneOp.Infer("VarHandleOp", [], new() { { "dtype", DType.Float32 }, { "shape", new Shape(-1, 3) } })[0];
        Assert.Equal("float32[?,3]", OneOp.Infer("ReadVariableOp", [handle], new() { { "dtype", DType.Float32 } })[0].ToString());
        Assert.Equal("float32[5,3]", OneOp.Infer("ResourceGather", [handle, new Fact(DType.Int32, new Shape(5))], new() { { "dtype", DType.Float32 } })[0].ToString());
    }

    [Theory]
    [InlineData("RefIdentity(v) {T: float32}")]
    [InlineData("RefSelect(one, w, v) {T: float32, N: 2}")]
    public void References_are_handed_on_so_that_writing_to_them_changes_the_variable(string handed)
    {
        string text = $$$"""
            graph {
              v = VariableV2() {dtype: float32, shape: shape[2]}
              w = VariableV2() {dtype: float32, shape: shape[2]}
              one = Const() {dtype: int32, value: int32[] {1}}
              two = Const() {dtype: int32, value: int32[] {2}}
              start = Const() {dtype: float32, value: float32[2] {1, 2}}
              reference = {{{handed}}}
              set = Assign(reference, start) {T: float32}
              add = AssignAdd(reference, start, ^set) {T: float32}
              after = Identity(v, ^add) {T: float32}
              outside = RefSelect(two, w, v) {T: float32, N: 2}
            }
            """;
        Assert.Equal([2f, 4], GraphRun.Fetch(text, "after")[0].Span<float>().ToArray());
        Assert.Contains("index of 2, expected 0 to 1", GraphRun.Fault(text, "outside"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", 10f, 20f)]
    [InlineData("false", 1f, 2f)]
    public void References_pass_through_conditions(string condition, float first, float second)
    {
        string text = $$$"""
            graph {
              v = VariableV2() {dtype: float32, shape: shape[2]}
              condition = Const() {dtype: bool, value: bool[] {{{{condition}}}}}
              start = Const() {dtype: float32, value: float32[2] {1, 2}}
              other = Const() {dtype: float32, value: float32[2] {10, 20}}
              set = Assign(v, start) {T: float32}
              switch = RefSwitch(v, condition, ^set) {T: float32}
              then = Assign(switch:1, other) {T: float32}
              merge = RefMerge(switch, then) {T: float32, N: 2}
              read = Identity(merge) {T: float32}
              after = Identity(v, ^read) {T: float32}
            }
            """;
        Tensor[] read = GraphRun.Fetch(text, "read", "after");
        Assert.Equal([first, second], read[0].Span<float>().ToArray());
        Assert.Equal([first, second], read[1].Span<float>().ToArray());
        Assert.Contains("'v' before it has a value", GraphRun.Fault(text.Replace(", ^set", "", StringComparison.Ordinal).Replace("true", "false", StringComparison.Ordinal), "read"), StringComparison.Ordinal);
    }

    [Fact]
    public void References_enter_loops()
    {
        // x = 0, three times x + v
        Tensor sum = GraphRun.Fetch(
            """
            graph {
              v = VariableV2() {dtype: float32, shape: shape[]}
              start = Const() {dtype: float32, value: float32[] {5}}
              set = Assign(v, start) {T: float32}
              zero = Const() {dtype: float32, value: float32[] {0}}
              limit = Const() {dtype: float32, value: float32[] {12}}
              x = Enter(zero) {T: float32, frame_name: "loop"}
              step = RefEnter(set) {T: float32, frame_name: "loop", is_constant: true}
              most = Enter(limit) {T: float32, frame_name: "loop", is_constant: true}
              merge = Merge(x, next) {T: float32, N: 2}
              less = Less(merge, most) {T: float32}
              go = LoopCond(less)
              switch = Switch(merge, go) {T: float32}
              out = Exit(switch) {T: float32}
              body = AddV2(switch:1, step) {T: float32}
              next = NextIteration(body) {T: float32}
            }
            """, "out")[0];
        Assert.Equal(15f, sum.Span<float>()[0]);
    }
}
