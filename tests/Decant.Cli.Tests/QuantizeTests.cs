using System.Text.Json;
using Decant.Wire.Npy;

namespace Decant.Cli.Tests;

/// <summary><c>convert --quantize int8</c> and <c>int16</c>, used as a user does.</summary>
public sealed class QuantizeTests
{
    private static string Model(TemporaryFolder folder, string input = "x")
    {
        using Model model = IR.TextForm.GraphParser.Parse(
            $$"""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[?, 2]}
              fx = FakeQuantWithMinMaxArgs(x) {min: -1.0f, max: 1.0f, num_bits: 8, narrow_range: false}
              w = Const() {dtype: float32, value: float32[2, 2] {0.5, -0.25, 1, 0.75} }
              m = MatMul({{input}}, w) {T: float32, transpose_a: false, transpose_b: false}
              e = Elu(m) {T: float32}
              scope/y = Sigmoid(e) {T: float32}
            }
            """);
        model.Save(folder["model.pb"], "graphdef");
        return folder["model.pb"];
    }

    private static string Npy(TemporaryFolder folder, string name, Tensor tensor)
    {
        using FileStream file = File.Create(folder[name]);
        NpyWriter.Write(tensor, file);
        return folder[name];
    }

    private static string Examples(TemporaryFolder folder) => Npy(folder, "examples.npy", Tensor.Wrap([-1f, 1, 0.5f, 0.25f, 1, 1, -0.5f, 0], new Shape(4, 2)));

    [Fact]
    public void Examples_make_an_integer_model_that_is_compared_on_the_first_of_them()
    {
        using var folder = new TemporaryFolder();
        Cli run = Cli.Run("convert", Model(folder), "--to", "tflite", "--quantize", "int8", "--calibrate", Examples(folder), "--outputs", "scope/y", "-o", folder["model.tflite"]).Ends(ExitCode.Done);
        Assert.Contains("outputs near those of the original on the first example: largest error", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(" 0 parameters", Cli.Run("inspect", folder["model.tflite"]).Ends(ExitCode.Done).Out, StringComparison.Ordinal);
        Assert.Contains("2 operators compute with integers, 1 stay float: 1 ELU", run.Out, StringComparison.Ordinal);
        Cli.Run("run", folder["model.tflite"], "--input", $"x={Npy(folder, "one.npy", Tensor.Wrap([1f, 0.5f], new Shape(1, 2)))}", "--output", "scope/y").Ends(ExitCode.Done);
    }

    [Fact]
    public void A_quantized_model_becomes_a_graph_of_the_real_numbers_that_it_stands_for()
    {
        using var folder = new TemporaryFolder();
        Cli.Run("convert", Model(folder), "--to", "tflite", "--quantize", "int8", "--calibrate", Examples(folder), "--outputs", "scope/y", "-o", folder["model.tflite"]).Ends(ExitCode.Done);
        Cli run = Cli.Run("convert", folder["model.tflite"], "--to", "graphdef", "-o", folder["back.pb"]).Ends(ExitCode.Done);
        Assert.Contains("same outputs as the original on random inputs", run.Out, StringComparison.Ordinal);
        Cli.Run("compare", folder["model.pb"], folder["back.pb"], "--output", "scope/y", "--rtol", "0", "--atol", "0.05").Ends(ExitCode.Done);
    }

    [Fact]
    public void The_report_has_a_line_for_each_integer_operator_or_is_json()
    {
        using var folder = new TemporaryFolder();
        string[] command = ["convert", Model(folder), "--to", "tflite", "--quantize", "int16", "--calibrate", Examples(folder), "--outputs", "scope/y", "--keep-float", "scope/*", "-o", folder["model.tflite"]];
        string text = Cli.Run([.. command, "--quantize-report"]).Ends(ExitCode.Done).Out;
        Assert.Contains("layer  operator", text, StringComparison.Ordinal);
        Assert.Contains("m      FULLY_CONNECTED", text, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(Cli.Run([.. command, "--json"]).Ends(ExitCode.Done).Out);
        JsonElement report = json.RootElement[0];
        Assert.Equal(1, report.GetProperty("integer_operators").GetInt32());
        Assert.Equal("m", report.GetProperty("layers")[0].GetProperty("layer").GetString());
        Assert.InRange(report.GetProperty("layers")[0].GetProperty("own_noise").GetDouble(), 1e-12, 1e-3);
        Assert.Equal(["ELU", "LOGISTIC"], report.GetProperty("float_operators").EnumerateArray().Select(o => o.GetProperty("operator").GetString()));
    }

    [Fact]
    public void An_accuracy_is_searched_for_on_labelled_examples()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["labels.txt"], "0\n0\n0\n1\n");
        string text = Cli.Run("convert", Model(folder), "--to", "tflite", "--quantize", "int8", "--calibrate", Examples(folder), "--labels", folder["labels.txt"], "--accuracy-drop", "0.5", "--outputs", "scope/y", "-o", folder["model.tflite"]).Ends(ExitCode.Done).Out;
        Assert.Contains("right answers: ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Integer_inputs_and_outputs_run_as_integers()
    {
        using var folder = new TemporaryFolder();
        Cli.Run("convert", Model(folder), "--to", "tflite", "--quantize", "int8", "--calibrate", Examples(folder), "--input-type", "uint8", "--output-type", "int8", "--outputs", "scope/y", "-o", folder["model.tflite"]).Ends(ExitCode.Done);
        string inspected = Cli.Run("inspect", folder["model.tflite"]).Ends(ExitCode.Done).Out;
        Assert.Contains("x: uint8[?,2]", inspected, StringComparison.Ordinal);
        Assert.Contains("scope/y: int8[?,2]", inspected, StringComparison.Ordinal);
    }

    [Fact]
    public void Flags_of_the_original_tool_take_the_ranges_of_training_and_of_the_flags()
    {
        using var folder = new TemporaryFolder();
        string[] flags = [$"--graph_def_file={Model(folder, "fx")}", $"--output_file={folder["model.tflite"]}", "--input_arrays=x", "--output_arrays=scope/y", "--inference_type=QUANTIZED_UINT8"];
        Cli.Run(["tflite_convert", .. flags, "--default_ranges_min=-2", "--default_ranges_max=2", "--mean_values=128", "--std_dev_values=128"]).Ends(ExitCode.Done);
        string printed = Cli.Run("print", folder["model.tflite"]).Ends(ExitCode.Done).Out;
        Assert.Contains("tfl.FULLY_CONNECTED", printed, StringComparison.Ordinal);
        Assert.Contains("x: uint8", printed, StringComparison.Ordinal);
        Cli.Run(["tflite_convert", .. flags[..^1], "--inference_type=INT8", "--inference_input_type=FLOAT", "--inference_output_type=FLOAT"]).Ends(ExitCode.Done);
    }

    [Theory]
    [InlineData("--calibrate is for integer models", "--quantize", "float16", "--calibrate", "x.npy")]
    [InlineData("the ranges of activations are not known", "--quantize", "int8")]
    [InlineData("expected a height and a width, such as 224x224", "--quantize", "int8", "--calibrate-resize", "224")]
    [InlineData("did you mean 'percentile'?", "--quantize", "int8", "--ranges", "percentil")]
    [InlineData("expected a number above 0, up to 100", "--quantize", "int8", "--percentile", "0")]
    [InlineData("expected float32, int8, uint8 or int16", "--quantize", "int8", "--input-type", "int4")]
    [InlineData("'a' is no number", "--quantize", "int8", "--calibrate-mean", "1,a")]
    [InlineData("there is no such file or folder", "--quantize", "int8", "--calibrate", "absent")]
    public void Usage_that_does_not_fit_is_told(string expected, params string[] options)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(expected, Cli.Run(["convert", Model(folder), "--to", "tflite", "--outputs", "scope/y", "-o", folder["model.tflite"], .. options]).Ends(ExitCode.Fault).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("integer inputs, outputs and ranges are for integer models", "--inference_input_type=INT8")]
    [InlineData("are given together", "--inference_type=INT8", "--default_ranges_min=0")]
    [InlineData("expected FLOAT, QUANTIZED_UINT8 or INT8", "--inference_type=QUANTIZED_INT16")]
    [InlineData("there are 1 --mean_values and 0 --std_dev_values for 1 --input_arrays", "--inference_type=INT8", "--mean_values=0")]
    public void Flags_of_the_original_tool_that_do_not_fit_are_told(string expected, params string[] flags)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(expected, Cli.Run(["tflite_convert", $"--graph_def_file={Model(folder)}", $"--output_file={folder["model.tflite"]}", "--input_arrays=x", "--output_arrays=scope/y", .. flags]).Ends(ExitCode.Fault).Error, StringComparison.Ordinal);
    }
}
