using Decant.Passes;
using Decant.Passes.Optimize;

namespace Decant.Tests.Passes.Optimize;

public sealed class ConstantFoldingTests
{
    private static PassRun Fold(string nodes, string[] kept, ConstantFoldingOptions? options = null) => PassRun.Of($"graph {{\n{nodes}\n}}", kept, new ConstantFolding(options));

    [Fact]
    public void A_node_of_constants_becomes_the_constant_of_its_result_under_its_name() => Fold(
        """
        x = Placeholder() {dtype: float32, shape: shape[2]}
        a = Const() {dtype: float32, value: float32[2] {1, 2}}
        b = Const() {dtype: float32, value: float32[2] {3, 4}}
        c = AddV2(a, b) {T: float32} device "/cpu:0"
        d = Neg(c) {T: float32}
        y = Mul(x, d) {T: float32}
        """, ["x", "y"]).Gives(
        """
        x = Placeholder() {dtype: float32, shape: shape[2]}
        a = Const() {dtype: float32, value: float32[2] {1, 2}}
        b = Const() {dtype: float32, value: float32[2] {3, 4}}
        c = Const() {dtype: float32, value: float32[2] {4, 6}} device "/cpu:0"
        d = Const() {dtype: float32, value: float32[2] {-4, -6}}
        y = Mul(x, d) {T: float32}
        """);

    [Fact]
    public void An_output_of_the_model_is_folded_under_its_name() => Fold(
        """
        a = Const() {dtype: float32, value: float32[1] {1}}
        y = Neg(a) {T: float32}
        """, ["y"]).Gives(
        """
        a = Const() {dtype: float32, value: float32[1] {1}}
        y = Const() {dtype: float32, value: float32[1] {-1}}
        """);

    [Fact]
    public void Each_output_that_is_read_becomes_a_constant() => Fold(
        """
        x = Placeholder() {dtype: float32, shape: shape[1]}
        axis = Const() {dtype: int32, value: int32[] {0}}
        a = Const() {dtype: float32, value: float32[3] {1, 2, 3}}
        s = Split(axis, a) {T: float32, num_split: 3}
        t = Mul(x, s:2) {T: float32}
        y = Add(t, s) {T: float32}
        """, ["x", "y"]).Gives(
        """
        x = Placeholder() {dtype: float32, shape: shape[1]}
        axis = Const() {dtype: int32, value: int32[] {0}}
        a = Const() {dtype: float32, value: float32[3] {1, 2, 3}}
        t = Mul(x, s/folded_2) {T: float32}
        y = Add(t, s/folded_0) {T: float32}
        s/folded_0 = Const() {dtype: float32, value: float32[1] {1}}
        s/folded_2 = Const() {dtype: float32, value: float32[1] {3}}
        """);

    [Fact]
    public void What_the_node_and_its_inputs_waited_for_the_constant_waits_for() => Fold(
        """
        x = Placeholder() {dtype: float32, shape: shape[1]}
        n = NoOp()
        m = NoOp()
        a = Const(^n) {dtype: float32, value: float32[1] {1}}
        b = Neg(a, ^m) {T: float32}
        y = Mul(x, b, ^b) {T: float32}
        """, ["x", "y"]).Gives(
        """
        x = Placeholder() {dtype: float32, shape: shape[1]}
        n = NoOp()
        m = NoOp()
        a = Const(^n) {dtype: float32, value: float32[1] {1}}
        b = Const(^m, ^n) {dtype: float32, value: float32[1] {-1}}
        y = Mul(x, b, ^b) {T: float32}
        """);

    public static TheoryData<string, string, string> Declined => new()
    {
        { "r = RandomUniform(two) {T: int32, dtype: float32, seed: 1, seed2: 2}", "r", "has effects" },
        { "r = PlaceholderWithDefault(one) {dtype: float32, shape: shape[1]}", "r", "has effects" },
        { "r = CheckNumerics(one) {T: float32, message: \"m\"}", "r", "has effects" },
        { "r = TensorListFromTensor(one, none) {element_dtype: float32, shape_type: int32}", "r", "has effects" },
        { "r = Fill(large, half) {T: float32, index_type: int32}", "r", "would make the model 119988 bytes larger" },
        { "r = Fill(huge, half) {T: float32, index_type: int32}", "r", "more than a constant may take" },
        { "r = Cos(one) {T: float32}", "r", "is excluded" },
        { "named = Sin(one) {T: float32}\n r = Identity(named) {T: float32}", "named", "is excluded" },
    };

    [Theory]
    [MemberData(nameof(Declined))]
    public void What_must_not_be_folded_is_declined(string node, string declined, string reason)
    {
        Model model = TextGraphs.Parse($$$"""
            graph {
              one = Const() {dtype: float32, value: float32[1] {1}}
              half = Const() {dtype: float32, value: float32[] {0.5}}
              two = Const() {dtype: int32, value: int32[1] {2}}
              none = Const() {dtype: int32, value: int32[0] {}}
              large = Const() {dtype: int32, value: int32[2] {100, 300}}
              huge = Const() {dtype: int32, value: int32[2] {100000, 300000}}
              {{{node}}}
            }
            """);
        var pass = new ConstantFolding(new ConstantFoldingOptions { ExcludedOps = ["Cos"], ExcludedNodes = ["named"] });
        PassReport report = PassDriver.Run(model, [pass], new PassOptions { Kept = ["r"], Verify = true });
        Assert.DoesNotContain(report.Edits, e => e.EndsWith($": {declined}", StringComparison.Ordinal));
        Assert.Contains(report.Declines, d => d.Node == declined && d.Reason.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_constant_that_others_read_too_stays_so_a_large_result_is_not_free()
    {
        const string Graph = """
            shape = Const() {dtype: int32, value: int32[2] {100, 300}}
            half = Const() {dtype: float32, value: float32[] {0.5}}
            w = Fill(shape, half) {T: float32, index_type: int32}
            v = Neg(w) {T: float32}
            u = Sqrt(w) {T: float32}
            y = Sub(v, u) {T: float32}
            """;
        var generous = new ConstantFoldingOptions { MaxGrowth = 200_000 };
        Assert.Equal(["constant_folding: w"], Fold(Graph, ["y"], generous).Report.Edits.Take(1));
        Assert.Equal(4, Fold(Graph, ["y"], generous).Report.Edits.Count);
        Assert.Empty(Fold(Graph, ["y"]).Report.Edits);
    }

    [Fact]
    public void Many_constants_that_are_each_small_enough_share_a_budget()
    {
        const string Graph = """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[100]}
              shape = Const() {dtype: int32, value: int32[1] {100}}
              a = Const() {dtype: float32, value: float32[] {1}}
              b = Const() {dtype: float32, value: float32[] {2}}
              c = Const() {dtype: float32, value: float32[] {3}}
              p = Fill(shape, a) {T: float32, index_type: int32}
              q = Fill(shape, b) {T: float32, index_type: int32}
              r = Fill(shape, c) {T: float32, index_type: int32}
              y = AddN(x, p, q, r) {T: float32, N: 4}
            }
            """;
        PassReport report = PassRun.Of(Graph, ["y"], new ConstantFolding(budget: new GrowthBudget(800))).Report;
        Assert.Equal(["constant_folding: p", "constant_folding: q"], report.Edits);
        Assert.Contains(report.Declines, d => d is { Node: "r", Reason: "would make the model 392 bytes larger, 8 are left of what all that is folded may add" });
    }

    [Fact]
    public void Parameters_are_read() => Assert.Empty(PassRun.Of(
        """
        graph {
          a = Const() {dtype: float32, value: float32[1] {1}}
          y = Neg(a) {T: float32}
        }
        """, ["y"], PassTable.Find("constant_folding")!.Make(new PassParameters(new[] { ("exclude_op", "Neg") }.ToLookup(p => p.Item1, p => p.Item2)))).Report.Edits);
}
