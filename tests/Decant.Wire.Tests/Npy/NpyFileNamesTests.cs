using Decant.Wire.Npy;

namespace Decant.Wire.Tests.Npy;

public class NpyFileNamesTests
{
    [Theory]
    [InlineData("x", "x.npy")]
    [InlineData("serving_default_x:0", "serving_default_x_0.npy")]
    [InlineData("model/dense;model/é", "model_dense_model__.npy")]
    public void A_file_is_named_as_the_tensor(string name, string file) => Assert.Equal([file], NpyFileNames.Of([name]));

    [Theory]
    [InlineData("a/b", "a:b")]
    [InlineData("logits", "Logits")]
    [InlineData("", "é")]
    public void Names_that_would_be_one_file_are_two_in_any_order(string a, string b)
    {
        IReadOnlyList<string> files = NpyFileNames.Of([a, b]);
        Assert.Equal(2, files.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(files.Reverse(), NpyFileNames.Of([b, a]));
        Assert.All(files, f => Assert.NotEqual('.', f[0]));
    }

    [Fact]
    public void Names_longer_than_file_systems_take_are_cut_and_told_apart()
    {
        string stem = string.Join(';', Enumerable.Repeat("model/block/conv2d/BiasAdd", 20));
        IReadOnlyList<string> files = NpyFileNames.Of([stem + "1", stem + "2"]);
        Assert.Equal(2, files.Distinct().Count());
        Assert.All(files, f => Assert.InRange(f.Length, 100, 220));
        Assert.All(files, f => Assert.StartsWith("model_block_conv2d_BiasAdd_", f, StringComparison.Ordinal));
    }
}
