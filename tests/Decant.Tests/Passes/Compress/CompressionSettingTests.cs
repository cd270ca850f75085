using Decant.Passes.Compress;

namespace Decant.Tests.Passes.Compress;

public class CompressionSettingTests
{
    [Theory]
    [InlineData("int8", "int8")]
    [InlineData("int8 + prune = 0.8", "prune=0.8+int8")]
    [InlineData("clusters+steps+low-rank=3", "low-rank=3+steps=256+clusters=256")]
    public void Methods_are_put_in_order_and_get_their_defaults(string text, string expected)
    {
        Assert.Equal(expected, CompressionSetting.Parse(text).ToString());
        Assert.Equal(CompressionSetting.Parse(expected), CompressionSetting.Parse(text));
    }

    [Theory]
    [InlineData("int9", "did you mean 'int8'?")]
    [InlineData("", "there is no method ''")]
    [InlineData("prune=1", "expected a share from 0 to below 1")]
    [InlineData("prune=x", "expected a share from 0 to below 1")]
    [InlineData("prune=NaN", "expected a share from 0 to below 1")]
    [InlineData("clusters=1", "expected a whole number from 2 to 256")]
    [InlineData("clusters=2.5", "expected a whole number from 2 to 256")]
    [InlineData("steps=0", "expected a whole number from 1")]
    [InlineData("low-rank=0", "expected a share between 0 and 1, or a whole rank")]
    [InlineData("low-rank=1.5", "expected a share between 0 and 1, or a whole rank")]
    [InlineData("float16=3", "expected no value")]
    [InlineData("int8+float16", "stores weights in two ways")]
    [InlineData("prune+prune=0.2", "has a method twice")]
    public void A_setting_that_is_none_says_what_is_expected(string text, string message)
    {
        var e = Assert.Throws<ModelException>(() => CompressionSetting.Parse(text));
        Assert.Equal("bad-setting", e.Diagnostics[0].Code.Id);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_have_settings_of_their_own_and_others_none()
    {
        Model model = SmallModels.Product(SmallModels.Random(1, 40, 40));
        Assert.Empty(model.Compress(new CompressOptions()).Report.Edits);
        var options = new CompressOptions { Setting = CompressionSetting.Parse("int8"), PerWeight = new Dictionary<string, CompressionSetting> { ["w"] = CompressionSetting.Parse("float16") } };
        Assert.Equal(["weights_to_float16: w"], model.Compress(options).Report.Edits);
        Assert.Empty(model.Compress(options with { PerWeight = new Dictionary<string, CompressionSetting>(), Weights = new WeightSelection { Except = ["w"] } }).Report.Edits);
        var e = Assert.Throws<ModelException>(() => model.Compress(options with { Weights = new WeightSelection { Only = ["v"] } }));
        Assert.Equal("missing-node", e.Diagnostics[0].Code.Id);
    }
}
