using Decant.IR;

namespace Decant.Tests.Passes.Transforms;

/// <summary>backport_concatv2, backport_tensor_array_v3, inline_partitionedcall.</summary>
public sealed class BackportTests
{
    private static string Concat(string axis, string type) => $$"""
        graph {
          x = Placeholder() {dtype: float32, shape: shape[2,2]}
          axis = Const() {dtype: {{type}}, value: {{axis}} }
          y = ConcatV2(x, x, axis, ^x) {T: float32, N: 2, Tidx: {{type}} }
        }
        """;

    [Fact]
    public void A_concatenation_takes_its_axis_first()
    {
        Transformed it = Transformed.Run(Concat("int32[] {1}", "int32"), "backport_concatv2").Has("x=Placeholder", "axis=Const", "y=Concat").GivesTheSame();
        Assert.Equal("axis", it["y"].Inputs[0].Node.Name);
        Assert.False(it["y"].Attributes.Contains("Tidx"));
        Assert.Equal("x", it["y"].ControlInputs[0].Name);
        Transformed.Run(Concat("int64[] {1}", "int64"), "backport_concatv2").Has("x=Placeholder", "axis=Const", "y/axis=Const", "y=Concat").GivesTheSame();
    }

    [Fact]
    public void A_tensor_array_goes_back_through_a_loop()
    {
        const string Loop = """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[2]}
              three = Const() {dtype: int32, value: int32[] {3} }
              zero = Const() {dtype: int32, value: int32[] {0} }
              array = TensorArrayV3(three) {dtype: float32, element_shape: shape[2], identical_element_shapes: true}
              handle = Enter(array) {T: resource, frame_name: "f", is_constant: true}
              limit = Enter(three) {T: int32, frame_name: "f", is_constant: true}
              value = Enter(x) {T: float32, frame_name: "f", is_constant: true}
              i = Enter(zero) {T: int32, frame_name: "f"}
              flow = Enter(array:1) {T: float32, frame_name: "f"}
              i_merge = Merge(i, i_next) {T: int32, N: 2}
              flow_merge = Merge(flow, flow_next) {T: float32, N: 2}
              less = Less(i_merge, limit) {T: int32}
              cond = LoopCond(less)
              i_switch = Switch(i_merge, cond) {T: int32}
              flow_switch = Switch(flow_merge, cond) {T: float32}
              index = Identity(i_switch:1) {T: int32}
              one = Const(^index) {dtype: int32, value: int32[] {1} }
              next = Add(index, one) {T: int32}
              write = TensorArrayWriteV3(handle, index, value, flow_switch:1) {T: float32}
              i_next = NextIteration(next) {T: int32}
              flow_next = NextIteration(write) {T: float32}
              flow_exit = Exit(flow_switch) {T: float32}
              all = Const() {dtype: int32, value: int32[3] {0, 1, 2} }
              y = TensorArrayGatherV3(array, all, flow_exit) {dtype: float32, element_shape: shape[2]}
            }
            """;
        Transformed it = Transformed.Run(Loop, "backport_tensor_array_v3").GivesTheSame();
        Assert.Equal(["backport_tensor_array_v3: array"], it.Report.Edits);
        Assert.DoesNotContain(it.Model.Graph.Nodes, n => n.Op.Name.EndsWith("V3", StringComparison.Ordinal));
        Assert.Equal(DType.String, ((TypeAttr)it["handle"].Attributes["T"]!).Value);
        Assert.Equal([1], it.Constant("array/replacement_flow_node").Span<float>().ToArray());
    }

    [Fact]
    public void A_call_becomes_the_body_of_its_function()
    {
        const string Call = """
            function f(a: float32, b: float32) returns (sum: float32 = added, rest: float32 = inner:1) {
              added = Add(a, b) {T: float32}
              inner = PartitionedCall(a, b) {Tin: [float32, float32], Tout: [float32, float32], f: @g}
            }
            function g(a: float32, b: float32) returns (p: float32 = product, q: float32 = b) {
              product = Mul(a, b) {T: float32}
            }
            graph {
              x = Placeholder() {dtype: float32, shape: shape[2]}
              call = PartitionedCall(x, x) {Tin: [float32, float32], Tout: [float32, float32], f: @f}
              y = Sub(call, call:1) {T: float32}
            }
            """;
        Transformed it = Transformed.Run(Call, "inline_partitionedcall").Has("x=Placeholder", "call/added=Add", "call/inner=PartitionedCall", "y=Sub").GivesTheSame();
        it.Model.Transform("inline_partitionedcall", ["x"], ["y"]);
        Transformed.Run(Call, "inline_partitionedcall inline_partitionedcall").Has("x=Placeholder", "call/added=Add", "call/inner/product=Mul", "y=Sub").GivesTheSame();
        Transformed.Run(Call, "inline_partitionedcall", outputs: "y,call:1").Has("x=Placeholder", "call/added=Add", "call/inner=PartitionedCall", "call=IdentityN", "y=Sub").GivesTheSame();
        Transformed.IsDeclined(Call.Replace("PartitionedCall(x, x) {Tin: [float32, float32]", "PartitionedCall(x) {Tin: [float32]", StringComparison.Ordinal), "inline_partitionedcall", "invalid input signature");
    }
}
