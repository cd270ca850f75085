using Decant.Passes.Freeze;
using Decant.TestKit;
using Decant.Wire.Npy;

namespace Decant.Interop.Tests;

/// <summary>OpenCV runs the graphs that Decant froze and wrote, and gives what Decant gives.</summary>
public sealed class OpenCvTests
{
    /// <summary>Two implementations of the same float32 convolutions, which sum in different orders.</summary>
    private const double Tolerance = 1e-4;

    [SharedPythonTheory("cv2, numpy", "python3-opencv python3-numpy")]
    [InlineData("checkpoint-v2/mlnet-cifar-ckpt/model.ckpt.meta", "Input", "Output", 32, 32, 3)]
    [InlineData("graphdef/mlnet-cifar-frozen/frozen_model.pb", "Input", "Output", 32, 32, 3)]
    [InlineData("savedmodel/mlnet-cifar-saved-model", "Input", "Output", 32, 32, 3)]
    [InlineData("checkpoint-v2/fsrcnn-x2-small-ckpt/fsrcnn_ckpt.meta", "IteratorGetNext", "NCHW_output", 24, 20, 1)]
    [InlineData("graphdef/fsrcnn-x2/FSRCNN_x2.pb", "IteratorGetNext", "NCHW_output", 24, 20, 1)]
    [InlineData("graphdef/espcn-x3/ESPCN_x3.pb", "IteratorGetNext", "NCHW_output", 24, 20, 1)]
    public void A_frozen_graph_gives_the_same_in_opencv(string path, string input, string output, int height, int width, int channels)
    {
        using Model model = Model.Load(SharedData.Path($"data/{path}"));
        using Model frozen = model.Freeze(new FreezeOptions { Inputs = [input], Outputs = [output] });
        GivesTheSame(model, frozen, input, output, height, width, channels);
    }

    [SharedPythonTheory("cv2, numpy", "python3-opencv python3-numpy")]
    [InlineData("graphdef/mlnet-cifar-frozen/frozen_model.pb", "Input", "Output", 32, 32, 3)]
    [InlineData("graphdef/fsrcnn-x2/FSRCNN_x2.pb", "IteratorGetNext", "NCHW_output", 24, 20, 1)]
    [InlineData("graphdef/espcn-x3/ESPCN_x3.pb", "IteratorGetNext", "NCHW_output", 24, 20, 1)]
    public void A_transformed_graph_gives_the_same_in_opencv(string path, string input, string output, int height, int width, int channels)
    {
        using Model model = Model.Load(SharedData.Path($"data/{path}"));
        const string Deploy = "strip_unused_nodes fold_constants(ignore_errors=true) fold_batch_norms fold_old_batch_norms";
        foreach (string transforms in (string[])[Deploy, $"{Deploy} round_weights", $"{Deploy} quantize_weights"])
            GivesTheSame(model, model.Transform(transforms, [input], [output]).Model, input, output, height, width, channels);
    }

    private static void GivesTheSame(Model model, Model made, string input, string output, int height, int width, int channels)
    {
        using var folder = new TemporaryFolder();
        made.Save(folder["frozen.pb"], "graphdef");
        Tensor image = Image(height, width, channels);
        Write(folder["in.npy"], ChannelsFirst(image));
        string node = SignatureNode(model, output);
        Python.Run("opencv_run.py", folder["frozen.pb"], folder["in.npy"], folder["out.npy"]);

        using Model written = Model.Load(folder["frozen.pb"]);
        using var session = new Session(written);
        Tensor found = session.Run(new Dictionary<string, Tensor> { [SignatureNode(model, input, isInput: true)] = image }, [node])[node];
        Assert.Null(TensorComparison.Difference(NpyReader.Read(folder["out.npy"]), found, Tolerance, Tolerance));
    }

    private static string SignatureNode(Model model, string name, bool isInput = false) =>
        IR.SignatureView.Of(model).Resolve(name, isInput).Node.Name;

    private static Tensor Image(int height, int width, int channels)
    {
        var random = new Random(51);
        return Tensor.Wrap(Enumerable.Range(0, height * width * channels).Select(_ => random.NextSingle()).ToArray(), new Shape(1, height, width, channels));
    }

    private static Tensor ChannelsFirst(Tensor image)
    {
        (long height, long width, long channels) = (image.Shape[1], image.Shape[2], image.Shape[3]);
        ReadOnlySpan<float> from = image.Span<float>();
        float[] to = new float[from.Length];
        for (int i = 0; i < from.Length; i++)
            to[(i % channels * height * width) + (i / channels)] = from[i];
        return Tensor.Wrap(to, new Shape(1, channels, height, width));
    }

    private static void Write(string path, Tensor tensor)
    {
        using FileStream stream = File.Create(path);
        NpyWriter.Write(tensor, stream);
    }
}
