using Decant.TestKit;

namespace Decant.Cli.Tests;

/// <summary>Every file under <c>../shared/data/bad</c>, given to the verbs that open models.</summary>
public sealed class BadFileTests
{
    // An export of TensorFlow Serving's tests that is bad because its MetaGraph lacks the signatures that the server asks for. The
    // graph, its variables and the checkpoint are whole, and Decant needs no signatures: it offers the placeholder and the
    // unconsumed nodes, and gives y = 0.5 x + 2 as it should.
    private const string Unsigned = "serving-bad-half-plus-two/00000123";

    // Conv2D with data_format NDHWC, a value that the op does not have: TensorFlow refuses to import the graph.
    private const string WrongAttribute = "wrong_attr";

    // Files of TensorFlow Lite that are well-formed. Their tests of the original runtime limit memory (the huge convolutions, which take time
    // here but run), or ask for what is only missing when the model runs: outputs, a constant's bytes, the kernel of a custom operator.
    private static readonly string[] WellFormed = ["conv3d_huge_im2col", "conv_huge_im2col", "test_min_runtime", "empty_model", "segment_sum_invalid_buffer", "model_invoking_error"];

    [SharedTheory]
    [InlineData("litert-bad/empty_model.bin", "no outputs")]
    [InlineData("litert-bad/segment_sum_invalid_buffer.bin", "'pyx/y' has no value")]
    [InlineData("coral-invalid-models/model_invoking_error.tflite", "tfl.fake-op-double has no kernel")]
    public void A_TensorFlow_Lite_model_that_lacks_something_opens_and_does_not_run(string file, string said)
    {
        using var folder = new TemporaryFolder();
        string path = SharedData.Path($"data/bad/{file}");
        Cli.Run("inspect", path).Ends(ExitCode.Done);
        Cli.Run("run", path, "--random", "1", "--output-dir", folder["out"]).Refuses(said);
        Cli.Run("freeze", path, "-o", folder["frozen.pb"]).Refuses(path, "TensorFlow Lite");
        Assert.Empty(folder.Names);
    }

    [SharedFact]
    public void All_but_the_unsigned_export_are_refused_with_a_located_message_and_nothing_is_written()
    {
        foreach (string file in SharedData.Files("data/bad").Where(f => !f.Contains(Unsigned, StringComparison.Ordinal) && !WellFormed.Contains(Path.GetFileNameWithoutExtension(f))))
        {
            using var folder = new TemporaryFolder();
            Cli inspect = Cli.Run("inspect", file).Ends(ExitCode.Fault).Says("error: ", file);
            Cli.Run("freeze", file, "-o", folder["frozen.pb"]).Refuses(file);
            Cli.Run("print", file, "--as", "pbtxt").Ends(file.Contains(WrongAttribute, StringComparison.Ordinal) ? ExitCode.Done : ExitCode.Fault);
            Cli.Run("run", file, "--random", "1", "--output-dir", folder["out"]).Refuses();
            Assert.Empty(folder.Names);
            Assert.DoesNotContain("bug of Decant", inspect.Error, StringComparison.Ordinal);
        }
    }

    [SharedFact]
    public void A_value_that_the_op_does_not_allow_is_located_in_the_graph()
    {
        foreach (string file in SharedData.Files("data/bad", $"*{WrongAttribute}*"))
        {
            foreach (string verb in (string[])["inspect", "freeze"])
            {
                using var folder = new TemporaryFolder();
                Cli.Run(verb == "freeze" ? ["freeze", file, "-o", folder["f.pb"]] : ["inspect", file]).Ends(ExitCode.Fault)
                    .Says("node 'MobilenetV1/MobilenetV1/Conv2d_0/Conv2D' (Conv2D)", "'data_format'", "NHWC, NCHW");
            }

            Cli.Run("run", file, "--random", "1").Refuses("Conv2d_0/Conv2D", "data_format", "NDHWC", "NHWC");
        }
    }

    [SharedFact]
    public void The_export_without_signatures_is_a_sound_graph()
    {
        using var folder = new TemporaryFolder();
        string x = SmallModel.Npy(folder, "x.npy", Tensor.Wrap((float[])[3], Shape.Scalar));
        foreach (string name in (string[])["", "/export", "/export.meta"])
        {
            string model = SharedData.Path($"data/bad/{Unsigned}{name}");
            Cli.Run("inspect", model).Ends(ExitCode.Done);
            Assert.Contains("Add: float32[] [3.5]", Cli.Run("run", model, "--input", $"Placeholder={x}", "--output", "Add").Ends(ExitCode.Done).Out, StringComparison.Ordinal);
            Cli.Run("freeze", model, "--outputs", "Add", "-o", folder["frozen.pb"]).Ends(ExitCode.Done);
            Assert.Contains("Add: float32[] [3.5]", Cli.Run("run", folder["frozen.pb"], "--input", $"Placeholder={x}").Ends(ExitCode.Done).Out, StringComparison.Ordinal);
        }
    }

    [SharedFact]
    public void Checkpoint_verbs_refuse_what_is_no_checkpoint()
    {
        foreach (string file in SharedData.Files("data/bad").Where(f => !f.Contains(Unsigned, StringComparison.Ordinal)))
        {
            using var folder = new TemporaryFolder();
            Cli.Run("checkpoint", "list", file).Refuses(file);
            Cli.Run("checkpoint", "strip", file, "-o", folder["stripped"]).Refuses(file);
            Assert.Empty(folder.Names);
        }
    }
}
