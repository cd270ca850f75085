using Decant.TestKit;

namespace Decant.Cli.Tests;

/// <summary><c>convert</c> to TensorFlow.js and to Keras.</summary>
public sealed class ConvertKerasTests
{
    [Theory]
    [InlineData("keras", "keras_h5")]
    [InlineData("keras", "keras")]
    [InlineData("keras", "tfjs_layers")]
    [InlineData("keras", "tfjs")]
    [InlineData("keras_keras", "keras_h5")]
    [InlineData("tfjs_layers_model", "keras")]
    [InlineData("tfjs_layers_model", "tfjs")]
    [InlineData("tfjs_layers_model", "tflite")]
    [InlineData("tfjs_graph_model", "tfjs")]
    public void The_result_is_run_beside_the_original_and_is_of_the_format(string from, string to)
    {
        using var folder = new TemporaryFolder();
        string source = new KerasFiles(folder).Source(from);
        Cli run = Cli.Run("convert", source, "--to", to, "-o", folder["out"]).Ends(ExitCode.Done);
        Assert.Contains("same outputs as the original on random inputs", run.Out, StringComparison.Ordinal);
        Cli.Run("compare", source, folder["out"]).Ends(ExitCode.Done);
        using Model written = Model.Load(folder["out"]);
        Assert.Equal(to, written.Format);
    }

    [Fact]
    public void A_SavedModel_has_the_signature_of_the_source()
    {
        using var folder = new TemporaryFolder();
        string source = new KerasFiles(folder).Source("tf_saved_model");
        Cli.Run("compare", folder["model.h5"], source).Ends(ExitCode.Done);
        using Model written = Model.Load(source);
        Assert.Equal(("serving_default", "hidden_input", "y"), (written.Signatures[0].Key, written.Signatures[0].Inputs[0].Name, written.Signatures[0].Outputs[0].Name));
    }

    [Theory]
    [InlineData("no Keras layers can be made", "tf_saved_model", "--to", "keras_h5")]
    [InlineData("no Keras layers can be made", "tfjs_graph_model", "--to", "tfjs_layers")]
    [InlineData("--to keras converts Keras models as a whole", "keras", "--to", "keras", "--outputs", "hidden")]
    [InlineData("did you mean 'keras'?", "keras", "--to", "kera")]
    [InlineData("--quantize is for --to tflite", "keras", "--to", "tfjs", "--quantize", "float16")]
    public void What_cannot_be_is_told_and_nothing_is_written(string expected, string from, params string[] options)
    {
        using var folder = new TemporaryFolder();
        Cli.Run(["convert", new KerasFiles(folder).Source(from), "-o", folder["out"], .. options]).Refuses(expected);
        Assert.False(Path.Exists(folder["out"]));
    }

    /// <summary>Keras 3 computes hard_sigmoid with other slopes than Keras 2.</summary>
    [SharedFact]
    public void Weights_that_are_scaled_for_Keras_3_are_told()
    {
        using var folder = new TemporaryFolder();
        string source = SharedData.Path("data/keras-h5/dl4j-weights-tf1tf2/lstm_tensorflow_2.h5");
        Cli run = Cli.Run("convert", source, "--to", "keras", "-o", folder["m.keras"]).Ends(ExitCode.Done);
        Assert.Contains("note: the weights of 1 layer that go into hard_sigmoid are scaled by 1.2", run.Error, StringComparison.Ordinal);
        Cli.Run("compare", source, folder["m.keras"]).Ends(ExitCode.Done);
    }

    [Fact]
    public void Layers_that_TensorFlow_js_lacks_are_named_all_at_once()
    {
        using var folder = new TemporaryFolder();
        string source = new KerasFiles(folder).Source("tfjs_layers_model");
        File.WriteAllText(source, File.ReadAllText(source).Replace("\"Dense\"", "\"Dense\"", StringComparison.Ordinal)
            .Replace("{\"class_name\":\"Dense\",\"config\":{\"name\":\"y\"", "{\"class_name\":\"UnitNormalization\",\"config\":{\"name\":\"unit\"}},{\"class_name\":\"Subtract\",\"config\":{\"name\":\"less\"}},{\"class_name\":\"Dense\",\"config\":{\"name\":\"y\"", StringComparison.Ordinal));
        Cli.Run("convert", source, "--to", "tfjs_layers", "-o", folder["out"], "--no-verify").Refuses("'unit' (UnitNormalization)", "'less' (Subtract)", "--to tfjs");
        Assert.False(Path.Exists(folder["out"]));
    }
}
