using System.CommandLine;
using Decant.Formats.TFJS;
using Decant.Lowering;
using Decant.Passes.Freeze;

namespace Decant.Cli.Verbs;

/// <summary>
/// <c>decant tensorflowjs_converter</c>: TensorFlow.js's converter, with its flags, defaults and messages. Paths may
/// have spaces, which the original splits at.
/// </summary>
internal static class TensorflowjsConverterVerb
{
    /// <summary>What says no. To the original any text is yes, also <c>False</c>.</summary>
    private static readonly string[] No = ["", "false", "no", "0"];

    private static readonly string[] NotRun = ["Assert", "CheckNumerics", "CheckNumericsV2", "PrintV2"];

    public static Command Create(Terminal terminal)
    {
        Argument<string?> inputPath = new("input_path") { Description = "The model to convert", Arity = ArgumentArity.ZeroOrOne };
        Argument<string?> outputPath = new("output_path") { Description = "The folder or file to write", Arity = ArgumentArity.ZeroOrOne };
        Option<string> inputFormat = new("--input_format") { Description = "keras, keras_saved_model, keras_keras, tf_saved_model, tf_hub, tf_frozen_model, tfjs_layers_model or tfjs_graph_model", DefaultValueFactory = _ => TensorflowjsPair.SavedModel };
        Option<string?> outputFormat = new("--output_format") { Description = "keras, keras_keras, keras_saved_model, tf_saved_model, tf_frozen_model, tfjs_layers_model or tfjs_graph_model (default: by the input format)" };
        Option<string?> signature = new("--signature_name") { Description = "The signature of a SavedModel (default: serving_default) or TF Hub module (default: default)" };
        Option<string> tags = new("--saved_model_tags") { Description = "The tags of the SavedModel's graph, comma separated", DefaultValueFactory = _ => "serve" };
        Option<string?> float16 = Quantize("--quantize_float16", "float16"), uint8 = Quantize("--quantize_uint8", "1 byte"), uint16 = Quantize("--quantize_uint16", "2 bytes");
        Option<int?> bytes = new("--quantization_bytes") { Description = "Deprecated: 1 for --quantize_uint8, 2 for --quantize_uint16" };
        Option<bool> split = new("--split_weights_by_layer") { Description = "For layers models: a group of weights per layer" };
        Option<bool> version = new("--version", "-v") { Description = "Print the version" };
        Option<bool> skipCheck = new("--skip_op_check") { Description = "Write the model though TensorFlow.js does not have all of its ops" };
        Option<string> strip = new("--strip_debug_ops") { Description = "Whether Print is removed; Assert and CheckNumerics, which TensorFlow.js cannot run, always are. No is false, no, 0 or empty", DefaultValueFactory = _ => "True" };
        Option<string> structured = new("--use_structured_outputs_names") { Description = "Whether a graph model tells the names of its outputs, by which predict() gives them", DefaultValueFactory = _ => "" };
        Option<long?> shard = new("--weight_shard_size_bytes") { Description = "The bytes of a file of weights (default: 4194304)" };
        Option<string?> nodes = new("--output_node_names") { Description = "The outputs of a frozen model, comma separated" };
        Option<string> control = new("--control_flow_v2") { Description = "Whether conditions and loops stay functions, which they do here", DefaultValueFactory = _ => "" };
        Option<string> experiments = new("--experiments") { Description = "Whether constants are never stored compressed, which they are not here", DefaultValueFactory = _ => "" };
        Option<string?> metadata = new("--metadata") { Description = "Metadata to add, key:path.json, comma separated" };
        var command = new Command("tensorflowjs_converter", "TensorFlow.js's converter: its flags, its messages")
        {
            inputPath, outputPath, inputFormat, outputFormat, signature, tags, float16, uint8, uint16, bytes, split, version, skipCheck, strip, structured, shard, nodes, control, experiments, metadata,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(version))
            {
                terminal.Out.WriteLine($"\ntensorflowjs 4.22.0\n\nDependency versions:\n  decant {typeof(TensorflowjsConverterVerb).Assembly.GetName().Version?.ToString(3)}");
                return ExitCode.Done;
            }

            var pair = TensorflowjsPair.Of(parsed.GetValue(inputPath), parsed.GetValue(outputPath), parsed.GetValue(inputFormat)!, parsed.GetValue(outputFormat));
            if (parsed.GetValue(shard) is not null && !pair.WritesShards)
                throw Fault("The --weight_shard_size_bytes flag is only supported when output_format is tfjs_layers_model or tfjs_graph_model.");
            if (parsed.GetValue(shard) is <= 0 and var size)
                throw Fault($"Expected weight_shard_size_bytes to be a positive integer, but got {size}");
            // An empty name is none, as for the original: scripts pass variables that may be empty.
            string? signatureName = parsed.GetValue(signature) is { Length: > 0 } named ? named : null;
            if (signatureName is not null && !pair.HasSignatures)
                throw Fault($"The --signature_name flag is applicable only to \"tf_saved_model\" and \"tf_hub\" input format, but the current input format is \"{pair.From}\".");
            if (parsed.GetValue(control)!.Length > 0 && pair.To != TensorflowjsPair.GraphModel)
                throw Fault($"The --control_flow_v2 flag is applicable only to \"tfjs_graph_model\" as output format, but the current  output format is \"{pair.To}\"");
            if (pair.From == TensorflowjsPair.FrozenModel && string.IsNullOrEmpty(parsed.GetValue(nodes)))
                throw Fault("The --output_node_names flag is required for \"tf_frozen_model\"");
            pair.CheckPaths();
            List<QuantizationRule> rules = [.. Rules(parsed, float16, DType.Float16), .. Rules(parsed, uint8, DType.UInt8), .. Rules(parsed, uint16, DType.UInt16)];
            if (parsed.GetValue(bytes) is { } width)
                rules = [OldRule(width, rules, terminal)];
            // The original takes flags that its output has no use for, and so do scripts.
            if (parsed.GetValue(split) && pair.To != TensorflowjsPair.LayersModel)
                terminal.Warn($"--split_weights_by_layer is for tfjs_layers_model, and changes nothing of {pair.To}");
            if (parsed.GetValue(structured)!.Length > 0 && pair.To != TensorflowjsPair.GraphModel)
                terminal.Warn($"--use_structured_outputs_names is for tfjs_graph_model, and changes nothing of {pair.To}");
            if (rules.Count > 0 && !pair.WritesShards)
                terminal.Warn($"weights are quantized in tfjs_layers_model and tfjs_graph_model, and stay as they are in {pair.To}");
            if (parsed.GetValue(experiments)!.Length > 0)
                terminal.Say("note: --experiments asks that constants are not stored compressed, which they never are here");
            using Model model = Opening.Open(pair.Source, pair.From == TensorflowjsPair.SavedModel || (pair.From == TensorflowjsPair.Hub && parsed.GetResult(tags) is { Implicit: false }) ? parsed.GetValue(tags) : null, terminal, null);
            pair.CheckFormat(model);
            bool strips = !No.Contains(parsed.GetValue(strip)!, StringComparer.OrdinalIgnoreCase);
            if (!strips && pair.To == TensorflowjsPair.GraphModel)
                SayWhatIsLeftOut(model, terminal);
            var options = new TFJSWriteOptions
            {
                ShardBytes = parsed.GetValue(shard) ?? TFJSWriteOptions.DefaultShardBytes,
                Quantize = rules,
                CheckOps = !parsed.GetValue(skipCheck),
                SplitByLayer = parsed.GetValue(split),
                AllowsLooseWeights = pair.From == TensorflowjsPair.Keras,
                Metadata = TensorflowjsMetadata.Read(parsed.GetValue(metadata)),
            };
            string[]? outputs = CommonOptions.List(parsed.GetValue(nodes));
            using var folders = NewFolders.Above(pair.Target);
            if (pair.KerasFormat is { } keras)
                return folders.KeptBy(KerasConversion.Run(model, keras, options, pair.Target, null, 0, terminal));
            if (pair.GraphFormat is { } graph)
                return folders.KeptBy(Conversion.Freeze(model, new FreezeOptions { Signature = signatureName, Outputs = outputs }, pair.Target, graph, null, 0, terminal));
            var convert = new TFJSConvertOptions
            {
                Signature = signatureName,
                Outputs = outputs,
                StripDebugOps = strips,
                CheckOps = options.CheckOps,
                NamesOutputs = parsed.GetValue(structured)!.Length > 0,
            };
            return folders.KeptBy(TFJSConversion.Run(model, convert, options, pair.Target, null, 0, terminal));
        });
        return command.WithExamples(
            "tensorflowjs_converter --input_format=tf_saved_model --signature_name=serving_default saved_model_dir web_model",
            "tensorflowjs_converter --input_format=keras model.h5 web_model",
            "tensorflowjs_converter --input_format=tf_frozen_model --output_node_names=softmax --quantize_float16='*' frozen.pb web_model");
    }

    private static void SayWhatIsLeftOut(Model model, Terminal terminal)
    {
        string[] lost = [.. model.Functions.Values.Prepend(model.Graph).SelectMany(g => g.Nodes).Select(n => n.Op.Name).Where(NotRun.Contains).Distinct().Order(StringComparer.Ordinal)];
        if (lost.Length > 0)
            terminal.Say($"note: TensorFlow.js cannot run {string.Join(", ", lost)}, which {(lost.Length == 1 ? "is" : "are")} left out; Print stays");
    }

    private static Option<string?> Quantize(string name, string what) =>
        new(name) { Description = $"Store weights in {what}: all, or those whose names match patterns, comma separated", Arity = ArgumentArity.ZeroOrOne };

    private static IEnumerable<QuantizationRule> Rules(ParseResult parsed, Option<string?> option, DType dtype)
    {
        if (parsed.GetResult(option) is { Implicit: false })
            yield return new QuantizationRule(dtype, CommonOptions.List(parsed.GetValue(option)));
    }

    private static QuantizationRule OldRule(int width, List<QuantizationRule> rules, Terminal terminal)
    {
        if (rules.Count > 0)
            throw Fault("--quantization_bytes cannot be used with the new quantization flags");
        terminal.Warn("--quantization_bytes is deprecated: use --quantize_uint8 or --quantize_uint16");
        return width is 1 or 2 ? new QuantizationRule(width == 1 ? DType.UInt8 : DType.UInt16) : throw Fault($"--quantization_bytes {width}: expected 1 or 2");
    }

    private static ModelException Fault(string message) => CliErrors.Usage.At(null, message);
}
