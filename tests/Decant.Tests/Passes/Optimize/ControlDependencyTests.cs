using Decant.IR.TextForm;
using Decant.Passes;
using Decant.Passes.Optimize;

namespace Decant.Tests.Passes.Optimize;

/// <summary>Of <see cref="ReduceControlDependencies"/> and <see cref="Prune"/>.</summary>
public sealed class ControlDependencyTests
{
    private static PassRun Run(string nodes, params string[] kept) => PassRun.Of($"graph {{\nx = Placeholder() {{dtype: float32, shape: shape[2]}}\n{nodes}\n}}", ["x", .. kept], new ReduceControlDependencies());

    [Fact]
    public void Nobody_waits_for_what_has_no_effect() => Run(
        """
        c = Const() {dtype: float32, value: float32[] {1}}
        n = Neg(x) {T: float32}
        o = NoOp(^n)
        y = Abs(x, ^c, ^n, ^o) {T: float32}
        """, "y").Has("y", "Abs", "x");

    [Fact]
    public void What_has_an_effect_is_waited_for_once() => Run(
        """
        p = Print(x) {T: float32, U: [], message: "m"}
        n = Neg(p) {T: float32}
        m = Abs(n, ^p) {T: float32}
        y = Sub(m, n, ^p, ^m) {T: float32}
        """, "y").Has("m", "Abs", "n").Has("y", "Sub", "m", "n");

    [Fact]
    public void A_node_that_is_only_waited_for_hands_on_what_it_needs() => Run(
        """
        p = Print(x) {T: float32, U: [], message: "m"}
        n = Neg(p) {T: float32}
        y = Abs(x, ^n) {T: float32}
        """, "y").Does("reduce_control_dependencies: y (1 to 1)").Has("y", "Abs", "x", "^p");

    [Fact]
    public void What_places_a_node_in_a_branch_stays() => Run(
        """
        p = Const() {dtype: bool, value: bool[] {true}}
        s = Switch(x, p) {T: float32}
        t = Identity(s:1) {T: float32}
        f = Identity(s) {T: float32}
        c = Const(^t) {dtype: float32, value: float32[2] {2, 3}}
        d = Const(^f) {dtype: float32, value: float32[2] {4, 5}}
        y = Merge(c, d) {T: float32, N: 2}
        """, "y").Does();

    [Fact]
    public void What_outputs_do_not_need_is_removed_but_for_effects_in_functions() => PassRun.Of(
        """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[2]}
          p = Print(x) {T: float32, U: [], message: "main"}
          n = Neg(x) {T: float32}
          y = StatefulPartitionedCall(x) {Tin: [float32], Tout: [float32], f: @f}
        }
        function f(a: float32) stateful returns (r: float32 = m) {
          q = Print(a) {T: float32, U: [], message: "inner"}
          n = Neg(a) {T: float32}
          m = Abs(a) {T: float32}
        }
        """, ["x", "y"], new Prune()).GivesModel(
        """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[2]}
          y = StatefulPartitionedCall(x) {Tin: [float32], Tout: [float32], f: @f}
        }
        function f(a: float32) stateful returns (r: float32 = m) {
          q = Print(a) {T: float32, U: [], message: "inner"}
          m = Abs(a) {T: float32}
        }
        """);

    [Theory]
    [InlineData("c", "c = Const() {dtype: float32, value: float32[] {1}}", "controls (w = \"w/effect\")", "c = Const() {dtype: float32, value: float32[] {1}}\n\"w/effect\" = NoOp()")]
    [InlineData("n", "p = Print(a) {T: float32, U: [], message: \"p\"}\nq = Print(a) {T: float32, U: [], message: \"q\"}\nn = NoOp(^p, ^q)", "controls (w = n)",
        "p = Print(a) {T: float32, U: [], message: \"p\"}\nq = Print(a) {T: float32, U: [], message: \"q\"}\nn = NoOp(^p, ^q)")]
    [InlineData("p", "p = Print(a) {T: float32, U: [], message: \"p\"}", "controls (w = p)", "p = Print(a) {T: float32, U: [], message: \"p\"}")]
    public void What_a_function_waits_for_is_the_same_in_every_further_round(string awaited, string nodes, string controls, string remaining)
    {
        string Text(string signature, string body) => $$"""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[2]}
              y = StatefulPartitionedCall(x) {Tin: [float32], Tout: [float32], f: @f}
            }
            function f(a: float32) stateful returns (r: float32 = m) {{signature}} {
              m = Abs(a) {T: float32}
              {{body}}
            }
            """;
        Model model = TextGraphs.Parse(Text($"controls (w = {awaited})", nodes));
        for (int round = 0; round < 3; round++)
        {
            PassReport report = PassDriver.Run(model, [new ReduceControlDependencies()], new PassOptions { Kept = ["x", "y"], Verify = true, Functions = true });
            Assert.True(round == 0 || report.Edits.Count == 0, string.Join(", ", report.Edits));
        }

        Assert.Empty(Verifier.Find(model));
        Assert.Equal(GraphPrinter.Print(TextGraphs.Parse(Text(controls, remaining))), GraphPrinter.Print(model));
    }
}
