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
        File.WriteAllText(folder["notes.txt"], "no model");
        (Cli ran, string command) = Answer(
            ["--dryrun"], "", "nowhere", "https://example.org/m", folder["notes.txt"], $"'{Sample}'", "9", "keras", "tf_saved_model", "tiny", "NONE", "4MB", "100", "maybe", "Y", "No",
            "", Sample, folder["notes.txt"], folder["notes.txt/web"], folder["web"]);
        foreach (string said in (string[])[
            "type a path", "there is no 'nowhere' in ", "'https://example.org/m' is on the web: download it first", "notes.txt", "'9' is none of these: type 1 to 3", "Expected path to point to an HDF5 file, but it points to a directory: ", "'tiny' is none of these",
            "'4MB' is no number of bytes: type digits alone", "'maybe' is neither y nor n", "that is where the model is", $"'{folder["notes.txt"]}' is a file, and a folder is written", $"'{folder["notes.txt"]}' is a file"])
            Assert.Contains(said, ran.Error, StringComparison.Ordinal);
        Assert.Contains("--weight_shard_size_bytes=100 ", command, StringComparison.Ordinal);
        Assert.DoesNotContain("quantize", command, StringComparison.Ordinal);
        Assert.EndsWith($" {Sample} {folder["web"]}", command, StringComparison.Ordinal);
    }

    /// <summary>What the converter would refuse at its end.</summary>
    [Fact]
    public void What_the_model_is_not_is_told_when_it_is_answered()
    {
        using var folder = new TemporaryFolder();
        var files = new KerasFiles(folder);
        string web = files.Source("tfjs_layers_model"), graph = files.Graph();
        using (Model detector = DetectionModel.All[0].Make())
            detector.Save(folder["detector.tflite"], "tflite");
        (Cli ran, string command) = Answer(["--dryrun"], folder["detector.tflite"], Path.GetDirectoryName(web)!, graph, "", "", "", "nothing", "y,nothing", "y", "", "", "", "", folder["out"]);
        foreach (string said in (string[])["the converter does not read it; try: decant convert", "type the path of its model.json", "'nothing'"])
            Assert.Contains(said, ran.Error, StringComparison.Ordinal);
        Assert.Contains("--output_node_names=y ", command, StringComparison.Ordinal);
        (_, command) = Answer(["--dryrun"], web, "", "keras_keras", folder["out"], folder["out.keras"]);
        Assert.EndsWith("out.keras", command, StringComparison.Ordinal);
        (ran, command) = Answer(["--dryrun"], files.Weights(), "", "tfjs_graph_model", "", "", "", folder["out"]);
        Assert.Contains("the file holds weights alone", ran.Error, StringComparison.Ordinal);
        Assert.Contains("--output_format=tfjs_layers_model", command, StringComparison.Ordinal);
        // A SavedModel that Keras did not write has no layers.
        (ran, command) = Answer(["--dryrun"], Sample, "keras_saved_model", "tfjs_layers_model", "tfjs_graph_model", "", "", "", "", folder["out"]);
        Assert.Contains("no Keras layers can be made", ran.Error, StringComparison.Ordinal);
        Assert.Contains("--output_format=tfjs_graph_model", command, StringComparison.Ordinal);
    }

    /// <summary>The converter takes the graph with the tag serve when it is told of none.</summary>
    [Fact]
    public void A_SavedModel_without_a_graph_for_serving_is_asked_for_the_tags()
    {
        using var folder = new TemporaryFolder();
        using (Model model = Model.Load(Sample))
        {
            (model.TensorFlow.MetaInfo, model.TensorFlow.Tags) = (default, ["train"]);
            model.Save(folder["saved"], "saved_model");
        }

        (Cli ran, string command) = Answer(["--dryrun"], folder["saved"], "", "serve", "train", "", "", "", "", folder["web"]);
        Assert.Contains("no MetaGraph has exactly the tags {serve}: there are {train}", ran.Error, StringComparison.Ordinal);
        Assert.Contains("--saved_model_tags=train", command, StringComparison.Ordinal);
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
        Run([], Sample, "", "", "", "", "", folder["web"], "n", folder["other"]).Ends(ExitCode.Done);
        Assert.Empty(Directory.GetFiles(folder["web"]));
        Assert.True(File.Exists(folder["other/model.json"]));
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
