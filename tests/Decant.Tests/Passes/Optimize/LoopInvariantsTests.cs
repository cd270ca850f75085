using Decant.Passes.Optimize;

namespace Decant.Tests.Passes.Optimize;

public sealed class LoopInvariantsTests
{
    private static string Loop(string body, string result = "s", string more = "") => $$$"""
        graph {
          x = Placeholder() {dtype: float32, shape: shape[2]}
          w = Placeholder() {dtype: float32, shape: shape[2]}
          i = Const() {dtype: int32, value: int32[] {0}}
          loop = StatelessWhile(i, x, w) {T: [int32, float32, float32], cond: @cond, body: @body, output_shapes: [shape[], shape[2], shape[2]], parallel_iterations: 1}
          y = Identity(loop:1) {T: float32}
          {{{more}}}
        }
        function cond(i: int32, v: float32, w: float32) returns (r: bool = c) {
          n = Const() {dtype: int32, value: int32[] {3}}
          c = Less(i, n) {T: int32}
        }
        function body(i: int32, v: float32, w: float32) returns (ri: int32 = next, rv: float32 = {{{result}}}, rw: float32 = w) {
          one = Const() {dtype: int32, value: int32[] {1}}
          next = AddV2(i, one) {T: int32}
          {{{body}}}
        }
        """;

    private static PassRun Run(string text) => PassRun.Of(text, ["x", "w", "y"], new LoopInvariants());

    [Fact]
    public void What_the_loop_does_not_change_is_computed_before_it() => Run(Loop("half = Const() {dtype: float32, value: float32[] {0.5}}\ng = Mul(w, half) {T: float32}\nh = Exp(g) {T: float32}\ns = AddV2(v, h) {T: float32}")).GivesModel(
        """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[2]}
          w = Placeholder() {dtype: float32, shape: shape[2]}
          i = Const() {dtype: int32, value: int32[] {0}}
          loop = StatelessWhile(i, x, w, loop/h) {T: [int32, float32, float32, float32], cond: @cond, body: @body, output_shapes: [shape[], shape[2], shape[2], shape[2]], parallel_iterations: 1}
          y = Identity(loop:1) {T: float32}
          loop/half = Const() {dtype: float32, value: float32[] {0.5}}
          loop/g = Mul(w, loop/half) {T: float32}
          loop/h = Exp(loop/g) {T: float32}
        }
        function cond(i: int32, v: float32, w: float32, h_invariant: float32) returns (r: bool = c) {
          n = Const() {dtype: int32, value: int32[] {3}}
          c = Less(i, n) {T: int32}
        }
        function body(i: int32, v: float32, w: float32, h_invariant: float32) returns (ri: int32 = next, rv: float32 = s, rw: float32 = w, h_invariant_out: float32 = h_invariant) {
          one = Const() {dtype: int32, value: int32[] {1}}
          next = AddV2(i, one) {T: int32}
          s = AddV2(v, h_invariant) {T: float32}
        }
        """);

    [Theory]
    [InlineData("s = AddV2(v, w) {T: float32}")]
    [InlineData("s = Exp(v) {T: float32}")]
    [InlineData("n = NoOp()\ng = Exp(w, ^n) {T: float32}\ns = AddV2(v, g) {T: float32}")]
    [InlineData("zero = Const() {dtype: int32, value: int32[] {0}}\ng = GatherV2(w, zero, zero) {Tparams: float32, Tindices: int32, Taxis: int32}\ns = AddV2(v, g) {T: float32}")]
    public void What_changes_waits_or_could_fail_stays(string body) => Run(Loop(body)).Does();

    [Fact]
    public void A_body_that_two_loops_have_is_declined() => Run(Loop(
        "g = Exp(w) {T: float32}\ns = AddV2(v, g) {T: float32}",
        more: "second = StatelessWhile(i, x, w) {T: [int32, float32, float32], cond: @cond, body: @body, output_shapes: [], parallel_iterations: 1}")).Declines("loop", "called elsewhere too");
}
