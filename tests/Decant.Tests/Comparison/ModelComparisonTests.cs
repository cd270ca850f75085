using Decant.Comparison;
using Decant.IR;

namespace Decant.Tests.Comparison;

public sealed class ModelComparisonTests
{
    [Fact]
    public void Models_that_differ_are_told_apart_and_by_how_much()
    {
        ComparisonResult result = Compare(Scaled(2f), Scaled(2.5f), new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([1f, -4f]) });
        Assert.False(result.Equal);
        Assert.Equal(2, result.Outputs[0].Difference.MaxAbsolute);
        Assert.True(Compare(Scaled(2f), Scaled(2f), []).Equal);
    }

    [Fact]
    public void Inputs_that_the_outputs_do_not_need_are_not_asked_for()
    {
        Model trained = Scaled(2f);
        trained.Graph.Add("labels", "Placeholder", [], new AttributeMap { { "dtype", DType.String }, { "shape", Shape.Unknown } });
        Assert.True(ModelComparison.Compare(trained, Scaled(2f), new Dictionary<string, Tensor>(), new Random(1), new CompareOptions { Outputs = ["y"] }).Equal);
    }

    [Fact]
    public void An_input_of_unknown_rank_must_be_given() => Fails(CompareErrors.NoRandomInput, Scaled(2f, Shape.Unknown), Scaled(2f));

    [Fact]
    public void An_input_that_a_damaged_file_makes_huge_must_be_given()
    {
        Fails(CompareErrors.NoRandomInput, Scaled(2f, new Shape(1, int.MaxValue)), Scaled(2f));
        Fails(CompareErrors.NoRandomInput, Scaled(2f, new Shape(long.MaxValue, 8)), Scaled(2f));
    }

    [Fact]
    public void Models_without_a_common_input_cannot_be_compared()
    {
        Model other = new();
        other.Graph.AddConst("z", Tensor.Scalar(1f));
        Fails(CompareErrors.NothingToCompare, Scaled(2f), other);
        Fails(CompareErrors.NothingToCompare, new Model(), Scaled(2f));
    }

    private static void Fails(ErrorCode code, Model a, Model b) =>
        Assert.Equal(code, Assert.Throws<ModelException>(() => Compare(a, b, [])).Diagnostics[0].Code);

    private static ComparisonResult Compare(Model a, Model b, Dictionary<string, Tensor> inputs) => ModelComparison.Compare(a, b, inputs, new Random(1), new CompareOptions());

    private static Model Scaled(float factor, Shape? shape = null)
    {
        var model = new Model();
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", shape ?? new Shape(2) } });
        model.Graph.Add("y", "Mul", [x, model.Graph.AddConst("factor", Tensor.Scalar(factor))], new AttributeMap { { "T", DType.Float32 } });
        return model;
    }
}
