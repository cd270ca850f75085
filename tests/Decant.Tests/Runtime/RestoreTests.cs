using Decant.IR;
using Decant.Tests.Formats.Checkpoint;

namespace Decant.Tests.Runtime;

/// <summary>Graphs that restore tensors in a run.</summary>
public sealed class RestoreTests : IDisposable
{
    private readonly CheckpointFolder _folder = new();

    [Fact]
    public void A_graph_restores_from_the_checkpoint_whose_path_is_fed()
    {
        _folder.Written("one", ("a", Tensor.Wrap([1f, 2, 3])));
        _folder.Written("two", ("a", Tensor.Wrap([4f, 5, 6])));
        using Model model = Restoring("");
        using var session = new Session(model);
        Assert.Equal(2, Restored(session, "one")[1]);
        Assert.Equal(5, Restored(session, "two")[1]);
    }

    [Fact]
    public void The_models_own_checkpoint_stands_for_every_name_that_is_not_fed()
    {
        _folder.Written("one", ("a", Tensor.Wrap([1f, 2, 3])));
        _folder.Written("two", ("a", Tensor.Wrap([4f, 5, 6])));
        using Model model = Restoring("3 1,2");
        model.Checkpoint = _folder.Path("one");
        model.Graph["file"].Op = "Const";
        model.Graph["file"].Attributes = new AttributeMap { { "dtype", DType.String }, { "value", Tensor.FromStrings([_folder.Path("two")], Shape.Scalar) } };
        using var session = new Session(model);
        Assert.Equal([2f, 3], session.Run(new Dictionary<string, Tensor>(), ["r"])["r"].Span<float>().ToArray());
    }

    public void Dispose() => _folder.Dispose();

    private static Model Restoring(string slice)
    {
        var model = new Model();
        Node file = model.Graph.Add("file", "Placeholder", [], new AttributeMap { { "dtype", DType.String } });
        Node names = model.Graph.AddConst("names", Tensor.FromStrings(["a"]));
        Node slices = model.Graph.AddConst("slices", Tensor.FromStrings([slice]));
        model.Graph.Add("r", "RestoreV2", [file, names, slices], new AttributeMap { { "dtypes", new ListAttr { Types = [DType.Float32] } } });
        return model;
    }

    private float[] Restored(Session session, string name) =>
        session.Run(new Dictionary<string, Tensor> { ["file"] = Tensor.FromStrings([_folder.Path(name)], Shape.Scalar) }, ["r"])["r"].Span<float>().ToArray();
}
