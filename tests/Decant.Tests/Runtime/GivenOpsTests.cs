using Decant.IR;
using Decant.IR.TextForm;
using Decant.Ops;
using Decant.Tests.Formats.Checkpoint;

namespace Decant.Tests.Runtime;

/// <summary>Sessions of the ops that an app names, which carry nothing else.</summary>
public sealed class GivenOpsTests
{
    private const string Call = """
        graph {
          x = Placeholder() {dtype: float32}
          y = PartitionedCall(x) {Tin: [float32], Tout: [float32], f: @twice}
        }
        function twice(a: float32) returns (r: float32 = sum) {
          sum = AddV2(a, a) {T: float32}
        }
        """;

    private const string Cond = """
        graph {
          p = Placeholder() {dtype: bool}
          x = Placeholder() {dtype: float32}
          s = Switch(x, p) {T: float32}
          a = Neg(s) {T: float32}
          b = Square(s:1) {T: float32}
          y = Merge(a, b) {T: float32, N: 2}
        }
        """;

    private static readonly Dictionary<string, Tensor> Three = new() { ["x"] = Tensor.Scalar(3f) };

    [Fact]
    public void A_model_runs_with_the_ops_it_has()
    {
        using Model model = GraphParser.Parse("graph {\n  x = Placeholder() {dtype: float32}\n  y = Neg(x) {T: float32}\n}");
        using var session = new Session(model, new SessionOptions(new OpTable([KnownOps.Placeholder, KnownOps.Neg])));
        Assert.Equal(-3, session.Run(Three)["y"].Span<float>()[0]);
    }

    [Fact]
    public void An_op_that_was_not_given_is_missing()
    {
        using Model model = GraphParser.Parse("graph {\n  x = Placeholder() {dtype: float32}\n  y = Neg(x) {T: float32}\n}");
        using var session = new Session(model, new SessionOptions(new OpTable([KnownOps.Placeholder])));
        Diagnostic fault = Assert.Throws<ModelException>(() => session.Run(Three)).Diagnostics[0];
        Assert.Equal((OpErrors.NoKernel, "y"), (fault.Code, fault.Location?.Node));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Functions_are_called_where_they_are_not_inlined(bool flattens)
    {
        using Model model = GraphParser.Parse(Call);
        using var session = new Session(model, new SessionOptions(new OpTable([KnownOps.Placeholder, KnownOps.PartitionedCall, KnownOps.AddV2, KnownOps.Identity])) { Flattens = flattens });
        Assert.Equal(6, session.Run(Three)["y"].Span<float>()[0]);
    }

    [Fact]
    public void TF1_control_flow_needs_to_be_flattened()
    {
        using Model model = GraphParser.Parse(Cond);
        var given = new SessionOptions(new OpTable([KnownOps.Placeholder, KnownOps.Neg, KnownOps.Square, KnownOps.StatelessIf, KnownOps.Identity]));
        Diagnostic fault = Assert.Throws<ModelException>(() => new Session(model, given)).Diagnostics[0];
        Assert.Equal(OpErrors.NoKernel, fault.Code);
        Assert.Contains("Flattens", fault.Hint, StringComparison.Ordinal);
        using var session = new Session(model, given with { Flattens = true });
        Assert.Equal(9, session.Run(new Dictionary<string, Tensor>(Three) { ["p"] = Tensor.Scalar(true) }, ["y"])["y"].Span<float>()[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Checkpoints_are_restored_from_where_the_options_say_so(bool reads)
    {
        using var folder = new CheckpointFolder();
        folder.Written("one", ("a", Tensor.Wrap([1f, 2, 3])));
        using Model model = GraphParser.Parse(
            """
            graph {
              file = Placeholder() {dtype: string}
              names = Const() {dtype: string, value: string[1] {"a"}}
              slices = Const() {dtype: string, value: string[1] {""}}
              y = RestoreV2(file, names, slices) {dtypes: [float32]}
            }
            """);
        using var session = new Session(model, new SessionOptions(new OpTable([KnownOps.Placeholder, KnownOps.Const, KnownOps.RestoreV2])) { ReadsCheckpoints = reads });
        var fed = new Dictionary<string, Tensor> { ["file"] = Tensor.FromStrings([folder.Path("one")], Shape.Scalar) };
        if (reads)
            Assert.Equal([1f, 2, 3], session.Run(fed, ["y"])["y"].Span<float>().ToArray());
        else
            Assert.Equal(OpErrors.FileRefused, Assert.Throws<ModelException>(() => session.Run(fed, ["y"])).Diagnostics[0].Code);
    }
}
