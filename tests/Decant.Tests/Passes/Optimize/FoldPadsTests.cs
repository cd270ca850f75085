using Decant.Passes.Optimize;

namespace Decant.Tests.Passes.Optimize;

public sealed class FoldPadsTests
{
    private const string Constants = """
        x = Placeholder() {dtype: float32, shape: shape[1,5,5,1]}
        n = NoOp()
        w = Const() {dtype: float32, value: float32[3,3,1,1] {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}}
        even = Const() {dtype: int32, value: int32[4,2] {0, 0, 1, 1, 1, 1, 0, 0}}
        odd = Const() {dtype: int32, value: int32[4,2] {0, 0, 1, 2, 0, 1, 0, 0}}
        batch = Const() {dtype: int32, value: int32[4,2] {0, 1, 0, 0, 0, 0, 0, 0}}
        one = Const() {dtype: float32, value: float32[] {1}}
        zero = Const() {dtype: float32, value: float32[] {0}}
        """;

    private const string Valid = " {T: float32, strides: [1, 1, 1, 1], padding: \"VALID\"}";

    private static PassRun Run(string nodes) => PassRun.Of($"graph {{\n{Constants}\n{nodes}\n}}", ["x", "y"], new FoldPads());

    [Theory]
    [InlineData("p = Pad(x, even, ^n) {T: float32, Tpaddings: int32}\ny = Conv2D(p, w)" + Valid, "SAME")]
    [InlineData("p = Pad(x, odd, ^n) {T: float32, Tpaddings: int32}\ny = Conv2D(p, w)" + Valid, "EXPLICIT")]
    [InlineData("p = PadV2(x, odd, zero, ^n) {T: float32, Tpaddings: int32}\ny = DepthwiseConv2dNative(p, w)" + Valid, "EXPLICIT")]
    [InlineData("p = Pad(x, even, ^n) {T: float32, Tpaddings: int32}\ny = Conv2D(p, w) {T: float32, strides: [1, 2, 2, 1], padding: \"VALID\", dilations: [1, 2, 2, 1]}", "EXPLICIT")]
    [InlineData("p = Pad(x, even, ^n) {T: float32, Tpaddings: int32}\ny = Conv2D(p, w) {T: float32, strides: [1, 1, 1, 1], padding: \"EXPLICIT\", explicit_paddings: [0, 0, 1, 0, 0, 1, 0, 0]}", "EXPLICIT")]
    public void Zeros_around_an_image_are_padded_by_the_convolution(string nodes, string padding)
    {
        PassRun run = Run(nodes);
        Assert.Equal(new Decant.IR.StringAttr(padding), run["y"].Attributes["padding"]);
        run.Has("y", run["y"].Op.Name, "x", "w", "^n");
    }

    [Theory]
    [InlineData("p = PadV2(x, even, one) {T: float32, Tpaddings: int32}\ny = Conv2D(p, w)" + Valid, "another value than 0")]
    [InlineData("p = Pad(x, batch) {T: float32, Tpaddings: int32}\ny = Conv2D(p, w)" + Valid, "the batch or the channels")]
    [InlineData("p = Pad(x, even) {T: float32, Tpaddings: int32}\ny = Conv2D(p, w) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\"}", "as the size of its input demands")]
    public void Other_paddings_are_declined(string nodes, string reason) => Run(nodes).Declines("y", reason);

    [Fact]
    public void A_padded_image_that_others_read_is_declined() => PassRun.Of(
        $"graph {{\n{Constants}\np = Pad(x, even) {{T: float32, Tpaddings: int32}}\ny = Conv2D(p, w){Valid}\nz = Neg(p) {{T: float32}}\n}}", ["x", "y", "z"], new FoldPads()).Declines("y", "other readers");
}
