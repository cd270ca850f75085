using Decant.TestKit;

namespace Decant.Cli.Tests;

/// <summary><c>convert</c>, used as a user does.</summary>
public sealed class ConvertTests
{
    /// <summary>A convolution with a bias and an activation, over a batch of any size, and a product behind it.</summary>
    private static string Model(TemporaryFolder folder, string last = "MatMul(flat, v) {T: float32}")
    {
        using Model model = IR.TextForm.GraphParser.Parse(
            $$"""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[?, 2, 2, 1]}
              w = Const() {dtype: float32, value: float32[1, 1, 1, 2] {0.5, -0.25} }
              conv = Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: "SAME"}
              b = Const() {dtype: float32, value: float32[2] {0.1, 0.7} }
              biased = BiasAdd(conv, b) {T: float32}
              relu = Relu6(biased) {T: float32}
              sizes = Const() {dtype: int32, value: int32[2] {-1, 8} }
              flat = Reshape(relu, sizes) {T: float32, Tshape: int32}
              v = Const() {dtype: float32, value: float32[8, 1] {1, 2, 3, 4, 5, 6, 7, 8} }
              scope/y = {{last}}
            }
            """);
        model.Save(folder["model.pb"], "graphdef");
        return folder["model.pb"];
    }

    [Fact]
    public void The_result_runs_under_the_same_names_and_is_compared_with_the_original()
    {
        using var folder = new TemporaryFolder();
        Cli run = Cli.Run("convert", Model(folder), "--to", "tflite", "-o", folder["model.tflite"]).Ends(ExitCode.Done);
        Assert.Contains("same outputs as the original on random inputs", run.Out, StringComparison.Ordinal);
        Cli.Run("compare", folder["model.pb"], folder["model.tflite"]).Ends(ExitCode.Done);
        Cli.Run("run", folder["model.tflite"], "--random", "1", "--output", "scope/y").Ends(ExitCode.Done);
        Cli inspected = Cli.Run("inspect", folder["model.tflite"], "--json").Ends(ExitCode.Done);
        Assert.Contains("null", inspected.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("graphdef", "frozen.pb")]
    [InlineData("saved_model", "frozen")]
    public void A_frozen_graph_is_compared_with_the_original_before_it_is_written(string format, string path)
    {
        using var folder = new TemporaryFolder();
        string model = Model(folder);
        Assert.Contains("same outputs as the original on random inputs", Cli.Run("convert", model, "--to", format, "-o", folder[path]).Ends(ExitCode.Done).Out, StringComparison.Ordinal);
        Cli.Run("compare", model, folder[path]).Ends(ExitCode.Done);
        Assert.DoesNotContain("same outputs", Cli.Run("convert", model, "--to", format, "-o", folder[path], "--no-verify").Ends(ExitCode.Done).Out, StringComparison.Ordinal);
        Assert.Contains("same outputs", Cli.Run("convert", model, "--to", format, "--inputs", "flat", "--outputs", "scope/y", "-o", folder[path]).Ends(ExitCode.Done).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("graphdef", "--quantize", "int8")]
    [InlineData("saved_model", "--input-shape", "x=1,2,2,1")]
    [InlineData("tfjs", "--allow-select-ops", "true")]
    [InlineData("tfjs", "--quantize", "float16")]
    [InlineData("tfjs_layers", "--calibrate", "examples.npy")]
    [InlineData("keras", "--outputs", "scope/y")]
    [InlineData("keras_h5", "--signature", "serving_default")]
    public void An_option_that_a_format_has_no_use_for_is_refused(string format, string option, string value)
    {
        using var folder = new TemporaryFolder();
        Cli run = Cli.Run("convert", Model(folder), "--to", format, "-o", folder["out"], option, value).Ends(ExitCode.Fault);
        Assert.Contains(option, run.Error, StringComparison.Ordinal);
        Assert.Contains($"--to {format}", run.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(folder["out"]));
    }

    [Fact]
    public void All_ops_without_a_form_are_told_at_once_and_nothing_is_written()
    {
        using var folder = new TemporaryFolder();
        Cli run = Cli.Run("convert", Model(folder, "Digamma(log) {T: float32}\n  log = Lgamma(flat) {T: float32}"), "--to", "tflite", "-o", folder["model.tflite"]).Ends(ExitCode.Fault);
        Assert.Contains("'scope/y' (Digamma)", run.Error, StringComparison.Ordinal);
        Assert.Contains("'log' (Lgamma)", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, run.Error.Split("--allow-select-ops").Length);
        Assert.False(File.Exists(folder["model.tflite"]));
    }

    [Fact]
    public void Ops_of_TensorFlow_are_embedded_run_and_told_when_that_is_allowed()
    {
        using var folder = new TemporaryFolder();
        Cli run = Cli.Run("convert", Model(folder, "Digamma(log) {T: float32}\n  log = Lgamma(flat) {T: float32}"), "--to", "tflite", "-o", folder["model.tflite"], "--allow-select-ops").Ends(ExitCode.Done);
        Assert.Contains("Flex delegate) for Digamma, Lgamma", run.Error, StringComparison.Ordinal);
        Assert.Contains("same outputs as the original", run.Out, StringComparison.Ordinal);
        Cli.Run("compare", folder["model.pb"], folder["model.tflite"]).Ends(ExitCode.Done);
        Cli.Run("tflite_convert", $"--graph_def_file={folder["model.pb"]}", "--input_arrays=x", "--output_arrays=scope/y", $"--output_file={folder["old.tflite"]}", "--target_ops=TFLITE_BUILTINS,SELECT_TF_OPS").Ends(ExitCode.Done);
        Assert.Equal(File.ReadAllBytes(folder["model.tflite"]), File.ReadAllBytes(folder["old.tflite"]));
    }

    [Fact]
    public void Custom_operators_are_made_when_that_is_allowed_and_are_the_apps_to_run()
    {
        using var folder = new TemporaryFolder();
        Cli run = Cli.Run("convert", Model(folder, "Mine(flat) {T: float32, factor: 3, name: \"a\"}"), "--to", "tflite", "-o", folder["model.tflite"], "--allow-custom-ops").Ends(ExitCode.Done);
        Assert.Contains("the app must bring kernels for the custom operators Mine", run.Error, StringComparison.Ordinal);
        Assert.Contains("not compared with the original", run.Error, StringComparison.Ordinal);
        Assert.Contains("tfl.Mine", Cli.Run("inspect", folder["model.tflite"]).Ends(ExitCode.Done).Out, StringComparison.Ordinal);
        Cli refused = Cli.Run("convert", folder["model.pb"], "--to", "tflite", "-o", folder["other.tflite"], "--allow-select-ops").Ends(ExitCode.Fault);
        Assert.Contains("--allow-custom-ops", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_gets_the_shape_that_is_given_if_it_fits()
    {
        using var folder = new TemporaryFolder();
        Cli.Run("convert", Model(folder), "--to", "tflite", "-o", folder["model.tflite"], "--input-shape", "x=3,2,2,1").Ends(ExitCode.Done);
        Assert.DoesNotContain("null", Cli.Run("inspect", folder["model.tflite"], "--json").Ends(ExitCode.Done).Out.Split("\"ops\"")[0].Split("inputs")[1], StringComparison.Ordinal);
        Cli wrong = Cli.Run("convert", Model(folder), "--to", "tflite", "-o", folder["model.tflite"], "--input-shape", "x=3,5,2,1").Ends(ExitCode.Fault);
        Assert.Contains("which [3,5,2,1] does not fit", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_original_tools_flags_are_taken()
    {
        using var folder = new TemporaryFolder();
        Cli.Run("tflite_convert", $"--graph_def_file={Model(folder)}", $"--output_file={folder["model.tflite"]}", "--input_arrays=x", "--output_arrays=scope/y", "--input_shapes=1,2,2,1", "--quantize_to_float16").Ends(ExitCode.Done);
        Cli.Run("run", folder["model.tflite"], "--random", "1", "--output", "scope/y").Ends(ExitCode.Done);
        Assert.Contains("are required", Cli.Run("tflite_convert", $"--graph_def_file={folder["model.pb"]}", $"--output_file={folder["model.tflite"]}").Ends(ExitCode.Fault).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("did you mean 'tflite'?", "--to", "tflit")]
    [InlineData("expected NAME=1,224,224,3", "--to", "tflite", "--input-shape", "3")]
    [InlineData("'w' is no size of a dimension", "--to", "tflite", "--input-shape", "x=1,w")]
    [InlineData("expected float16, dynamic, int8 or int16", "--to", "tflite", "--quantize", "int3")]
    [InlineData("there is no output or tensor 'softmax'", "--to", "tflite", "--outputs", "softmax")]
    [InlineData("there is no signature 'serve'", "--to", "tflite", "--signature", "serve")]
    public void Usage_that_does_not_fit_is_told(string expected, params string[] options)
    {
        using var folder = new TemporaryFolder();
        Cli run = Cli.Run(["convert", Model(folder), "-o", folder["model.tflite"], .. options]).Ends(ExitCode.Fault);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [SharedFact]
    public void Tflite_convert_takes_keras_files_and_the_flags_that_the_original_took()
    {
        using var folder = new TemporaryFolder();
        string keras = SharedData.Path("data/keras-h5/dl4j-simple-lstm/simple_lstm_tf_keras_2_model.h5");
        Cli.Run("tflite_convert", $"--keras_model_file={keras}", $"--output_file={folder["model.tflite"]}", "--output_format=TFLITE", "--drop_control_dependency", "--input_arrays=lstm_1_input", "--input_shapes=25,1,1").Ends(ExitCode.Done);
        Assert.Contains("one of", Cli.Run("tflite_convert", $"--keras_model_file={keras}", $"--saved_model_dir={folder["x"]}", $"--output_file={folder["model.tflite"]}").Ends(ExitCode.Fault).Error, StringComparison.Ordinal);
        Assert.Contains("GRAPHVIZ_DOT: expected TFLITE", Cli.Run("tflite_convert", $"--keras_model_file={keras}", $"--output_file={folder["model.tflite"]}", "--output_format=GRAPHVIZ_DOT").Ends(ExitCode.Fault).Error, StringComparison.Ordinal);
    }
}
