using Decant.IR.TextForm;

namespace Decant.Tests.Formats.SavedModel;

public sealed class MisnamedGraphTests
{
    [Fact]
    public void A_frozen_graph_under_the_name_of_a_SavedModel_is_opened_and_told()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["serving/1"]);
        using (Model graph = GraphParser.Parse("graph { x = Placeholder() {dtype: float32, shape: shape[2]} y = Neg(x) {T: float32} }"))
            graph.Save(folder["serving/1/saved_model.pb"], "graphdef");
        using Model model = Model.Load(folder["serving"]);
        Assert.Contains(model.Notes, n => n.Contains("is no SavedModel but a GraphDef", StringComparison.Ordinal));
        using var session = new Session(model);
        Assert.Equal([-3f, -4], session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([3f, 4]) }, ["y"])["y"].Span<float>().ToArray());
        model.Save(folder["whole"], "saved_model");
        using Model whole = Model.Load(folder["whole"]);
        Assert.Empty(whole.Notes);
    }
}
