using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;

namespace Decant.Tests.Lowering;

public sealed class UnknownTypeTests
{
    [Theory]
    [InlineData("Reshape(z, s) {T: float32, Tshape: int32}")]
    [InlineData("Neg(z) {T: float32}")]
    [InlineData("Transpose(z, s) {T: float32, Tperm: int32}")]
    [InlineData("AddV2(z, z) {T: float32}")]
    public void What_reads_an_op_that_nobody_knows_is_refused_with_it(string reader)
    {
        using Model model = GraphParser.Parse($"graph {{ x = Placeholder() {{dtype: float32, shape: shape[2, 2]}} s = Const() {{dtype: int32, value: int32[2] {{1, 0}}}} z = Unheard(x) y = {reader} }}");
        ModelException e = Assert.Throws<ModelException>(() => model.Convert());
        Assert.Contains(e.Diagnostics, d => d.Code == ConvertErrors.UnsupportedOp && d.Location?.Node == "z");
    }
}
