using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.TestKit;

namespace Decant.Interop.Tests;

/// <summary>Outputs that no operator makes, in the runtime that phones and browsers have.</summary>
public sealed class OutputCopiesTests
{
    public static TheoryData<string, string[]> Graphs => new()
    {
        { "y = Identity(x) {T: float32}", ["y"] },
        { "y = Identity(x) {T: float32}\nz = Identity(x) {T: float32}", ["y", "z"] },
        { "y = Relu(x) {T: float32}\nz = Identity(y) {T: float32}", ["y", "z"] },
        { "y = Identity(x) {T: float32}\nz = Relu(x) {T: float32}", ["z", "y"] },
        { "c = Const() {dtype: float32, value: float32[2] {1, -2}}\ny = Add(x, c) {T: float32}\nz = Identity(c) {T: float32}", ["z", "y"] },
        { "s = Cast(x) {SrcT: float32, DstT: int32}\ny = Identity(s) {T: int32}\nz = Identity(s) {T: int32}", ["y", "z"] },
    };

    [NodeTheory]
    [MemberData(nameof(Graphs))]
    public void LiteRT_gives_outputs_that_are_inputs_or_one_tensor(string nodes, string[] outputs)
    {
        using var work = new TemporaryFolder();
        using Model source = GraphParser.Parse($"graph {{\nx = Placeholder() {{dtype: float32, shape: shape[3, 2]}}\n{nodes}\n}}");
        var inputs = new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([1f, -2, 3, -4, 5, -6], new Shape(3, 2)) };
        using var session = new Session(source);
        source.Convert(new ConvertOptions { Inputs = ["x"], Outputs = outputs }).Model.Save(work["model.tflite"], "tflite");
        NodeModel.Agree(session.Run(inputs, outputs), NodeModel.Run("litert_run.mjs", work["model.tflite"], inputs, outputs, work), 0);
    }
}
