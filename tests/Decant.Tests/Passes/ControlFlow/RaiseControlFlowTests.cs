using Decant.IR;
using Decant.Passes;
using Decant.Passes.ControlFlow;

namespace Decant.Tests.Passes.ControlFlow;

public sealed class RaiseControlFlowTests
{
    private const string Cond = """
        graph {
          p = Placeholder() {dtype: bool}
          x = Placeholder() {dtype: float32}
          cond/Switch = Switch(p, p) {T: bool}
          cond/switch_t = Identity(cond/Switch:1) {T: bool}
          cond/pred_id = Identity(p) {T: bool}
          cond/two = Const(^cond/switch_t) {dtype: float32, value: float32[] {2}}
          cond/Mul/Switch = Switch(x, cond/pred_id) {T: float32}
          cond/Mul = Mul(cond/Mul/Switch:1, cond/two) {T: float32}
          cond/Neg/Switch = Switch(x, cond/pred_id) {T: float32}
          cond/Neg = Neg(cond/Neg/Switch) {T: float32}
          cond/Merge = Merge(cond/Neg, cond/Mul) {T: float32, N: 2}
          y = Identity(cond/Merge) {T: float32}
        }
        """;

    private const string Counter = """
        graph {
          n = Placeholder() {dtype: int32}
          zero = Const() {dtype: int32, value: int32[] {0}}
          one = Const() {dtype: int32, value: int32[] {1}}
          w/Enter = Enter(zero) {T: int32, frame_name: "w/frame", is_constant: false, parallel_iterations: 10}
          w/n = Enter(n) {T: int32, frame_name: "w/frame", is_constant: true, parallel_iterations: 10}
          w/one = Enter(one) {T: int32, frame_name: "w/frame", is_constant: true, parallel_iterations: 10}
          w/Merge = Merge(w/Enter, w/Next) {T: int32, N: 2}
          w/Less = Less(w/Merge, w/n) {T: int32}
          w/LoopCond = LoopCond(w/Less)
          w/Switch = Switch(w/Merge, w/LoopCond) {T: int32}
          w/Identity = Identity(w/Switch:1) {T: int32}
          w/Add = AddV2(w/Identity, w/one) {T: int32}
          w/Next = NextIteration(w/Add) {T: int32}
          w/Exit = Exit(w/Switch) {T: int32}
          y = Identity(w/Exit) {T: int32}
        }
        """;

    private static Model Raise(string text, params string[] kept)
    {
        Model model = TextGraphs.Parse(text);
        Model raised = RaiseControlFlow.Run(model, kept.Length == 0 ? null : TextGraphs.Find(model, kept));
        Assert.Empty(Verifier.Find(raised));
        return raised;
    }

    private static IReadOnlyDictionary<string, Tensor> Run(string text, Dictionary<string, Tensor> inputs, params string[] outputs)
    {
        using var session = new Session(TextGraphs.Parse(text));
        return session.Run(inputs, outputs);
    }

    [Fact]
    public void A_cond_becomes_an_if_whose_branches_hold_what_they_alone_need() => TextGraphs.AssertPrints(
        """
        graph {
          p = Placeholder() {dtype: bool}
          x = Placeholder() {dtype: float32}
          y = Identity(cond/If) {T: float32}
          cond/If = StatelessIf(p, x) {Tcond: bool, Tin: [float32], Tout: [float32], then_branch: @cond_If_then, else_branch: @cond_If_else, output_shapes: []}
        }

        function cond_If_then(x_1: float32) returns (out0: float32 = cond/Mul) {
          cond/two = Const() {dtype: float32, value: float32[] {2}}
          cond/Mul = Mul(x_1, cond/two) {T: float32}
        }

        function cond_If_else(x_1: float32) returns (out0: float32 = cond/Neg) {
          cond/Neg = Neg(x_1) {T: float32}
        }
        """,
        Raise(Cond, "y"));

    [Theory]
    [InlineData(true, 6)]
    [InlineData(false, -3)]
    public void A_cond_runs_the_branch_that_is_taken(bool predicate, float expected) =>
        Assert.Equal(expected, Run(Cond, new() { ["p"] = Tensor.Scalar(predicate), ["x"] = Tensor.Scalar(3f) }, "y")["y"].Span<float>()[0]);

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void The_index_of_a_merge_and_the_merge_itself_can_be_fetched(bool predicate, int index)
    {
        IReadOnlyDictionary<string, Tensor> found = Run(Cond, new() { ["p"] = Tensor.Scalar(predicate), ["x"] = Tensor.Scalar(3f) }, "cond/Merge", "cond/Merge:1");
        Assert.Equal(index, found["cond/Merge:1"].Span<int>()[0]);
        Assert.Equal(predicate ? 6 : -3, found["cond/Merge"].Span<float>()[0]);
    }

    [Fact]
    public void A_value_of_one_branch_is_given_when_its_branch_is_taken() =>
        Assert.Equal(6, Run(Cond, new() { ["p"] = Tensor.Scalar(true), ["x"] = Tensor.Scalar(3f) }, "cond/Mul")["cond/Mul"].Span<float>()[0]);

    [Fact]
    public void A_value_of_one_branch_is_refused_when_the_other_is_taken()
    {
        var e = Assert.Throws<ModelException>(() => Run(Cond, new() { ["p"] = Tensor.Scalar(false), ["x"] = Tensor.Scalar(3f) }, "cond/Mul"));
        Assert.Contains("has no value", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_becomes_a_while_with_constants_inside_and_other_captures_handed_on() => TextGraphs.AssertPrints(
        """
        graph {
          n = Placeholder() {dtype: int32}
          zero = Const() {dtype: int32, value: int32[] {0}}
          w/Exit = Identity(w/frame) {T: int32}
          y = Identity(w/Exit) {T: int32}
          w/frame = StatelessWhile(zero, n) {T: [int32, int32], body: @w_frame_body, cond: @w_frame_cond, output_shapes: [], parallel_iterations: 10}
        }

        function w_frame_cond(var0: int32, in0: int32) returns (result: bool = w/Less) {
          one = Const() {dtype: int32, value: int32[] {1}}
          w/Less = Less(var0, in0) {T: int32}
        }

        function w_frame_body(var0: int32, in0: int32) returns (next0: int32 = w/Add, next1: int32 = in0) {
          one = Const() {dtype: int32, value: int32[] {1}}
          w/Identity = Identity(var0) {T: int32}
          w/Add = AddV2(w/Identity, one) {T: int32}
        }
        """,
        Raise(Counter, "y"));

    [Theory]
    [InlineData(5)]
    [InlineData(0)]
    public void A_loop_runs_as_often_as_its_condition_says(int n) =>
        Assert.Equal(n, Run(Counter, new() { ["n"] = Tensor.Scalar(n) }, "w/Exit")["w/Exit"].Span<int>()[0]);

    [Fact]
    public void A_cond_in_a_loop_in_a_cond_runs()
    {
        // if p: i = 0, s = 0; while i < n: s += i < 2 ? 10 : 1; i += 1. Otherwise -1.
        const string text = """
            graph {
              p = Placeholder() {dtype: bool}
              n = Placeholder() {dtype: int32}
              c/sw = Switch(p, p) {T: bool}
              c/t = Identity(c/sw:1) {T: bool}
              c/f = Identity(c/sw:0) {T: bool}
              c/n = Switch(n, p) {T: int32}
              zero = Const(^c/t) {dtype: int32, value: int32[] {0}}
              minus = Const(^c/f) {dtype: int32, value: int32[] {-1}}
              i0 = Enter(zero) {T: int32, frame_name: "f", is_constant: false}
              s0 = Enter(zero) {T: int32, frame_name: "f", is_constant: false}
              nn = Enter(c/n:1) {T: int32, frame_name: "f", is_constant: true}
              i = Merge(i0, in) {T: int32, N: 2}
              s = Merge(s0, sn) {T: int32, N: 2}
              less = Less(i, nn) {T: int32}
              loop = LoopCond(less)
              is = Switch(i, loop) {T: int32}
              ss = Switch(s, loop) {T: int32}
              ii = Identity(is:1) {T: int32}
              two = Const(^ii) {dtype: int32, value: int32[] {2}}
              one = Const(^ii) {dtype: int32, value: int32[] {1}}
              q = Less(ii, two) {T: int32}
              d/sw = Switch(q, q) {T: bool}
              d/t = Identity(d/sw:1) {T: bool}
              d/f = Identity(d/sw:0) {T: bool}
              d/ten = Const(^d/t) {dtype: int32, value: int32[] {10}}
              d/one = Const(^d/f) {dtype: int32, value: int32[] {1}}
              d/m = Merge(d/one, d/ten) {T: int32, N: 2}
              sum = AddV2(ss:1, d/m) {T: int32}
              next = AddV2(ii, one) {T: int32}
              in = NextIteration(next) {T: int32}
              sn = NextIteration(sum) {T: int32}
              out = Exit(ss) {T: int32}
              m = Merge(minus, out) {T: int32, N: 2}
            }
            """;
        Raise(text, "m");
        Assert.Equal(22, Run(text, new() { ["p"] = Tensor.Scalar(true), ["n"] = Tensor.Scalar(4) }, "m")["m"].Span<int>()[0]);
        Assert.Equal(-1, Run(text, new() { ["p"] = Tensor.Scalar(false), ["n"] = Tensor.Scalar(4) }, "m")["m"].Span<int>()[0]);
    }

    [Fact]
    public void Nested_loops_run()
    {
        // i = 0; while i < 3: j = 0; while j < i: total += 1; j += 1; i += 1.
        const string text = """
            graph {
              zero = Const() {dtype: int32, value: int32[] {0}}
              i0 = Enter(zero) {T: int32, frame_name: "a"}
              t0 = Enter(zero) {T: int32, frame_name: "a"}
              z = Enter(zero) {T: int32, frame_name: "a", is_constant: true}
              i = Merge(i0, inext) {T: int32, N: 2}
              t = Merge(t0, tnext) {T: int32, N: 2}
              three = Const(^i) {dtype: int32, value: int32[] {3}}
              less = Less(i, three) {T: int32}
              loop = LoopCond(less)
              is = Switch(i, loop) {T: int32}
              ts = Switch(t, loop) {T: int32}
              ii = Identity(is:1) {T: int32}
              j0 = Enter(z) {T: int32, frame_name: "b"}
              u0 = Enter(ts:1) {T: int32, frame_name: "b"}
              bi = Enter(ii) {T: int32, frame_name: "b", is_constant: true}
              j = Merge(j0, jnext) {T: int32, N: 2}
              u = Merge(u0, unext) {T: int32, N: 2}
              bless = Less(j, bi) {T: int32}
              bloop = LoopCond(bless)
              js = Switch(j, bloop) {T: int32}
              us = Switch(u, bloop) {T: int32}
              jj = Identity(js:1) {T: int32}
              b1 = Const(^jj) {dtype: int32, value: int32[] {1}}
              jadd = AddV2(jj, b1) {T: int32}
              uadd = AddV2(us:1, b1) {T: int32}
              jnext = NextIteration(jadd) {T: int32}
              unext = NextIteration(uadd) {T: int32}
              uout = Exit(us) {T: int32}
              one = Const(^ii) {dtype: int32, value: int32[] {1}}
              iadd = AddV2(ii, one) {T: int32}
              inext = NextIteration(iadd) {T: int32}
              tnext = NextIteration(uout) {T: int32}
              y = Exit(ts) {T: int32}
            }
            """;
        Raise(text, "y");
        Assert.Equal(3, Run(text, [], "y")["y"].Span<int>()[0]);
    }

    [Fact]
    public void Conds_on_the_same_predicate_that_need_each_other_become_two_ifs()
    {
        const string text = """
            graph {
              p = Placeholder() {dtype: bool}
              x = Placeholder() {dtype: float32}
              a/s = Switch(x, p) {T: float32}
              a/neg = Neg(a/s:1) {T: float32}
              a = Merge(a/s, a/neg) {T: float32, N: 2}
              between = Square(a) {T: float32}
              b/s = Switch(between, p) {T: float32}
              b/neg = Neg(b/s:1) {T: float32}
              b = Merge(b/s, b/neg) {T: float32, N: 2}
            }
            """;
        Assert.Equal(2, Raise(text, "b").Graph.Nodes.Count(n => n.Op == "StatelessIf"));
        Assert.Equal(-9, Run(text, new() { ["p"] = Tensor.Scalar(true), ["x"] = Tensor.Scalar(3f) }, "b")["b"].Span<float>()[0]);
    }

    [Fact]
    public void Two_results_of_one_cond_share_an_if()
    {
        const string text = """
            graph {
              p = Placeholder() {dtype: bool}
              x = Placeholder() {dtype: float32}
              s = Switch(x, p) {T: float32}
              a = Neg(s:1) {T: float32}
              b = Square(s:1) {T: float32}
              ma = Merge(s, a) {T: float32, N: 2}
              mb = Merge(s, b) {T: float32, N: 2}
            }
            """;
        Assert.Single(Raise(text, "ma", "mb").Graph.Nodes, n => n.Op == "StatelessIf");
    }

    [Theory]
    [InlineData("Merge(x, x) {T: float32, N: 2}", "exist under the same conditions")]
    [InlineData("Exit(x) {T: float32}", "in none")]
    [InlineData("Enter(x) {T: float32}", "is missing, expected the name of the loop")]
    public void What_has_no_structured_form_is_a_located_error(string node, string message)
    {
        Model model = TextGraphs.Parse($"graph {{ x = Placeholder() {{dtype: float32}}\n bad = {node} }}");
        var e = Assert.Throws<ModelException>(() => RaiseControlFlow.Run(model, TextGraphs.Find(model, "bad")));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Equal("bad", e.Diagnostics[0].Location!.Node);
    }

    [Fact]
    public void A_value_inside_a_loop_cannot_be_fetched()
    {
        var e = Assert.Throws<ModelException>(() => Raise(Counter, "w/Add"));
        Assert.Contains("ask for what leaves the loop", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_without_a_condition_is_a_located_error()
    {
        string text = Counter.Replace("LoopCond(w/Less)", "Identity(w/Less) {T: bool}", StringComparison.Ordinal);
        Assert.Equal(PassErrors.CannotRaise, Assert.Throws<ModelException>(() => Raise(text, "y")).Diagnostics[0].Code);
    }

    [Theory]
    [InlineData("a = Identity() {T: float32}", "a", "has 0 inputs, expected 1")]
    [InlineData("a = Identity(b) {T: float32}\n b = Identity(a) {T: float32}", "a", "cycle")]
    public void An_Identity_that_passes_nothing_on_is_a_located_error(string nodes, string at, string message)
    {
        Model model = TextGraphs.Parse($$"""
            graph {
              p = Placeholder() {dtype: bool}
              x = Placeholder() {dtype: float32}
              s = Switch(x, p) {T: float32}
              {{nodes}}
              sum = Add(s:1, a) {T: float32}
              y = Merge(s, sum) {T: float32, N: 2}
            }
            """);
        var e = Assert.Throws<ModelException>(() => RaiseControlFlow.Run(model, TextGraphs.Find(model, "y")));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Equal(at, e.Diagnostics[0].Location!.Node);
    }

    [Fact]
    public void A_chain_of_a_hundred_thousand_switches_does_not_overflow_the_stack()
    {
        Model model = TextGraphs.Parse("graph { p = Placeholder() {dtype: bool}\n x = Placeholder() {dtype: float32} }");
        Value last = model.Graph["x"];
        for (int i = 0; i < 100_000; i++)
        {
            Node node = model.Graph.Add($"s{i}", "Switch", [last, model.Graph["p"]], new AttributeMap { { "T", DType.Float32 } });
            last = new Value(node, 1);
        }

        Value end = model.Graph.Add("end", "Identity", [last], new AttributeMap { { "T", DType.Float32 } });
        Model raised = RaiseControlFlow.Run(model, [end]);
        Assert.DoesNotContain(raised.Graph.Nodes, n => n.Op == "Switch");
    }
}
