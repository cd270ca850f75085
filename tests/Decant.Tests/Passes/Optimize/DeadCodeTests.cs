using Decant.Passes;
using Decant.Passes.Optimize;

namespace Decant.Tests.Passes.Optimize;

/// <summary>Branches and loops whose predicate is constant: <see cref="DeadBranches"/> and <see cref="DeadSwitches"/>.</summary>
public sealed class DeadCodeTests
{
    private const string Functions = """

        function neg(a: float32) returns (r: float32 = n) {
          n = Neg(a) {T: float32}
        }
        function abs(a: float32) returns (r: float32 = n) {
          n = Abs(a) {T: float32}
        }
        function never(a: float32) returns (r: bool = c) {
          c = Const() {dtype: bool, value: bool[] {false}}
        }
        """;

    private static PassRun Run(string nodes, Pass pass, params string[] kept) => PassRun.Of($"graph {{\nx = Placeholder() {{dtype: float32, shape: shape[2]}}\nn = NoOp()\n{nodes}\n}}{Functions}", ["x", .. kept], pass);

    [Theory]
    [InlineData("p = Const() {dtype: bool, value: bool[] {true}}\ny = If(p, x, ^n) {Tcond: bool, Tin: [float32], Tout: [float32], then_branch: @neg, else_branch: @abs, output_shapes: []}", "StatefulPartitionedCall", "neg")]
    [InlineData("p = Const() {dtype: int32, value: int32[] {0}}\ny = StatelessIf(p, x, ^n) {Tcond: int32, Tin: [float32], Tout: [float32], then_branch: @neg, else_branch: @abs, output_shapes: []}", "PartitionedCall", "abs")]
    [InlineData("p = Const() {dtype: int32, value: int32[] {7}}\ny = StatelessCase(p, x, ^n) {Tin: [float32], Tout: [float32], branches: [@neg, @abs], output_shapes: []}", "PartitionedCall", "abs")]
    public void The_branch_that_is_always_taken_is_called(string nodes, string op, string function)
    {
        PassRun run = Run(nodes, new DeadBranches(), "y").Has("y", op, "x", "^n");
        Assert.Equal([$"dead_branches: y (always {function})"], run.Report.Edits);
    }

    [Fact]
    public void A_loop_that_is_never_entered_gives_its_inputs() =>
        Run("y = StatelessWhile(x, ^n) {T: [float32], cond: @never, body: @neg, output_shapes: [], parallel_iterations: 1}", new DeadBranches(), "y").Has("y", "Identity", "x", "^n");

    [Fact]
    public void A_predicate_that_is_no_scalar_is_declined() => Run(
        "p = Const() {dtype: bool, value: bool[1] {true}}\ny = StatelessIf(p, x) {Tcond: bool, Tin: [float32], Tout: [float32], then_branch: @neg, else_branch: @abs, output_shapes: []}", new DeadBranches(), "y").Declines("y", "is not one bool");

    private const string Switch = """
        p = Const() {dtype: bool, value: bool[] {true}}
        s = Switch(x, p) {T: float32}
        t = Identity(s:1) {T: float32}
        f = Identity(s) {T: float32}
        two = Const(^t) {dtype: float32, value: float32[] {2}}
        four = Const(^f) {dtype: float32, value: float32[] {4}}
        d = Mul(s:1, two) {T: float32}
        q = Mul(s, four) {T: float32}
        m = Merge(q, d) {T: float32, N: 2}
        """;

    [Fact]
    public void The_side_of_a_switch_that_is_never_taken_goes() => Run(Switch + "\ni = Cast(m:1) {SrcT: int32, DstT: float32}\ny = Sub(m, i) {T: float32}", new DeadSwitches(), "y").Gives(
        """
        x = Placeholder() {dtype: float32, shape: shape[2]}
        n = NoOp()
        p = Const() {dtype: bool, value: bool[] {true}}
        t = Identity(x) {T: float32}
        two = Const(^t) {dtype: float32, value: float32[] {2}}
        d = Mul(x, two) {T: float32}
        m = Identity(d) {T: float32}
        i = Cast(m/value_index) {SrcT: int32, DstT: float32}
        y = Sub(m, i) {T: float32}
        m/value_index = Const() {dtype: int32, value: int32[] {1}}
        """);

    [Fact]
    public void An_output_on_the_other_side_is_declined()
    {
        Model model = TextGraphs.Parse($"graph {{\nx = Placeholder() {{dtype: float32, shape: shape[2]}}\n{Switch}\n}}");
        PassReport report = PassDriver.Run(model, [new DeadSwitches()], new PassOptions { Kept = ["x", "q", "m"], Verify = true });
        Assert.Empty(report.Edits);
        Assert.Contains(report.Declines, d => d.Node == "s" && d.Reason.Contains("never taken", StringComparison.Ordinal));
    }
}
