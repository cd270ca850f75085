using Decant.IR;
using Decant.Passes.Compress;

namespace Decant.Tests.Passes.Compress;

public class SparsePassTests
{
    private static Model Two(float[] first, float[] second)
    {
        Model model = SmallModels.Added(Tensor.Wrap(first));
        model.Graph.Add("z", "AddV2", [model.Graph["x"], model.Graph.AddConst("v", Tensor.Wrap(second))], new AttributeMap { { "T", DType.Float32 } });
        return model;
    }

    [Theory]
    [InlineData("prune=0.5", new float[] { 0, 2, 0, -9 }, new float[] { 0, 0, 7, 8 })]
    [InlineData("prune-together=0.5", new float[] { 0, 0, 0, -9 }, new float[] { 0, 6, 7, 8 })]
    [InlineData("prune-together=0.8", new float[] { 0, 0, 0, -9 }, new float[] { 0, 0, 0, 8 })]
    public void The_least_of_each_tensor_or_of_all_become_zero(string setting, float[] first, float[] second)
    {
        CompressionResult result = SmallModels.Compress(Two([1, 2, -1.5f, -9], [-5, 6, 7, 8]), setting, "y", "z");
        Assert.Equal(first, SmallModels.Run(result.Model, "y", ("x", Tensor.Scalar(0f))));
        Assert.Equal(second, SmallModels.Run(result.Model, "z", ("x", Tensor.Scalar(0f))));
    }

    [Fact]
    public void Ties_across_tensors_go_in_the_order_of_the_graph()
    {
        CompressionResult result = SmallModels.Compress(Two([1, -1, 1, 1], [1, 1, 1, 1]), "prune-together=0.75", "y", "z");
        Assert.Equal([0, 0, 0, 0], SmallModels.Run(result.Model, "y", ("x", Tensor.Scalar(0f))));
        Assert.Equal([0, 0, 1, 1], SmallModels.Run(result.Model, "z", ("x", Tensor.Scalar(0f))));
    }

    [Fact]
    public void Exactly_the_share_that_is_asked_for_becomes_zero()
    {
        Tensor weights = SmallModels.Random(9, 1000, 7);
        foreach (double share in (double[])[0.1, 0.5, 0.9, 0.999])
        {
            float[] pruned = SmallModels.Restored(FormattableString.Invariant($"prune={share}"), weights, out _);
            float largest = weights.Span<float>().ToArray().Zip(pruned).Where(p => p.Second == 0).Max(p => Math.Abs(p.First));
            Assert.Equal((int)(7000 * share), pruned.Count(x => x == 0));
            Assert.All(pruned.Where(x => x != 0), x => Assert.True(Math.Abs(x) >= largest));
        }
    }
}
