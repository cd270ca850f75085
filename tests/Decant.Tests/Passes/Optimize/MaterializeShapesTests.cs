using Decant.Passes.Optimize;

namespace Decant.Tests.Passes.Optimize;

public sealed class MaterializeShapesTests
{
    private static PassRun Run(string nodes, params string[] kept) => PassRun.Of($"graph {{\n{nodes}\n}}", kept, new MaterializeShapes());

    [Fact]
    public void Known_shapes_sizes_and_ranks_become_constants() => Run(
        """
        x = Placeholder() {dtype: float32, shape: shape[2, 3]}
        s = Shape(x) {T: float32, out_type: int64}
        z = Size(x) {T: float32, out_type: int32}
        r = Rank(x) {T: float32}
        """, "x", "s", "z", "r").Gives(
        """
        x = Placeholder() {dtype: float32, shape: shape[2, 3]}
        s = Const() {dtype: int64, value: int64[2] {2, 3}}
        z = Const() {dtype: int32, value: int32[] {6}}
        r = Const() {dtype: int32, value: int32[] {2}}
        """);

    [Fact]
    public void Of_several_shapes_those_that_are_known_are_taken() => Run(
        """
        x = Placeholder() {dtype: float32, shape: shape[2, 3]}
        z = Placeholder() {dtype: float32, shape: shape[?, 3]}
        s = ShapeN(x, z) {T: float32, N: 2, out_type: int32}
        y = Add(s:1, s) {T: int32}
        """, "x", "z", "y").Gives(
        """
        x = Placeholder() {dtype: float32, shape: shape[2, 3]}
        z = Placeholder() {dtype: float32, shape: shape[?, 3]}
        s = ShapeN(x, z) {T: float32, N: 2, out_type: int32}
        y = Add(s:1, s/port_0) {T: int32}
        s/port_0 = Const() {dtype: int32, value: int32[2] {2, 3}}
        """);

    [Fact]
    public void What_had_an_effect_before_is_still_waited_for() => Run(
        """
        x = Placeholder() {dtype: float32, shape: shape[2]}
        n = NoOp()
        p = Print(x) {T: float32, U: [], message: "seen"}
        a = Neg(p) {T: float32}
        s = Shape(a, ^n) {T: float32, out_type: int32}
        y = Identity(s) {T: int32}
        """, "x", "y").Gives(
        """
        x = Placeholder() {dtype: float32, shape: shape[2]}
        n = NoOp()
        p = Print(x) {T: float32, U: [], message: "seen"}
        a = Neg(p) {T: float32}
        s = Const(^n, ^a) {dtype: int32, value: int32[1] {2}}
        y = Identity(s) {T: int32}
        """);

    [Fact]
    public void Shapes_that_depend_on_the_input_stay() => Assert.Empty(Run(
        """
        x = Placeholder() {dtype: float32, shape: shape[?, 3]}
        y = Shape(x) {T: float32, out_type: int32}
        """, "x", "y").Report.Edits);
}
