using System.Text.Json.Nodes;
using Decant.Cli.Verbs;
using Decant.TestKit;

namespace Decant.Cli.Tests;

/// <summary><c>tensorflowjs_converter</c>, used as a script that was written for the original does.</summary>
public sealed class TensorflowjsConverterTests
{
    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (string from in TensorflowjsPair.Inputs)
            {
                foreach (string to in TensorflowjsPair.Outputs)
                    pairs.Add(from, to);
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_cell_of_the_matrix_is_what_it_says(string from, string to)
    {
        using var folder = new TemporaryFolder();
        var files = new KerasFiles(folder);
        string source = files.Source(from), target = folder["out"];
        string[] args = [$"--input_format={from}", $"--output_format={to}", .. from == "tf_frozen_model" ? ["--output_node_names=y/BiasAdd"] : Array.Empty<string>(), source, target];
        if (from == TensorflowjsPair.KerasSavedModel && to is TensorflowjsPair.Keras or TensorflowjsPair.KerasKeras or TensorflowjsPair.LayersModel)
        {
            // This one was not written by Keras; those that were are in the next test.
            Cli.Run(["tensorflowjs_converter", .. args]).Refuses("no Keras layers can be made");
            return;
        }

        if (!TensorflowjsPair.IsConverted(from, to))
        {
            Cli.Run(["tensorflowjs_converter", .. args]).Refuses($"Unsupported input_format - output_format pair: {from} - {to}");
            Assert.False(Path.Exists(target));
            return;
        }

        Cli.Run(["tensorflowjs_converter", .. args]).Ends(ExitCode.Done);
        using Model written = Model.Load(target);
        Assert.Equal(to switch { "keras" => "keras_h5", "keras_keras" => "keras", "tfjs_layers_model" => "tfjs_layers", "tfjs_graph_model" => "tfjs", "tf_frozen_model" => "graphdef", _ => "saved_model" }, written.Format);
        // The frozen graph of one and the other has tensors, not layers, for names.
        if (from != "tf_frozen_model" && to != "tf_frozen_model")
            Cli.Run("compare", source, target).Ends(ExitCode.Done);
    }

    [SharedTheory]
    [InlineData(null, "tfjs_layers")]
    [InlineData("keras", "keras_h5")]
    [InlineData("keras_keras", "keras")]
    [InlineData("tfjs_layers_model", "tfjs_layers")]
    public void A_SavedModel_that_Keras_wrote_has_layers(string? to, string format)
    {
        using var folder = new TemporaryFolder();
        string source = SharedData.Path("data/savedmodel/tfnet-simple-model-from-auto-compile");
        Cli.Run(["tensorflowjs_converter", "--input_format=keras_saved_model", .. to is null ? Array.Empty<string>() : [$"--output_format={to}"], source, folder["out"]]).Ends(ExitCode.Done);
        using Model written = Model.Load(folder["out"]);
        Assert.Equal(format, written.Format);
    }

    [Theory]
    [InlineData("keras", "tfjs_layers")]
    [InlineData("tf_saved_model", "tfjs")]
    [InlineData("tf_hub", "tfjs")]
    [InlineData("tfjs_layers_model", "keras_h5")]
    public void The_output_format_follows_from_the_input_format(string from, string format)
    {
        using var folder = new TemporaryFolder();
        Cli.Run("tensorflowjs_converter", $"--input_format={from}", new KerasFiles(folder).Source(from), folder["out"]).Ends(ExitCode.Done);
        using Model written = Model.Load(folder["out"]);
        Assert.Equal(format, written.Format);
    }

    [Theory]
    [InlineData("Missing input_path argument. For usage, use the --help flag.")]
    [InlineData("Missing output_path argument. For usage, use the --help flag.", "IN")]
    [InlineData("Unsupported input_format - output_format pair: keras_keras - None", "--input_format=keras_keras", "IN", "OUT")]
    [InlineData("Unsupported input_format - output_format pair: onnx - None", "--input_format=onnx", "IN", "OUT")]
    [InlineData("Unsupported input_format - output_format pair: tf_saved_model - tfjs_layers_model", "--output_format=tfjs_layers_model", "IN", "OUT")]
    [InlineData("The --output_node_names flag is required for \"tf_frozen_model\"", "--input_format=tf_frozen_model", "IN", "OUT")]
    [InlineData("The --signature_name flag is applicable only to \"tf_saved_model\" and \"tf_hub\" input format, but the current input format is \"keras\".", "--input_format=keras", "--signature_name=s", "IN", "OUT")]
    [InlineData("The --control_flow_v2 flag is applicable only to \"tfjs_graph_model\" as output format, but the current  output format is \"tfjs_layers_model\"", "--input_format=keras", "--control_flow_v2=True", "IN", "OUT")]
    [InlineData("The --weight_shard_size_bytes flag is only supported when output_format is tfjs_layers_model or tfjs_graph_model.", "--input_format=tfjs_layers_model", "--weight_shard_size_bytes=100", "IN", "OUT")]
    [InlineData("Expected weight_shard_size_bytes to be a positive integer, but got -3", "--input_format=keras", "--weight_shard_size_bytes=-3", "IN", "OUT")]
    [InlineData("--quantization_bytes cannot be used with the new quantization flags", "--quantization_bytes=1", "--quantize_uint8=*", "IN", "OUT")]
    [InlineData("Missing input_path argument. For usage, use the --help flag.", "")]
    [InlineData("The --output_node_names flag is required for \"tf_frozen_model\"", "--input_format=tf_frozen_model", "--output_node_names=", "IN", "OUT")]
    [InlineData("Expected path to point to an .keras file, but it points to a directory:", "--input_format=keras_keras", "--output_format=tfjs_layers_model", "DIR", "OUT")]
    [InlineData("For input_type=tfjs_layers_model, the input path should be a model.json file, but received a directory.", "--input_format=tfjs_layers_model", "--output_format=tfjs_graph_model", "DIR", "OUT")]
    [InlineData("For input_type=tfjs_layers_model & output_format=keras, the input path is expected to contain valid JSON content, but cannot read valid JSON content from", "--input_format=tfjs_layers_model", "IN", "OUT")]
    [InlineData("from where no modules are fetched", "--input_format=tf_hub", "https://tfhub.dev/google/m/1", "OUT")]
    [InlineData("Nonexistent path to HDF5 file:", "--input_format=keras", "nowhere.h5", "OUT")]
    [InlineData("Expected path to point to an HDF5 file, but it points to a directory:", "--input_format=keras", "DIR", "OUT")]
    [InlineData("Nonexistent path to .keras file:", "--input_format=keras_keras", "--output_format=tfjs_layers_model", "nowhere.keras", "OUT")]
    [InlineData("Invalid `filepath` argument: expected a `.keras` extension. Received: filepath=", "--input_format=keras_keras", "--output_format=tfjs_layers_model", "IN", "OUT")]
    [InlineData("the input path should be a model.json file, but received a directory.", "--input_format=tfjs_layers_model", "DIR", "OUT")]
    [InlineData("the output path should be the path to an HDF5 file, but received an existing directory", "--input_format=tfjs_layers_model", "IN", "DIR")]
    [InlineData("already exists as a file", "--input_format=keras", "IN", "IN")]
    [InlineData("the model is a Keras HDF5 file", "--input_format=tf_saved_model", "IN", "OUT")]
    [InlineData("expected key:path.json", "--input_format=keras", "--metadata=x", "IN", "OUT")]
    public void What_does_not_fit_is_told_in_the_originals_words(string expected, params string[] args)
    {
        using var folder = new TemporaryFolder();
        string source = new KerasFiles(folder).Source("keras");
        Directory.CreateDirectory(folder["dir"]);
        Cli.Run(["tensorflowjs_converter", .. args.Select(a => a switch { "IN" => source, "OUT" => folder["out"], "DIR" => folder["dir"], _ => a })]).Refuses(expected);
        Assert.False(Path.Exists(folder["out"]));
    }

    [Theory]
    [InlineData("--split_weights_by_layer is for tfjs_layers_model", "--input_format=keras", "--output_format=tfjs_graph_model", "--split_weights_by_layer")]
    [InlineData("--use_structured_outputs_names is for tfjs_graph_model", "--input_format=keras", "--use_structured_outputs_names=True")]
    [InlineData("weights are quantized in tfjs_layers_model and tfjs_graph_model", "--input_format=keras", "--output_format=keras_keras", "--quantize_uint8=*")]
    [InlineData("", "--input_format=keras", "--signature_name=")]
    [InlineData("", "--input_format=keras", "--metadata=")]
    [InlineData("", "--input_format=keras", "--control_flow_v2=")]
    public void What_the_original_takes_and_makes_nothing_of_is_taken(string warning, params string[] args)
    {
        using var folder = new TemporaryFolder();
        Cli.Run(["tensorflowjs_converter", .. args, new KerasFiles(folder).Source("keras"), folder["out"]]).Ends(ExitCode.Done).Says(warning);
        Assert.True(Path.Exists(folder["out"]));
    }

    [Fact]
    public void Files_that_are_no_part_of_a_model_stay_in_the_folder()
    {
        using var folder = new TemporaryFolder();
        string source = new KerasFiles(folder).Source("keras");
        Directory.CreateDirectory(folder["out"]);
        File.WriteAllText(folder["out/index.html"], "page");
        Cli.Run("tensorflowjs_converter", "--input_format=keras", "--weight_shard_size_bytes=20", source, folder["out"]).Ends(ExitCode.Done);
        Cli.Run("tensorflowjs_converter", "--input_format=keras", source, folder["out"]).Ends(ExitCode.Done);
        Assert.Equal(["group1-shard1of1.bin", "index.html", "model.json"], Directory.GetFiles(folder["out"]).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        Assert.Equal("page", File.ReadAllText(folder["out/index.html"]));
    }

    [Fact]
    public void Folders_above_the_target_are_made_and_go_again_when_nothing_is_written()
    {
        using var folder = new TemporaryFolder();
        var files = new KerasFiles(folder);
        Cli.Run("tensorflowjs_converter", "--input_format=keras", files.Source("keras"), folder["a/b/out"]).Ends(ExitCode.Done);
        Assert.True(File.Exists(folder["a/b/out/model.json"]));
        string lacking = files.Graph("Lgamma(d) {T: float32}\n  d = Digamma(z) {T: float32}");
        Cli.Run("tensorflowjs_converter", "--input_format=tf_frozen_model", "--output_node_names=y", lacking, folder["c/d/out"]).Refuses("Digamma, Lgamma");
        Assert.False(Path.Exists(folder["c"]));
    }

    /// <summary>For <c>loadWeights</c> in JavaScript.</summary>
    [Fact]
    public void Weights_alone_become_a_manifest_without_a_topology()
    {
        using var folder = new TemporaryFolder();
        var root = new Decant.Wire.Hdf5.Hdf5GroupContent();
        root.SetTexts("layer_names", ["a", "b"]);
        foreach (string layer in (string[])["a", "b"])
        {
            var group = root.Group(layer);
            group.SetTexts("weight_names", [$"{layer}/kernel:0"]);
            group.Group(layer).Add("kernel:0", Tensor.Wrap([1f, 2, 3]));
        }

        using (FileStream stream = File.Create(folder["w.h5"]))
            Decant.Wire.Hdf5.Hdf5Writer.Write(root, stream);
        Cli.Run("tensorflowjs_converter", "--input_format=keras", "--split_weights_by_layer", folder["w.h5"], folder["out"]).Ends(ExitCode.Done);
        JsonNode json = Json(folder);
        Assert.True(json.AsObject().ContainsKey("modelTopology") && json["modelTopology"] is null && json["generatedBy"] is null);
        Assert.Equal(["a/kernel", "b/kernel"], Manifest(folder).Select(g => (string)Assert.Single(g!["weights"]!.AsArray())!["name"]!));
        Cli.Run("tensorflowjs_converter", "--input_format=keras", "--output_format=keras_keras", folder["w.h5"], folder["m.keras"]).Ends(ExitCode.Fault).Says("does not tell the layers", "beside it as w.json");
    }

    [Fact]
    public void Shards_have_the_size_that_is_given()
    {
        using var folder = new TemporaryFolder();
        Cli.Run("tensorflowjs_converter", "--input_format=keras", "--weight_shard_size_bytes=20", new KerasFiles(folder).Source("keras"), folder["out"]).Ends(ExitCode.Done);
        // 6 + 3 + 3 + 1 floats.
        Assert.Equal([20, 20, 12], Directory.GetFiles(folder["out"], "*.bin").Order().Select(f => new FileInfo(f).Length));
        Assert.Equal("group1-shard1of3.bin", (string?)Manifest(folder)[0]!["paths"]![0]);
        Cli.Run("compare", folder["model.h5"], folder["out"]).Ends(ExitCode.Done);
    }

    [Theory]
    [InlineData("--quantize_uint8=*kernel", "hidden/kernel", "y/kernel")]
    [InlineData("--quantize_float16=hidden/*,y/bias", "hidden/kernel", "hidden/bias", "y/bias")]
    [InlineData("--quantize_uint16", "hidden/kernel", "hidden/bias", "y/kernel", "y/bias")]
    [InlineData("--quantization_bytes=1", "hidden/kernel", "hidden/bias", "y/kernel", "y/bias")]
    public void Weights_are_quantized_by_their_names(string flag, params string[] quantized)
    {
        using var folder = new TemporaryFolder();
        Cli.Run("tensorflowjs_converter", "--input_format=keras", flag, "--", new KerasFiles(folder).Source("keras"), folder["out"]).Ends(ExitCode.Done);
        Assert.Equal(quantized, Manifest(folder)[0]!["weights"]!.AsArray().Where(w => w!["quantization"] is not null).Select(w => (string)w!["name"]!));
    }

    [Fact]
    public void Weights_are_split_by_layer()
    {
        using var folder = new TemporaryFolder();
        Cli.Run("tensorflowjs_converter", "--input_format=keras", "--split_weights_by_layer", new KerasFiles(folder).Source("keras"), folder["out"]).Ends(ExitCode.Done);
        Assert.Equal(["group1-shard1of1.bin", "group2-shard1of1.bin"], Manifest(folder).SelectMany(g => g!["paths"]!.AsArray()).Select(p => (string)p!));
        Cli.Run("compare", folder["model.h5"], folder["out"]).Ends(ExitCode.Done);
    }

    [Fact]
    public void Structured_outputs_names_are_written()
    {
        using var folder = new TemporaryFolder();
        string source = new KerasFiles(folder).Source("tf_saved_model");
        Cli.Run("tensorflowjs_converter", "--use_structured_outputs_names=True", source, folder["out"]).Ends(ExitCode.Done);
        Assert.Equal(["y"], Json(folder)["userDefinedMetadata"]!["structuredOutputKeys"]!.AsArray().Select(k => (string)k!));
        Cli.Run("tensorflowjs_converter", source, folder["out"]).Ends(ExitCode.Done);
        Assert.Null(Json(folder)["userDefinedMetadata"]);
    }

    [Fact]
    public void Structured_outputs_names_are_written_for_Keras_models_too()
    {
        using var folder = new TemporaryFolder();
        Cli.Run("tensorflowjs_converter", "--input_format=keras", "--output_format=tfjs_graph_model", "--use_structured_outputs_names=True", new KerasFiles(folder).Source("keras"), folder["out"]).Ends(ExitCode.Done);
        Assert.Equal(["y"], Json(folder)["userDefinedMetadata"]!["structuredOutputKeys"]!.AsArray().Select(k => (string)k!));
    }

    [Fact]
    public void Layers_models_of_archives_are_split_by_layer_too()
    {
        using var folder = new TemporaryFolder();
        Cli.Run("tensorflowjs_converter", "--input_format=keras_keras", "--output_format=tfjs_layers_model", "--split_weights_by_layer", new KerasFiles(folder).Source("keras_keras"), folder["out"]).Ends(ExitCode.Done);
        Assert.Equal(2, Manifest(folder).Count);
    }

    [Fact]
    public void Metadata_is_added()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["labels.json"], """{"a": [1, 2]}""");
        File.WriteAllText(folder["bad.json"], "{");
        string source = new KerasFiles(folder).Source("keras");
        Cli.Run("tensorflowjs_converter", "--input_format=keras", $"--metadata=labels:{folder["labels.json"]}", source, folder["out"]).Ends(ExitCode.Done);
        Assert.Equal(2, (int)Json(folder)["userDefinedMetadata"]!["labels"]!["a"]![1]!);
        Cli.Run("tensorflowjs_converter", "--input_format=keras", $"--metadata=labels:{folder["bad.json"]}", source, folder["other"]).Refuses("cannot read valid JSON content from");
    }

    [Fact]
    public void Ops_that_TensorFlow_js_lacks_are_named_all_at_once_unless_the_check_is_skipped()
    {
        using var folder = new TemporaryFolder();
        string graph = new KerasFiles(folder).Graph("Lgamma(d) {T: float32}\n  d = Digamma(z) {T: float32}");
        string[] args = ["tensorflowjs_converter", "--input_format=tf_frozen_model", "--output_node_names=y", graph, folder["out"]];
        Cli.Run(args).Refuses("Digamma, Lgamma");
        Assert.False(Path.Exists(folder["out"]));
        Cli.Run([.. args, "--skip_op_check"]).Ends(ExitCode.Done);
        Assert.True(File.Exists(folder["out/model.json"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(true, "--strip_debug_ops=True")]
    [InlineData(true, "--strip_debug_ops=yes")]
    [InlineData(false, "--strip_debug_ops=")]
    [InlineData(false, "--strip_debug_ops=false")]
    [InlineData(false, "--strip_debug_ops=False")]
    [InlineData(false, "--strip_debug_ops", "0")]
    public void Debug_ops_are_stripped_or_those_stay_that_TensorFlow_js_can_run(bool strips, params string[] flag)
    {
        using var folder = new TemporaryFolder();
        string graph = new KerasFiles(folder).Graph("Print(c, z) {T: float32, U: [float32], message: \"z is\"}\n  c = CheckNumerics(z) {T: float32, message: \"m\"}");
        Cli ran = Cli.Run(["tensorflowjs_converter", "--input_format=tf_frozen_model", "--output_node_names=y", .. flag, graph, folder["out"]]).Ends(ExitCode.Done);
        Assert.Equal(!strips, ran.Error.Contains("TensorFlow.js cannot run CheckNumerics, which is left out; Print stays", StringComparison.Ordinal));
        string written = File.ReadAllText(folder["out/model.json"]);
        Assert.DoesNotContain("CheckNumerics", written, StringComparison.Ordinal);
        Assert.Equal(!strips, written.Contains("\"Print\"", StringComparison.Ordinal));
    }

    /// <summary>As argparse takes them.</summary>
    [Theory]
    [InlineData("--input_f=keras", "--output_f", "tfjs_graph_model")]
    [InlineData("--inp", "keras", "--weight=20")]
    [InlineData("--input_format=keras", "--quantize_f=", "--quantiza", "1", "expect", "--quantization_bytes cannot be used")]
    public void Flags_may_be_cut_short(params string[] args)
    {
        using var folder = new TemporaryFolder();
        int end = Array.IndexOf(args, "expect");
        Cli ran = Cli.Run(["tensorflowjs_converter", .. end < 0 ? args : args[..end], new KerasFiles(folder).Source("keras"), folder["out"]]);
        _ = end < 0 ? ran.Ends(ExitCode.Done) : ran.Refuses(args[end + 1]);
        Assert.Equal(end < 0, File.Exists(folder["out/model.json"]));
    }

    [Theory]
    [InlineData("tensorflowjs_converter", "--quantize=*", "ambiguous option: --quantize could match --quantize_float16, --quantize_uint8, --quantize_uint16")]
    [InlineData("tensorflowjs_converter", "--o", "ambiguous option: --o could match --output_format, --output_node_names")]
    [InlineData("freeze_graph", "--input_s", "ambiguous option: --input_s could match --input_saver, --input_saved_model_dir")]
    [InlineData("convert", "--outp", "Unrecognized command or argument")]
    public void A_flag_that_could_be_several_is_refused_with_all_of_them(string verb, string flag, string said) => Cli.Run(verb, flag, "x").Refuses(said);

    [Fact]
    public void What_the_flag_experiments_asks_for_is_said()
    {
        using var folder = new TemporaryFolder();
        Cli.Run("tensorflowjs_converter", "--input_format=keras", "--experiments=True", new KerasFiles(folder).Source("keras"), folder["out"]).Ends(ExitCode.Done).Says("never are here");
    }

    [Fact]
    public void The_version_is_told_as_the_original_does() =>
        Assert.StartsWith("\ntensorflowjs 4.22.0\n\nDependency versions:", Cli.Run("tensorflowjs_converter", "--version").Ends(ExitCode.Done).Out, StringComparison.Ordinal);

    private static JsonNode Json(TemporaryFolder folder) => JsonNode.Parse(File.ReadAllText(folder["out/model.json"]))!;

    private static JsonArray Manifest(TemporaryFolder folder) => Json(folder)["weightsManifest"]!.AsArray();
}
