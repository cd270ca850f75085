using Decant.IR;
using Decant.Lowering;
using Decant.Tests.Formats;
using Decant.Tests.Passes;

namespace Decant.Tests.Lowering;

public sealed class LoopStartsTests
{
    // A counter from a constant, a value that is computed before, and a limit that is the same in each step.
    private static string Loop(string value, string frame) => $$$"""
        graph {
          x = Placeholder() {dtype: float32, shape: shape[2]}
          zero = Const() {dtype: int32, value: int32[] {0}}
          one = Const() {dtype: int32, value: int32[] {1}}
          three = Const() {dtype: int32, value: int32[] {3}}
          n = Neg(x) {T: float32}
          limit = Enter(three) {T: int32, frame_name: "loop", is_constant: true}
          i = Enter(zero) {T: int32, frame_name: "loop", is_constant: false}
          v = Enter({{{value}}}) {T: float32, frame_name: "{{{frame}}}", is_constant: false}
          mi = Merge(i, ni) {T: int32, N: 2}
          mv = Merge(v, nv) {T: float32, N: 2}
          c = Less(mi, limit) {T: int32}
          p = LoopCond(c)
          si = Switch(mi, p) {T: int32}
          sv = Switch(mv, p) {T: float32}
          step = AddV2(si:1, one) {T: int32}
          double = AddV2(sv:1, sv:1) {T: float32}
          ni = NextIteration(step) {T: int32}
          nv = NextIteration(double) {T: float32}
          ei = Exit(si) {T: int32}
          y = Exit(sv) {T: float32}
          after = Cast(ei) {SrcT: int32, DstT: float32}
        }
        """;

    /// <summary>The value that the loop begins with, the name that its Enter tells, and what the counter's Enter waits for.</summary>
    public static TheoryData<string, string, string[]> Starts => new()
    {
        { "n", "loop", ["n"] },
        { "x", "loop", [] },
        { "after", "loop", [] },
        { "n", "another", [] },
    };

    [Theory]
    [MemberData(nameof(Starts))]
    public void A_loop_begins_when_all_is_there_that_it_begins_with(string value, string frame, string[] awaited)
    {
        Model model = TextGraphs.Parse(Loop(value, frame));
        LoopStarts.Run(model.Graph);
        Assert.Equal(awaited, model.Graph["i"].ControlInputs.Select(n => n.Name));
        Assert.Empty(model.Graph["v"].ControlInputs);
        Assert.Empty(model.Graph["limit"].ControlInputs);
    }

    [Fact]
    public void The_loop_gives_in_TensorFlow_js_what_it_gave()
    {
        using Model model = TextGraphs.Parse(Loop("n", "loop"));
        using var folder = new TemporaryFolder();
        model.ConvertToTFJS(new TFJSConvertOptions { Outputs = ["y"] }).Model.Save(folder["web"], "tfjs");
        using Model web = Model.Load(folder["web/model.json"]);
        Assert.Contains(web.Graph.Nodes, n => n.Op == "Enter" && n.ControlInputs.Count == 1);
        using var session = new Session(web);
        Assert.Equal([-8f, 16f], session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(new[] { 1f, -2 }, new Shape(2)) }, ["y"])["y"].Span<float>().ToArray());
    }
}
