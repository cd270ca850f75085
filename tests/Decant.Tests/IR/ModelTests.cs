using Decant.IR;

namespace Decant.Tests.IR;

public sealed class ModelTests
{
    [Fact]
    public void The_bytes_of_constants_are_those_of_the_graph_and_of_functions_without_strings()
    {
        using var model = new Model();
        Constant(model.Graph, "floats", Tensor.Wrap(new float[6]));
        Constant(model.Graph, "words", Tensor.FromStrings(["some", "more"]));
        model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 } });
        var function = new Function("f");
        Constant(function, "bytes", Tensor.Wrap(new byte[5]));
        model.Functions["f"] = function;
        Assert.Equal((6 * sizeof(float)) + 5, model.ConstantBytes);
    }

    private static void Constant(Graph graph, string name, Tensor value) =>
        graph.Add(name, "Const", [], new AttributeMap { { "dtype", value.DType }, { "value", new TensorAttr(value) } });
}
