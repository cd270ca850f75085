using Decant.Passes.Optimize;

namespace Decant.Tests.Passes.Optimize;

public sealed class RemoveIdentitiesTests
{
    private static PassRun Run(string nodes, params string[] kept) => PassRun.Of($"graph {{\nx = Placeholder() {{dtype: float32, shape: shape[2]}}\n{nodes}\n}}", kept, new RemoveIdentities());

    [Theory]
    [InlineData("i = Identity(x) {T: float32}")]
    [InlineData("i = StopGradient(x) {T: float32}")]
    [InlineData("i = PreventGradient(x) {T: float32, message: \"m\"}")]
    [InlineData("i = Snapshot(x) {T: float32}")]
    [InlineData("i = CheckNumerics(x) {T: float32, message: \"m\"}")]
    [InlineData("i = Print(x) {T: float32, U: [], message: \"m\"}")]
    [InlineData("i = IdentityN(x) {T: [float32]}")]
    public void Readers_read_what_the_node_hands_on(string node) => Run($"{node}\ny = Neg(i, ^i) {{T: float32}}", "x", "y").Has("y", "Neg", "x", "^x").Does($"remove_identities: i ({node.Split(" = ")[1].Split('(')[0]})");

    [Fact]
    public void Each_output_of_several_is_handed_on() => Run(
        """
        n = Neg(x) {T: float32}
        i = IdentityN(x, n) {T: [float32, float32]}
        y = Sub(i:1, i) {T: float32}
        """, "x", "y").Has("y", "Sub", "n", "x");

    [Fact]
    public void The_name_of_an_output_stays_and_its_readers_read_past_it() =>
        Run("n = Neg(x) {T: float32}\ni = Identity(n) {T: float32}\ny = Abs(i) {T: float32}", "x", "i", "y").Has("i", "Identity", "n").Has("y", "Abs", "n");

    [Fact]
    public void A_check_that_is_an_output_becomes_an_identity() =>
        Run("n = Neg(x) {T: float32}\ny = CheckNumerics(n) {T: float32, message: \"m\"}", "x", "y").Has("y", "Identity", "n");

    [Fact]
    public void What_it_waited_for_its_reader_waits_for() =>
        Run("a = NoOp()\ni = Identity(x, ^a) {T: float32}\ny = Neg(i) {T: float32}", "x", "y").Has("y", "Neg", "x", "^a");

    [Fact]
    public void An_assertion_becomes_a_node_that_only_waits() => Run(
        """
        axis = Const() {dtype: int32, value: int32[1] {0}}
        zero = Const() {dtype: float32, value: float32[2] {0, 0}}
        each = GreaterEqual(x, zero) {T: float32}
        all = All(each, axis) {Tidx: int32, keep_dims: false}
        check = Assert(all, x) {T: [float32], summarize: 3}
        y = Neg(x, ^check) {T: float32}
        """, "x", "y").Has("check", "NoOp", "^all", "^x").Has("y", "Neg", "x", "^check");

    [Fact]
    public void Many_waiting_for_many_is_declined() => Run(
        """
        a = NoOp()
        b = NoOp()
        c = NoOp()
        i = Identity(x, ^a, ^b, ^c) {T: float32}
        p = Neg(i) {T: float32}
        q = Abs(i) {T: float32}
        y = Add(p, q) {T: float32}
        z = Sub(p, i) {T: float32}
        """, "x", "y", "z").Declines("i", "its 3 readers would each wait for 3 nodes");

    [Fact]
    public void What_places_others_in_a_branch_stays() => Run(
        """
        p = Const() {dtype: bool, value: bool[] {true}}
        s = Switch(x, p) {T: float32}
        t = Identity(s:1) {T: float32}
        c = Const(^t) {dtype: float32, value: float32[] {2}}
        d = Mul(s:1, c) {T: float32}
        y = Merge(s, d) {T: float32, N: 2}
        """, "x", "y").Declines("t", "which branch or loop");

    [Fact]
    public void A_branch_does_not_wait_for_both_sides() => Run(
        """
        p = Const() {dtype: bool, value: bool[] {true}}
        s = Switch(x, p) {T: float32}
        a = NoOp(^s)
        t = Identity(s:1, ^a) {T: float32}
        d = Neg(s) {T: float32}
        y = Merge(d, t) {T: float32, N: 2}
        """, "x", "y").Declines("t", "makes a branch or loop wait");
}
