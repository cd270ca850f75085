using Decant.Passes;
using Decant.Passes.Optimize;

namespace Decant.Tests.Passes.Optimize;

/// <summary>Dropout as TF1 and TF2 write it. What it is replaced by is not what it gives, so graphs are compared as text only.</summary>
public sealed class DropDropoutTests
{
    private static (Model Model, PassReport Report) Run(string nodes)
    {
        Model model = TextGraphs.Parse($$$"""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[2]}
              keep_prob = Placeholder() {dtype: float32, shape: shape[]}
              n = NoOp()
              size = Const() {dtype: int32, value: int32[1] {2}}
              keep = Const() {dtype: float32, value: float32[] {0.8}}
              rate = Const() {dtype: float32, value: float32[] {0.2}}
              scale = Const() {dtype: float32, value: float32[] {1.25}}
              zero = Const() {dtype: float32, value: float32[] {0}}
              one = Const() {dtype: float32, value: float32[] {1}}
              u = RandomUniform(size) {T: int32, dtype: float32, seed: 0, seed2: 0}
              {{{nodes}}}
            }
            """);
        return (model, PassDriver.Run(model, [new DropDropout()], new PassOptions { Kept = ["x", "y"], Verify = true }));
    }

    [Theory]
    [InlineData("d = RealDiv(x, keep, ^n) {T: float32}\na = Add(keep, u) {T: float32}\nf = Floor(a) {T: float32}\ny = Mul(d, f) {T: float32}")]
    [InlineData("d = RealDiv(x, keep_prob, ^n) {T: float32}\na = Add(keep_prob, u) {T: float32}\nf = Floor(a) {T: float32}\ny = Mul(d, f) {T: float32}")]
    [InlineData("m = Mul(u, one) {T: float32}\nv = Add(m, zero) {T: float32}\nd = RealDiv(x, keep, ^n) {T: float32}\na = Add(v, keep) {T: float32}\nf = Floor(a) {T: float32}\ny = Mul(f, d) {T: float32}")]
    [InlineData("d = Mul(x, scale, ^n) {T: float32}\ng = GreaterEqual(u, rate) {T: float32}\ny = SelectV2(g, d, zero) {T: float32}")]
    [InlineData("d = Mul(scale, x, ^n) {T: float32}\ng = GreaterEqual(u, rate) {T: float32}\nc = Cast(g) {SrcT: bool, DstT: float32}\ny = Mul(d, c) {T: float32}")]
    public void Dropout_goes(string nodes)
    {
        (Model model, PassReport report) = Run(nodes);
        Assert.Equal(["drop_dropout: y (dropout is for training)"], report.Edits);
        Assert.Equal("x", model.Graph["y"].Inputs[0].ToString());
        Assert.Equal("n", model.Graph["y"].ControlInputs[0].Name);
    }

    [Theory]
    [InlineData("g = GreaterEqual(u, keep) {T: float32}\nd = Mul(x, scale) {T: float32}\ny = SelectV2(g, d, zero) {T: float32}")]
    [InlineData("a = Add(keep, u) {T: float32}\nf = Floor(a) {T: float32}\ny = Mul(x, f) {T: float32}")]
    public void Noise_of_another_mean_is_declined(string nodes) => Assert.Contains(Run(nodes).Report.Declines, d => d.Reason.Contains("looks like dropout", StringComparison.Ordinal));
}
