using Decant.IR;
using Decant.Passes;

namespace Decant.Tests.Passes.Transforms;

public sealed class StripAndRemoveTests
{
    private const string Text = """
        graph {
          bytes = Placeholder() {dtype: string, shape: shape[?]}
          decoded = Cast(raw) {SrcT: uint8, DstT: float32}
          raw = DecodeRaw(bytes) {out_type: uint8}
          a = Identity(decoded) {T: float32}
          checked = CheckNumerics(a) {T: float32, message: "bad"}
          y = Neg(checked) {T: float32}
          other = Abs(checked) {T: float32}
        }
        """;

    [Fact]
    public void What_outputs_do_not_need_goes_and_an_inner_input_becomes_a_placeholder()
    {
        Transformed it = Transformed.Run(Text, "strip_unused_nodes(type=float, shape=\"1,3\")", "decoded").Has("decoded=Placeholder", "a=Identity", "checked=CheckNumerics", "y=Neg");
        Assert.Equal(DType.Float32, ((TypeAttr)it["decoded"].Attributes["dtype"]!).Value);
        Assert.Equal(new Shape(1, 3), ((ShapeAttr)it["decoded"].Attributes["shape"]!).Value);
        Assert.Empty(it.Model.Transform("strip_unused_nodes(type=float, shape=\"1,3\")", ["decoded"], ["y"]).Report.Edits);
    }

    [Fact]
    public void Types_and_shapes_are_given_by_name()
    {
        Transformed it = Transformed.Run(Text, "strip_unused_nodes(type=float, name=raw, type_for_name=uint8, shape_for_name=\"2,-1\")", "raw");
        Assert.Equal(DType.UInt8, ((TypeAttr)it["raw"].Attributes["dtype"]!).Value);
        Assert.Equal(new Shape(2, -1), ((ShapeAttr)it["raw"].Attributes["shape"]!).Value);
        Assert.Contains(Transformed.Run(Text, "strip_unused_nodes(name=rw, type_for_name=uint8)", "raw").Report.Declines, d => d.Reason == "'rw' is no input; did you mean 'raw'?");
    }

    [Fact]
    public void A_type_or_shape_that_could_not_be_fed_gives_way_to_what_is_known()
    {
        Transformed it = Transformed.Run(Text, "strip_unused_nodes(type=float)", "raw");
        Assert.Equal(DType.UInt8, ((TypeAttr)it["raw"].Attributes["dtype"]!).Value);
        Assert.Contains(it.Report.Declines, d => d.Reason.Contains("is of type uint8, and cannot be fed as float32", StringComparison.Ordinal));

        const string Known = "graph { p = Placeholder() {dtype: float32, shape: shape[2]}\n a = Neg(p) {T: float32}\n y = Neg(a) {T: float32} }";
        Transformed shape = Transformed.Run(Known, "strip_unused_nodes(shape=\"2,2\")", "a");
        Assert.Equal(new Shape(2), ((ShapeAttr)shape["a"].Attributes["shape"]!).Value);
        Assert.Contains(shape.Report.Declines, d => d.Reason.Contains("cannot be fed as [2,2]", StringComparison.Ordinal));
    }

    [Fact]
    public void A_placeholder_that_is_there_stays_and_that_is_said()
    {
        Transformed.IsDeclined("graph { x = Placeholder() {dtype: float32, shape: shape[?,2]}\n y = Neg(x) {T: float32} }", "strip_unused_nodes(type=float, shape=\"1,2\")", "is a placeholder already, and stays one of float32[?,2]");
        Assert.Empty(Transformed.Run("graph { x = Placeholder() {dtype: float32, shape: shape[1,2]}\n y = Neg(x) {T: float32} }", "strip_unused_nodes(type=float, shape=\"1,2\")").Report.Declines);
    }

    [Fact]
    public void Several_outputs_of_a_node_become_inputs()
    {
        const string Split = """
            graph {
              p = Placeholder() {dtype: float32, shape: shape[4]}
              axis = Const() {dtype: int32, value: int32[] {0}}
              parts = Split(axis, p) {T: float32, num_split: 2}
              unused = Neg(parts) {T: float32}
              y = Sub(parts:1, parts) {T: float32}
            }
            """;
        Transformed it = Transformed.Run(Split, "strip_unused_nodes", "parts,parts:1").Has("parts=IdentityN", "parts/0=Placeholder", "parts/1=Placeholder", "y=Sub");
        Assert.Equal(new Shape(2), ((ShapeAttr)it["parts/1"].Attributes["shape"]!).Value);
        Assert.Empty(it.Model.Transform("strip_unused_nodes", ["parts:0", "parts:1"], ["y"]).Report.Edits);
        Transformed one = Transformed.Run(Split, "strip_unused_nodes", "parts:1");
        Assert.Contains(one.Report.Declines, d => d.Reason == "is an input whose output 0 is needed too, and is no input");
    }

    [Fact]
    public void Stripping_needs_outputs() => Transformed.Fails("graph { x = Placeholder() {dtype: float32, shape: shape[2]} }", "strip_unused_nodes", PassErrors.CannotTransform, "needs outputs", outputs: "");

    [Fact]
    public void Nodes_of_ops_are_removed_and_outputs_stay()
    {
        Transformed it = Transformed.Run(Text, "remove_nodes(op=Identity, op=CheckNumerics)", "bytes", "y,other");
        Assert.Equal(["remove_nodes: a", "remove_nodes: checked"], it.Report.Edits);
        Assert.Equal("decoded", it["y"].Inputs[0].Node.Name);
        Assert.Empty(Transformed.Run(Text, "remove_nodes(op=Neg)", "bytes").Report.Edits);
    }

    [Fact]
    public void What_a_removed_node_waited_for_its_readers_wait_for()
    {
        const string Waits = """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[2]}
              c = Const() {dtype: bool, value: bool[] {true}}
              assert = Assert(c, x) {T: [float32]}
              a = Identity(x, ^assert) {T: float32}
              y = Neg(a) {T: float32}
            }
            """;
        Transformed it = Transformed.Run(Waits, "remove_nodes(op=Identity)").GivesTheSame();
        Assert.Equal("assert", it["y"].ControlInputs[0].Name);
    }

    [Fact]
    public void Nodes_with_more_inputs_are_removed_when_that_is_said()
    {
        const string Two = "graph { x = Placeholder() {dtype: float32, shape: shape[2]}\n a = Maximum(x, x) {T: float32}\n y = Neg(a) {T: float32} }";
        Assert.Empty(Transformed.Run(Two, "remove_nodes(op=Maximum)").Report.Edits);
        Transformed.Run(Two, "remove_nodes(op=Maximum, max_inputs=2)").Has("x=Placeholder", "y=Neg");
    }

    [Fact]
    public void An_identity_that_holds_a_branch_stays()
    {
        const string Branch = """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[2]}
              p = Placeholder() {dtype: bool, shape: shape[]}
              s = Switch(p, p) {T: bool}
              taken = Identity(s:1) {T: bool}
              c = Const(^taken) {dtype: float32, value: float32[] {1}}
              y = Add(x, c) {T: float32}
            }
            """;
        Transformed.IsDeclined(Branch, "remove_nodes(op=Identity)", "is what nodes wait for to run in one branch only", "x,p");
    }

    [Fact]
    public void A_second_output_that_is_read_keeps_a_node()
    {
        const string Read = "graph { x = Placeholder() {dtype: float32, shape: shape[2]}\n u = Unique(x) {T: float32, out_idx: int32}\n y = Identity(u:1) {T: int32} }";
        Transformed.IsDeclined(Read, "remove_nodes(op=Unique)", "has more outputs in use");
    }

    [Fact]
    public void Duplicates_are_merged_through_their_readers()
    {
        const string Twice = """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[2]}
              z = Placeholder() {dtype: float32, shape: shape[2]}
              c1 = Const() {dtype: float32, value: float32[2] {1, 2}}
              c2 = Const() {dtype: float32, value: float32[2] {1, 2}}
              c3 = Const() {dtype: float32, value: float32[2] {1, 3}}
              a = Mul(x, c1) {T: float32}
              b = Mul(x, c2) {T: float32}
              c = Mul(x, c3) {T: float32}
              s = Add(a, b) {T: float32}
              t = Add(s, c) {T: float32}
              y = Add(t, z) {T: float32}
              out = Add(t, z) {T: float32}
            }
            """;
        Transformed it = Transformed.Run(Twice, "merge_duplicate_nodes", "x", "y,out").GivesTheSame();
        Assert.Equal(["merge_duplicate_nodes: c2 is c1", "merge_duplicate_nodes: b is a"], it.Report.Edits);
        Assert.Empty(it.Model.Transform("merge_duplicate_nodes", ["x"], ["y", "out"]).Report.Edits);
    }

    [Fact]
    public void Random_nodes_and_placeholders_are_no_duplicates()
    {
        const string Random = """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[2]}
              z = Placeholder() {dtype: float32, shape: shape[2]}
              n = Const() {dtype: int32, value: int32[1] {2}}
              r = RandomUniform(n) {T: int32, dtype: float32}
              q = RandomUniform(n) {T: int32, dtype: float32}
              y = AddN(x, z, r, q) {T: float32, N: 4}
            }
            """;
        Assert.Empty(Transformed.Run(Random, "merge_duplicate_nodes").Report.Edits);
    }

    [Fact]
    public void A_graph_with_a_cycle_is_refused_with_its_nodes() =>
        Transformed.Fails("graph { x = Neg(y) {T: float32}\n y = Neg(x) {T: float32} }", "remove_device", GraphErrors.Cycle, "is part of a cycle", "", "");
}
