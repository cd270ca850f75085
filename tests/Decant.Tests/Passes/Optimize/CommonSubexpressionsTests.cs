using Decant.Passes.Optimize;

namespace Decant.Tests.Passes.Optimize;

public sealed class CommonSubexpressionsTests
{
    private static PassRun Run(string nodes, params string[] kept) =>
        PassRun.Of($"graph {{\nx = Placeholder() {{dtype: float32, shape: shape[2]}}\nw = Placeholder() {{dtype: float32, shape: shape[2]}}\n{nodes}\n}}", ["x", "w", .. kept], new CommonSubexpressions());

    [Fact]
    public void Equal_nodes_become_one_and_their_readers_too() => Run(
        """
        a = Neg(x) {T: float32}
        b = Neg(x) {T: float32, _output_shapes: [shape[2]]}
        c = Abs(a) {T: float32}
        d = Abs(b) {T: float32}
        y = Add(c, d) {T: float32}
        """, "y").Does("common_subexpressions: b (is a)", "common_subexpressions: d (is c)").Has("y", "Add", "c", "c");

    [Fact]
    public void Operands_of_commutative_ops_may_be_exchanged() => Run(
        """
        a = Mul(x, w) {T: float32}
        b = Mul(w, x) {T: float32}
        y = Sub(a, b) {T: float32}
        """, "y").Has("y", "Sub", "a", "a");

    [Fact]
    public void Constants_with_equal_elements_become_one()
    {
        string large = string.Join(", ", Enumerable.Range(0, 40));
        Run(
            $$$"""
            a = Const() {dtype: float32, value: float32[2,20] {{{{large}}}}}
            b = Const() {dtype: float32, value: float32[2,20] {{{{large}}}}}
            c = Const() {dtype: float32, value: float32[2,20] {{{{large[..^2]}}}9}}
            s = Add(a, b) {T: float32}
            y = Add(s, c) {T: float32}
            """, "y").Does("common_subexpressions: b (is a)").Has("s", "Add", "a", "a").Has("y", "Add", "s", "c");
    }

    [Fact]
    public void The_one_that_is_an_output_stays() =>
        Run("a = Neg(x) {T: float32}\nb = Neg(x) {T: float32}\ny = Abs(a) {T: float32}", "b", "y").Does("common_subexpressions: a (is b)").Has("y", "Abs", "b");

    [Fact]
    public void Two_outputs_stay() => Run("a = Neg(x) {T: float32}\nb = Neg(x) {T: float32}", "a", "b").Declines("b", "both are outputs");

    [Theory]
    [InlineData("a = Sub(x, w) {T: float32}\nb = Sub(w, x) {T: float32}")]
    [InlineData("n = NoOp()\na = Neg(x) {T: float32}\nb = Neg(x, ^n) {T: float32}")]
    [InlineData("a = Neg(x) {T: float32}\nb = Neg(x) {T: float32} device \"/cpu:1\"")]
    [InlineData("a = LeakyRelu(x) {T: float32, alpha: 0.1f}\nb = LeakyRelu(x) {T: float32, alpha: 0.2f}")]
    [InlineData("s = Const() {dtype: int32, value: int32[1] {2}}\na = RandomUniform(s) {T: int32, dtype: float32, seed: 1, seed2: 2}\nb = RandomUniform(s) {T: int32, dtype: float32, seed: 1, seed2: 2}")]
    public void What_differs_or_is_drawn_stays(string nodes) => Run($"{nodes}\ny = Sub(a, b) {{T: float32}}", "y").Does();
}
