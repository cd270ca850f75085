using Decant.IR;
using Decant.Passes;

namespace Decant.Tests.Passes;

public sealed class InlineFunctionsTests
{
    private static Model Inline(string text, params string[] kept)
    {
        Model inlined = InlineFunctions.Run(TextGraphs.Parse(text), kept);
        Assert.Empty(Verifier.Find(inlined));
        return inlined;
    }

    [Fact]
    public void Calls_of_calls_become_their_nodes() => TextGraphs.AssertPrints(
        """
        graph {
          x = Placeholder() {dtype: float32}
          y = Neg(call/inner/sum) {T: float32}
          call/inner/sum = AddV2(x, x) {T: float32}
        }
        """,
        Inline(
            """
            graph {
              x = Placeholder() {dtype: float32}
              call = PartitionedCall(x) {Tin: [float32], Tout: [float32], f: @outer}
              y = Neg(call) {T: float32}
            }
            function outer(a: float32) returns (r: float32 = inner) {
              inner = PartitionedCall(a, a) {Tin: [float32, float32], Tout: [float32], f: @add {T: float32}}
            }
            function add(p: $T, q: $T) returns (z: $T = sum) {
              sum = AddV2(p, q) {T: $T}
            }
            """,
            "y"));

    [Fact]
    public void A_call_that_is_kept_hands_on_its_results_under_its_name() => TextGraphs.AssertPrints(
        """
        graph {
          x = Placeholder() {dtype: float32}
          call = IdentityN(x, call/n) {T: [float32, float32]}
          call/n = Neg(x) {T: float32}
        }
        """,
        Inline(
            """
            graph {
              x = Placeholder() {dtype: float32}
              call = StatefulPartitionedCall(x) {Tin: [float32], Tout: [float32, float32], f: @f}
            }
            function f(a: float32) returns (r: float32 = a, s: float32 = n) {
              n = Neg(a) {T: float32}
            }
            """,
            "call"));

    [Fact]
    public void A_legacy_call_has_the_name_of_the_function_as_its_op() => TextGraphs.AssertPrints(
        """
        graph {
          x = Placeholder() {dtype: float32}
          y = Neg(c/n) {T: float32}
          c/n = Square(x) {T: float32}
        }
        """,
        Inline(
            """
            graph {
              x = Placeholder() {dtype: float32}
              c = my_square(x) {U: float32}
              y = Neg(c) {T: float32}
            }
            function my_square(a: $U) returns (r: $U = n) {
              n = Square(a) {T: $U}
            }
            """,
            "y"));

    [Theory]
    [InlineData("segment_func: @segment")]
    [InlineData("segment_funcdef_name: \"segment\"")]
    public void An_engine_of_TensorRT_becomes_the_segment_it_was_made_of(string attribute) => TextGraphs.AssertPrints(
        """
        graph {
          x = Placeholder() {dtype: float32}
          y = Neg(engine/s) {T: float32}
          engine/s = Square(x) {T: float32}
        }
        """,
        Inline(
            $$"""
            graph {
              x = Placeholder() {dtype: float32}
              engine = TRTEngineOp(x) {InT: [float32], OutT: [float32], {{attribute}}, serialized_segment: ""}
              y = Neg(engine) {T: float32}
            }
            function segment(a: float32) returns (r: float32 = s) {
              s = Square(a) {T: float32}
            }
            """,
            "y"));

    [Fact]
    public void Effects_come_after_what_the_call_waits_for_and_before_what_reads_its_results() => TextGraphs.AssertPrints(
        """
        graph {
          v = VarHandleOp() {dtype: float32, shape: shape[]}
          one = Const() {dtype: float32, value: float32[] {1}}
          first = NoOp()
          call = Identity(call/read, ^first, ^call/add)
            {T: float32}
          y = Neg(call) {T: float32}
          call/add = AssignAddVariableOp(v, one, ^first) {dtype: float32}
          call/read = ReadVariableOp(v, ^call/add, ^first) {dtype: float32}
        }
        """.Replace("\n    {T", " {T", StringComparison.Ordinal),
        Inline(
            """
            graph {
              v = VarHandleOp() {dtype: float32, shape: shape[]}
              one = Const() {dtype: float32, value: float32[] {1}}
              first = NoOp()
              call = StatefulPartitionedCall(v, one, ^first) {Tin: [resource, float32], Tout: [float32], f: @f}
              y = Neg(call) {T: float32}
            }
            function f(h: resource, d: float32) stateful returns (r: float32 = read) controls (add = add) {
              add = AssignAddVariableOp(h, d) {dtype: float32}
              read = ReadVariableOp(h, ^add) {dtype: float32}
            }
            """,
            "y"));

    [Theory]
    [InlineData("function f(a: float32) returns (r: float32 = c) { c = PartitionedCall(a) {f: @g} }\nfunction g(a: float32) returns (r: float32 = c) { c = PartitionedCall(a) {f: @f} }", "f -> g -> f")]
    [InlineData("function f(a: float32, b: float32) returns (r: float32 = a) { }", "1 inputs, but the function 'f' has 2 arguments")]
    [InlineData("", "which the model does not have")]
    public void What_cannot_be_inlined_is_a_located_error(string functions, string message)
    {
        Model model = TextGraphs.Parse($"graph {{ x = Placeholder() {{dtype: float32}}\n call = PartitionedCall(x) {{f: @f}} }}\n{functions}");
        var e = Assert.Throws<ModelException>(() => InlineFunctions.Run(model));
        Assert.Equal(PassErrors.CannotInline, e.Diagnostics[0].Code);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Functions_that_double_at_every_level_are_refused_before_memory_runs_out()
    {
        var text = new System.Text.StringBuilder("graph { x = Placeholder() {dtype: float32}\n c = PartitionedCall(x) {f: @f0} }\n");
        for (int i = 0; i < 64; i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"function f{i}(a: float32) returns (r: float32 = d) {{ c = PartitionedCall(a) {{f: @f{i + 1}}}\n d = PartitionedCall(c) {{f: @f{i + 1}}} }}\n");
        text.Append("function f64(a: float32) returns (r: float32 = a) { }");
        Assert.Contains("more than", Assert.Throws<ModelException>(() => InlineFunctions.Run(TextGraphs.Parse(text.ToString()))).Message, StringComparison.Ordinal);
    }
}
