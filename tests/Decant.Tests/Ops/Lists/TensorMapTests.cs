using Decant.IR;

namespace Decant.Tests.Ops.Lists;

public sealed class TensorMapTests
{
    [Fact]
    public void A_map_keeps_what_is_put_into_it_and_is_a_value()
    {
        using var model = new Model();
        Graph g = model.Graph;
        Node a = g.AddConst("a", Tensor.FromStrings(["a"], Shape.Scalar)), b = g.AddConst("b", Tensor.FromStrings(["b"], Shape.Scalar));
        Node one = g.AddConst("one", Tensor.Wrap([1f, 2])), two = g.AddConst("two", Tensor.Scalar(3f));
        AttributeMap types() => new() { { "key_dtype", DType.String }, { "value_dtype", DType.Float32 } };
        Node empty = g.Add("empty", "EmptyTensorMap");
        Node withA = g.Add("withA", "TensorMapInsert", [empty, a, one], types());
        Node withB = g.Add("withB", "TensorMapInsert", [withA, b, two], types());
        Node erased = g.Add("erased", "TensorMapErase", [withB, a], types());
        g.Add("size", "TensorMapSize", [withB]);
        g.Add("left", "TensorMapSize", [erased]);
        g.Add("lookup", "TensorMapLookup", [withB, a], types());
        g.Add("has", "TensorMapHasKey", [erased, a], types());
        g.Add("keys", "TensorMapStackKeys", [withB], types());
        g.Add("missing", "TensorMapLookup", [erased, a], types());
        using var session = new Session(model);
        Tensor[] y = GraphRun.Fetch(session, "size:0", "left:0", "lookup:0", "has:0", "keys:0");
        Assert.Equal([2], y[0].Span<int>().ToArray());
        Assert.Equal([1], y[1].Span<int>().ToArray());
        Assert.Equal([1f, 2], y[2].Span<float>().ToArray());
        Assert.False(y[3].Span<bool>()[0]);
        Assert.Equal("a|b", GraphRun.Text(y[4]));
        Assert.Contains("looks for a key string[] that is not in the map", Assert.Throws<ModelException>(() => GraphRun.Fetch(session, "missing:0")).Message, StringComparison.Ordinal);
    }
}
