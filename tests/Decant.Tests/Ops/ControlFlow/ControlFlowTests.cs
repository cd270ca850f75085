using Decant.IR;
using Decant.IR.TextForm;
using Decant.TestKit;

namespace Decant.Tests.Ops.ControlFlow;

public sealed class ControlFlowTests
{
    private const string Loop = """
        graph {
          zero = Const() {dtype: int32, value: int32[] {0}}
          limit = Const() {dtype: int32, value: int32[] {LIMIT}}
          one = Const() {dtype: float32, value: float32[400] {ONES}}
          loop = While(zero, limit, one) {T: [int32, int32, float32], cond: @less, body: @step}
          i = Identity(loop) {T: int32}
          x = Identity(loop:2) {T: float32}
        }
        function less(i: int32, n: int32, x: float32) returns (r: bool = l) {
          l = Less(i, n) {T: int32}
        }
        function step(i: int32, n: int32, x: float32) returns (i2: int32 = a, n2: int32 = n, x2: float32 = b) {
          one = Const() {dtype: int32, value: int32[] {1}}
          a = AddV2(i, one) {T: int32}
          half = Const() {dtype: float32, value: float32[] {0.5}}
          b = AddV2(x, half) {T: float32}
        }
        """;

    private static string Counting(int limit) => Loop
        .Replace("LIMIT", $"{limit}", StringComparison.Ordinal)
        .Replace("ONES", string.Join(", ", Enumerable.Repeat("1", 400)), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 1f)]
    [InlineData(1, 1.5f)]
    [InlineData(7, 4.5f)]
    public void A_loop_runs_as_often_as_its_condition_holds(int limit, float expected)
    {
        Tensor[] results = GraphRun.Fetch(Counting(limit), "i", "x");
        Assert.Equal(limit, results[0].Span<int>()[0]);
        Assert.Equal(expected, results[1].Span<float>()[399]);
    }

    [Fact]
    public void A_loop_does_not_take_more_memory_with_more_iterations()
    {
        long Reserved(int limit)
        {
            using Model model = GraphParser.Parse(Counting(limit));
            using var session = new Session(model);
            GraphRun.Fetch(session, "x");
            return session.IntermediateBytes;
        }

        Assert.Equal(Reserved(5), Reserved(500));
    }

    [Fact]
    public void A_loop_without_end_can_be_cancelled()
    {
        using Model model = GraphParser.Parse(
            """
            graph {
              x = Const() {dtype: bool, value: bool[] {true}}
              loop = StatelessWhile(x) {T: [bool], cond: @same, body: @same}
            }
            function same(x: bool) returns (r: bool = x) {
            }
            """);
        using var session = new Session(model);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.ThrowsAny<OperationCanceledException>(() => session.Run(new Dictionary<string, Tensor>(), ["loop"], cancellation: stop.Token));
    }

    [Theory]
    [InlineData("bool[] {true}", 1)]
    [InlineData("bool[] {false}", -1)]
    [InlineData("int32[] {3}", 1)]
    [InlineData("float32[] {0}", -1)]
    [InlineData("string[] {\"\"}", -1)]
    [InlineData("string[] {\"x\"}", 1)]
    [InlineData("float32[0] {}", -1)]
    [InlineData("float32[2] {0, 0}", 1)]
    public void A_branch_is_chosen_by_any_kind_of_condition(string condition, float expected) => Assert.Equal(expected, GraphRun.Fetch(
        $$"""
        graph {
          c = Const() {dtype: {{condition[..condition.IndexOf('[')]}}, value: {{condition}} }
          x = Const() {dtype: float32, value: float32[] {1} }
          y = If(c, x) {Tcond: {{condition[..condition.IndexOf('[')]}}, Tin: [float32], Tout: [float32], then_branch: @keep, else_branch: @negate}
        }
        function keep(x: float32) returns (r: float32 = x) {
        }
        function negate(x: float32) returns (r: float32 = n) {
          n = Neg(x) {T: float32}
        }
        """, "y")[0].Span<float>()[0]);

    [Theory]
    [InlineData(0, 5f)]
    [InlineData(1, -5f)]
    [InlineData(2, 25f)]
    [InlineData(7, 25f)]
    [InlineData(-1, 25f)]
    public void A_case_out_of_range_is_the_last(int index, float expected) => Assert.Equal(expected, GraphRun.Fetch(
        $$"""
        graph {
          i = Const() {dtype: int32, value: int32[] { {{index}} } }
          x = Const() {dtype: float32, value: float32[] {5} }
          y = Case(i, x) {Tin: [float32], Tout: [float32], branches: [@keep, @negate, @square]}
        }
        function keep(x: float32) returns (r: float32 = x) {
        }
        function negate(x: float32) returns (r: float32 = n) {
          n = Neg(x) {T: float32}
        }
        function square(x: float32) returns (r: float32 = n) {
          n = Mul(x, x) {T: float32}
        }
        """, "y")[0].Span<float>()[0]);

    [Theory]
    [InlineData("y = PartitionedCall(x) {Tin: [float32], Tout: [float32], f: @two}", "with 1 values, but it takes 2")]
    [InlineData("y = PartitionedCall(x, x) {Tin: [float32, float32], Tout: [float32], f: @none}", "which the model does not have")]
    [InlineData("y = While(x, x) {T: [float32, float32], cond: @two, body: @two}", "reads 2 results")]
    [InlineData("y = SymbolicGradient(x) {Tin: [float32], Tout: [float32], f: @two}", "gradient of a function")]
    [InlineData("y = StatefulPartitionedCall(x) {Tin: [float32], Tout: [float32], f: @endless}", "endless recursion")]
    public void A_call_that_does_not_fit_its_function_is_an_error(string node, string message) => Assert.Contains(message, GraphRun.Fault(
        $$"""
        graph {
          x = Const() {dtype: float32, value: float32[] {1} }
          {{node}}
        }
        function two(a: float32, b: float32) returns (r: float32 = a) {
        }
        function endless(a: float32) returns (r: float32 = c) {
          c = StatefulPartitionedCall(a) {Tin: [float32], Tout: [float32], f: @endless}
        }
        """, "y"), StringComparison.Ordinal);

    [Fact]
    public void A_for_loop_counts_down_and_up()
    {
        string Graph(int start, int limit, int delta) => $$"""
            graph {
              start = Const() {dtype: int32, value: int32[] { {{start}} } }
              limit = Const() {dtype: int32, value: int32[] { {{limit}} } }
              delta = Const() {dtype: int32, value: int32[] { {{delta}} } }
              zero = Const() {dtype: int32, value: int32[] {0} }
              y = For(start, limit, delta, zero) {T: [int32], body: @add}
            }
            function add(i: int32, sum: int32) returns (r: int32 = n) {
              n = AddV2(i, sum) {T: int32}
            }
            """;
        Assert.Equal(1 + 3 + 5, GraphRun.Fetch(Graph(1, 6, 2), "y")[0].Span<int>()[0]);
        Assert.Equal(3 + 2 + 1, GraphRun.Fetch(Graph(3, 0, -1), "y")[0].Span<int>()[0]);
        Assert.Contains("steps of 0", GraphRun.Fault(Graph(0, 1, 0), "y"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_assertion_fails_with_the_values_it_was_given()
    {
        const string Graph = """
            graph {
              c = Const() {dtype: bool, value: bool[] {false}}
              text = Const() {dtype: string, value: string[] {"x must be positive"}}
              data = Const() {dtype: float32, value: float32[2,3] {1, 2.5, 3, 4, 5, 6}}
              check = Assert(c, text, data) {T: [string, float32], summarize: 4}
              y = Identity(data, ^check) {T: float32}
            }
            """;
        string message = GraphRun.Fault(Graph, "y");
        Assert.Contains("node 'check' (Assert): assertion failed: [x must be positive] [[1 2.5 3][4...]...]", message, StringComparison.Ordinal);
        GraphRun.Fetch(Graph.Replace("{false}", "{true}", StringComparison.Ordinal), "y");
    }

    [Fact]
    public void Optionals_hold_values_or_nothing()
    {
        const string Graph = """
            graph {
              x = Const() {dtype: float32, value: float32[] {3}}
              some = OptionalFromValue(x) {Toutput_types: [float32]}
              none = OptionalNone()
              is = OptionalHasValue(some)
              not = OptionalHasValue(none)
              y = OptionalGetValue(some) {output_types: [float32], output_shapes: [shape[]]}
              z = OptionalGetValue(none) {output_types: [float32], output_shapes: [shape[]]}
            }
            """;
        Tensor[] results = GraphRun.Fetch(Graph, "is", "not", "y");
        Assert.True(results[0].Span<bool>()[0]);
        Assert.False(results[1].Span<bool>()[0]);
        Assert.Equal(3, results[2].Span<float>()[0]);
        Assert.Contains("has no value", GraphRun.Fault(Graph, "z"), StringComparison.Ordinal);
    }

    [Fact]
    public void Shapes_of_a_loop_are_what_output_shapes_says_and_no_more()
    {
        var types = new ListAttr { Types = [DType.Float32] };
        var body = new FunctionAttr("f", []);
        Fact input = new(DType.Float32, new Shape(2));
        Assert.Equal("float32<unknown>", OneOp.Infer("While", [input], new() { { "T", types }, { "cond", body }, { "body", body } })[0].ToString());
        Assert.Equal("float32[?]", OneOp.Infer("While", [input], new() { { "T", types }, { "cond", body }, { "body", body }, { "output_shapes", new ListAttr { Shapes = [new ShapeAttr(new Shape(-1))] } } })[0].ToString());
    }
}
