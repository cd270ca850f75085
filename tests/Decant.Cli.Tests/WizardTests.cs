using Decant.TestKit;

namespace Decant.Cli.Tests;

public sealed class WizardTests
{
    private static readonly string Sample = Path.Combine(SharedData.Repository, "samples", "image-net");

    [Fact]
    public void A_dry_run_prints_the_command_of_the_converter()
    {
        using var folder = new TemporaryFolder();
        (Cli ran, string command) = Answer(["--dryrun"], Sample, "", "float16", "*/kernel,dense*", "1048576", "n", "y", folder["my web"]);
        Assert.Equal(
            $"tensorflowjs_converter --input_format=tf_saved_model --output_format=tfjs_graph_model '--quantize_float16=*/kernel,dense*' --weight_shard_size_bytes=1048576 --strip_debug_ops= --skip_op_check {Sample} '{folder["my web"]}'", command);
        Assert.Contains("What is it? It looks like: TensorFlow SavedModel", ran.Error, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void Answers_of_one_line_each_convert_a_model()
    {
        using var folder = new TemporaryFolder();
        (Cli ran, _) = Answer([], Sample, "1", "4", "", "", "", "", folder["web"]);
        Assert.True(File.Exists(Path.Combine(folder["web"], "model.json")));
        Assert.Contains("--quantize_uint8", ran.Error, StringComparison.Ordinal);
        Assert.Contains("\"uint8\"", File.ReadAllText(Path.Combine(folder["web"], "model.json")), StringComparison.Ordinal);
        Assert.Contains("model.json and 1 shards", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_answer_is_asked_again()
    {
        using var folder = new TemporaryFolder();
        (Cli ran, string command) = Answer(["--dryrun"], "nowhere", Sample, "9", "tf_saved_model", "tiny", "none", "many", "100", "maybe", "y", "n", folder["web"]);
        foreach (string said in (string[])["there is no 'nowhere'", "'9' is none of these: type 1 to 8", "'tiny' is none of these", "'many' is no number of bytes", "'maybe' is neither y nor n"])
            Assert.Contains(said, ran.Error, StringComparison.Ordinal);
        Assert.Contains("--weight_shard_size_bytes=100 ", command, StringComparison.Ordinal);
        Assert.DoesNotContain("quantize", command, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frozen_graph_is_asked_for_its_outputs_and_offers_them()
    {
        using var folder = new TemporaryFolder();
        Cli.Run("freeze", Sample, "-o", folder["net.pb"]).Ends(ExitCode.Done);
        (_, string command) = Answer(["--dryrun"], folder["net.pb"], "", "", "", "", "", "", folder["web"]);
        Assert.Contains("--input_format=tf_frozen_model", command, StringComparison.Ordinal);
        Assert.Matches("--output_node_names=[^ ]+ ", command);
    }

    [Fact]
    public void A_folder_that_is_there_is_replaced_only_when_that_is_said()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["web"]);
        Cli ran = Run([], Sample, "", "", "", "", "", folder["web"], "n");
        Assert.Equal(ExitCode.Interrupted, ran.Code);
        Assert.Empty(Directory.GetFiles(folder["web"]));
    }

    [Fact]
    public void Answers_that_end_early_are_a_fault_that_names_the_question() => Run([], Sample).Ends(ExitCode.Fault).Says("the input ended at the question", "What is it?");

    private static (Cli Ran, string Command) Answer(string[] options, params string[] answers)
    {
        Cli ran = Run(options, answers).Ends(ExitCode.Done);
        return (ran, ran.Out.Trim());
    }

    private static Cli Run(string[] options, params string[] answers)
    {
        using StringWriter output = new(), error = new();
        using var input = new StringReader(string.Join('\n', answers));
        int code = CommandLine.Run(["tensorflowjs_wizard", .. options], new Terminal(output, error, input));
        return new Cli(code, output.ToString(), error.ToString());
    }
}
