using Decant.Cli.Serve;
using Decant.IR;
using Decant.Lowering;
using Decant.TestKit;

namespace Decant.Cli.Tests.Serve;

public sealed class LiteFileTests
{
    [Fact]
    public void Shapes_of_outputs_that_a_file_leaves_open_are_declared_in_what_is_served()
    {
        using var folder = new TemporaryFolder();
        string path = Save(folder, declares: false), served;
        using (ServedModel model = ServedModel.Of(Model.Load(path), new TFJSConvertOptions()))
        {
            served = model.Files["model.tflite"];
            Assert.NotEqual(path, served);
            Assert.Contains("shapes of outputs declared", model.Conversion, StringComparison.Ordinal);
            using Model copy = Model.Load(served);
            TensorSpec[] specs = [.. ((Function)copy.Graph).Results.Select(r => r.Value.Node.Tensors[r.Value.Port])];
            Assert.Equal([new Shape(1, 10, 4), new Shape(1, 10), new Shape(1, 10), new Shape(1)], specs.Select(s => s.Shape));
            Assert.DoesNotContain(specs, s => s.MayHaveAnyRank);
            using Model original = Model.Load(path);
            Assert.All(((Function)original.Graph).Results, r => Assert.True(r.Value.Node.Tensors[r.Value.Port].MayHaveAnyRank));
            using Session first = new(copy), second = new(original);
            Dictionary<string, Tensor> inputs = DetectionModel.All[0].Inputs();
            foreach ((string name, Tensor value) in first.Run(inputs, ["of", "class", "score", "count"]))
                Assert.Equal(second.Run(inputs, [name])[name].Span<float>(), value.Span<float>());
        }

        Assert.False(File.Exists(served));
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void A_file_that_leaves_nothing_open_is_served_as_it_is()
    {
        using var folder = new TemporaryFolder();
        string path = Save(folder, declares: true);
        using ServedModel model = ServedModel.Of(Model.Load(path), new TFJSConvertOptions());
        Assert.Equal(path, Assert.Single(model.Files).Value);
        Assert.Equal("", model.Conversion);
        Assert.False(model.Ranks);
    }

    [SharedFact]
    public void A_real_detector_of_8_bit_integers_ranks_and_declares_nothing()
    {
        using ServedModel model = ServedModel.Of(Model.Load(SharedData.Path("data/tflite/support-ssd-mobilenet-v1-quant/ssd_mobilenet_v1.tflite")), new TFJSConvertOptions());
        Assert.True(model.Ranks);
        using Model copy = Model.Load(model.Files["model.tflite"]);
        Assert.Equal([new Shape(1, 10, 4), new Shape(1, 10), new Shape(1, 10), new Shape(1)], ((Function)copy.Graph).Results.Select(r => r.Value.Node.Tensors[r.Value.Port].Shape));
    }

    private static string Save(TemporaryFolder folder, bool declares)
    {
        using Model model = DetectionModel.All[0].Make(declares);
        model.Save(folder["detector.tflite"], "tflite");
        return folder["detector.tflite"];
    }
}
