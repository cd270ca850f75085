using Decant.TestKit;
using Decant.Wire.Hdf5;

namespace Decant.Wire.Tests.Hdf5;

public sealed class Hdf5WriterTests
{
    [Fact]
    public void What_is_written_is_read_again_and_is_the_same_bytes_each_time()
    {
        byte[] bytes = Hdf5FileTests.Written(Content());
        Assert.Equal(bytes, Hdf5FileTests.Written(Content()));
        var file = Hdf5File.Open(new BufferSlice(bytes));
        Assert.Equal("{\"class_name\": \"Sequential\"}", file.Root.Text("model_config"));
        Assert.Equal(9000, file.Root.Texts("layer_names")!.Count);
        Assert.Equal("layer_8999", file.Root.Texts("layer_names")![8999]);
        Assert.Contains("layer_names1", file.Root.Attributes.Keys);
        Assert.Equal([1.5f, 2], ((Hdf5Dataset)file.Root["dense/kernel:0"]!).Read().Span<float>().ToArray());
        Assert.Equal(301, file.Root.Datasets().Count);
        Assert.Equal("note", file.Root["dense/kernel:0"]!.Text("why"));
        for (int i = 0; i < 300; i++)
            Assert.Equal(i, ((Hdf5Dataset)file.Root[$"many/{i}"]!).Read().Span<int>()[0]);
    }

    [Fact]
    public void What_the_layout_cannot_hold_is_refused()
    {
        var root = new Hdf5GroupContent();
        root.Set("large", Tensor.Wrap(new float[20_000]));
        Assert.Equal(WireErrors.Hdf5TooLarge, Assert.Throws<ModelException>(() => Hdf5FileTests.Written(root)).Diagnostics[0].Code);
        root = new Hdf5GroupContent();
        root.Add("a", Tensor.Scalar((BFloat16)1f));
        Assert.Equal(WireErrors.Hdf5Unsupported, Assert.Throws<ModelException>(() => Hdf5FileTests.Written(root)).Diagnostics[0].Code);
    }

    [Fact]
    public void Damage_to_what_is_written_never_escapes()
    {
        var root = new Hdf5GroupContent();
        root.SetText("model_config", "{}");
        root.Add("dense/kernel:0", Tensor.Wrap([1f, 2]));
        Assert.True(Damage.Try(Hdf5FileTests.Written(root), Hdf5FileTests.ReadAll, flips: 3000) > 1000);
    }

    private static Hdf5GroupContent Content()
    {
        var root = new Hdf5GroupContent();
        root.SetText("model_config", "{\"class_name\": \"Sequential\"}");
        root.SetTexts("layer_names", [.. Enumerable.Range(0, 9000).Select(i => $"layer_{i}")]);
        root.Add("dense/kernel:0", Tensor.Wrap([1.5f, 2])).SetText("why", "note");
        for (int i = 0; i < 300; i++)
            root.Add($"many/{i}", Tensor.Scalar(i));
        return root;
    }
}
