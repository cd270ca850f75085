using Decant.IR;
using Decant.IR.TextForm;
using Decant.Registration;
using Decant.TestKit;

namespace Decant.Tests.Registration;

public sealed class OpSelectionTests
{
    private const string Calling = """
        graph {
          x = Placeholder() {dtype: float32}
          axis = Const() {dtype: int32, value: int32[] {0}}
          sum = Sum(x, axis) {T: float32}
          again = Sum(x, axis) {T: float32, Tidx: int32}
          y = PartitionedCall(sum, again) {Tin: [float32, float32], Tout: [float32], f: @outer}
          unneeded = Neg(x) {T: float32}
        }
        function outer(a: float32, b: float32) returns (r: float32 = call) {
          call = inner(a, b)
        }
        function inner(a: float32, b: float32) returns (r: float32 = sub) {
          sub = Sub(a, b) {T: float32}
        }
        function other(a: float32) returns (r: float32 = cos) {
          cos = Cos(a) {T: float32}
        }
        """;

    [Fact]
    public void Functions_that_are_called_count_and_others_do_not()
    {
        using Model model = GraphParser.Parse(Calling);
        OpSelection selection = OpSelection.Of([model], ["y"]);
        Assert.Equal(["Const", "PartitionedCall", "Placeholder", "Sub", "Sum", "_Arg"], selection.Ops);
        Assert.Equal([new NodePlace("", "inner", "sub")], selection.Kernels.Single(k => k.Op == "Sub").Places);
        Assert.True(selection.CallsFunctions);
        Assert.DoesNotContain("Sub", OpSelection.Of([model], ["y"], functions: false).Ops);
    }

    [Fact]
    public void Nodes_that_no_output_needs_count_only_when_asked_for()
    {
        using Model model = GraphParser.Parse(Calling);
        Assert.DoesNotContain("Neg", OpSelection.Of([model], ["y"]).Ops);
        Assert.Contains("Neg", OpSelection.Of([model], ["y"], allNodes: true).Ops);
        Assert.Contains("Neg", OpSelection.Of([model]).Ops);
    }

    [Fact]
    public void Types_that_are_not_given_are_TensorFlows_defaults()
    {
        using Model model = GraphParser.Parse(Calling);
        NeededKernel sum = Assert.Single(OpSelection.Of([model], ["y"]).Kernels, k => k.Op == "Sum");
        Assert.Equal("T: float32, Tidx: int32", sum.TypesText);
        Assert.Equal(["sum", "again"], sum.Places.Select(p => p.Node));
    }

    [Fact]
    public void Several_models_are_one_selection()
    {
        using Model first = GraphParser.Parse("graph {\n  x = Placeholder() {dtype: float32}\n  y = Neg(x) {T: float32}\n}");
        using Model second = GraphParser.Parse("graph {\n  x = Placeholder() {dtype: int32}\n  y = Neg(x) {T: int32}\n}");
        Assert.Equal(["Neg T: float32", "Neg T: int32", "Placeholder dtype: float32", "Placeholder dtype: int32"], OpSelection.Of([second, first]).Kernels.Select(k => $"{k.Op} {k.TypesText}"));
    }

    [Fact]
    public void A_graph_with_a_cycle_is_refused_with_its_nodes()
    {
        using var model = new Model();
        Node a = model.Graph.Add("a", "Neg", [], new AttributeMap { { "T", DType.Float32 } });
        Node b = model.Graph.Add("b", "Neg", [a], new AttributeMap { { "T", DType.Float32 } });
        a.Inputs.Add(b);
        Diagnostic fault = Assert.Throws<ModelException>(() => OpSelection.Of([model])).Diagnostics[0];
        Assert.Equal(GraphErrors.Cycle, fault.Code);
        Assert.Contains("a -> b", fault.Message, StringComparison.Ordinal);
    }

    [SharedFact]
    public void Operators_of_TensorFlow_Lite_are_told_apart_by_the_types_of_their_tensors()
    {
        using Model model = Model.Load(SharedData.Path("data/tflite/micro-speech/micro_speech_quantized.tflite"));
        NeededKernel[] kernels = [.. OpSelection.Of([model]).Kernels.Where(k => k.Op.Dialect == Dialect.TFLite)];
        Assert.Equal(["tfl.DEPTHWISE_CONV_2D", "tfl.FULLY_CONNECTED", "tfl.RESHAPE", "tfl.SOFTMAX"], kernels.Select(k => k.Op.ToString()));
        Assert.Equal("input0: int8, input1: int8, input2: int32, output: int8", kernels[0].TypesText);
        Assert.All(kernels, k => Assert.Null(OpTarget.Decant.Lack(k)));
        Assert.All(kernels, k => Assert.Contains("whose models this build does not run", OpTarget.Mobile.Lack(k), StringComparison.Ordinal));
    }

    [Fact]
    public void TF1_control_flow_is_seen()
    {
        using Model model = GraphParser.Parse("graph {\n  p = Placeholder() {dtype: bool}\n  s = Switch(p, p) {T: bool}\n}");
        Assert.True(OpSelection.Of([model]).HasControlFlow);
    }
}
