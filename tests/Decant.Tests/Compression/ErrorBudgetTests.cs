using Decant.Compression;
using Decant.IR;
using Decant.Passes.Compress;
using Decant.Tests.Passes.Compress;

namespace Decant.Tests.Compression;

public sealed class ErrorBudgetTests
{
    private static readonly MeasureOptions Quick = new() { LeastTime = TimeSpan.Zero, Archives = [] };

    /// <summary>Four products one after another, the third of which has one weight that stretches the range of all others and meets zeros alone.</summary>
    private static Model Layers()
    {
        var model = new Model();
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", new Shape(1, 40) } });
        for (int i = 0; i < 4; i++)
        {
            float[] weights = SmallModels.Random(i, 40, 40).Span<float>().ToArray();
            for (int row = 0; row < 40 && i == 1; row++)
                weights[row * 40] = 0;
            if (i == 2)
                weights[0] = 60;
            x = model.Graph.Add($"y{i}", "MatMul", [x, model.Graph.AddConst($"w{i}", Tensor.Wrap(weights, new Shape(40, 40)))], new AttributeMap { { "T", DType.Float32 }, { "transpose_a", false }, { "transpose_b", false } });
        }

        return model;
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.05)]
    [InlineData(0.01)]
    [InlineData(0.001)]
    [InlineData(1e-5)]
    public void The_outputs_stay_within_the_budget(double target)
    {
        using Model model = Layers();
        var measurement = new CompressionMeasurement(model, new CompressOptions(), Quick);
        BudgetResult found = ErrorBudget.Search(measurement, target);
        CompressionRow row = measurement.Measure(model.Compress(new CompressOptions { PerWeight = found.Settings }), "found");
        Assert.InRange(row.Error!.MaxRelative, 0, target);
        Assert.Equal(found.Error, row.Error);
        Assert.Equal(4, found.Settings.Count + found.Unchanged.Count);
    }

    [Fact]
    public void A_large_budget_takes_the_smallest_setting_and_a_budget_of_nothing_none()
    {
        using Model model = Layers();
        var measurement = new CompressionMeasurement(model, new CompressOptions(), Quick);
        Assert.All(ErrorBudget.Search(measurement, 100).Settings.Values, s => Assert.Equal("int8", s.ToString()));
        Assert.Equal(["w0", "w1", "w2", "w3"], ErrorBudget.Search(measurement, 0).Unchanged.Order());
    }

    [Fact]
    public void The_weight_that_costs_most_keeps_the_finer_setting()
    {
        using Model model = Layers();
        var measurement = new CompressionMeasurement(model, new CompressOptions(), Quick);
        CompressionSetting int8 = CompressionSetting.Parse("int8"), float16 = CompressionSetting.Parse("float16");
        double Error(Dictionary<string, CompressionSetting> finer) =>
            measurement.Measure(model.Compress(new CompressOptions { Setting = int8, PerWeight = finer }), "").Error!.MaxRelative;
        (double coarse, double fine) = (Error([]), Error(new() { ["w2"] = float16 }));
        Assert.True(fine < coarse / 2);
        BudgetResult found = ErrorBudget.Search(measurement, (fine + coarse) / 2, [int8, float16]);
        Assert.Equal("float16", found.Settings["w2"].ToString());
        Assert.Equal(3, found.Settings.Values.Count(s => s.ToString() == "int8"));
    }

    [Fact]
    public void Variables_with_few_elements_are_left_as_constants_are()
    {
        using Model model = Model.Load(Path.Combine(TestKit.SharedData.Repository, "samples", "image-net"));
        BudgetResult Search(long least) => ErrorBudget.Search(new CompressionMeasurement(model, new CompressOptions { Weights = new WeightSelection { MinElements = least } }, Quick), 100);
        Assert.Empty(Search(1024).Settings);
        Assert.NotEmpty(Search(300).Settings);
    }

    [Fact]
    public void A_model_without_weights_has_nothing_to_choose()
    {
        using Model model = SmallModels.Added(Tensor.Wrap([1f]));
        BudgetResult found = ErrorBudget.Search(new CompressionMeasurement(model, new CompressOptions(), Quick), 0.1);
        Assert.Empty(found.Settings);
        Assert.Empty(found.Unchanged);
    }
}
