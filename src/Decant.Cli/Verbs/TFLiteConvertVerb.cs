using System.CommandLine;
using Decant.Lowering;
using Decant.Quantizing;

namespace Decant.Cli.Verbs;

/// <summary><c>decant tflite_convert</c>: TensorFlow's script of that name, with its flags.</summary>
internal static class TFLiteConvertVerb
{
    private const string SelectOps = "SELECT_TF_OPS", Lite = "TFLITE";

    private static readonly string[] Targets = ["TFLITE_BUILTINS", SelectOps];

    public static Command Create(Terminal terminal)
    {
        Option<string> output = Text("--output_file", "The file to write");
        Option<string> savedModel = Text("--saved_model_dir", "The SavedModel to convert");
        Option<string> tags = Text("--saved_model_tag_set", "The tags of the SavedModel's graph, comma separated", "serve");
        Option<string> signature = Text("--saved_model_signature_key", "The signature to convert");
        Option<string> graph = Text("--graph_def_file", "The frozen GraphDef to convert");
        Option<string> keras = Text("--keras_model_file", "The Keras model to convert, HDF5 or .keras");
        Option<string> format = Text("--output_format", "TFLITE", Lite);
        Option<string> inputs = Text("--input_arrays", "Names of the input tensors, comma separated");
        Option<string> outputs = Text("--output_arrays", "Names of the output tensors, comma separated");
        Option<string> shapes = Text("--input_shapes", "Their shapes in the same order, colon separated, such as 1,60,80:1,10");
        Option<bool> quantize = Flag("--post_training_quantize", "Whether weights become int8 (dynamic range)");
        Option<bool> float16 = Flag("--quantize_to_float16", "Whether weights become float16");
        Option<string> targets = Text("--target_ops", "TFLITE_BUILTINS, SELECT_TF_OPS, comma separated", "TFLITE_BUILTINS");
        Option<bool> custom = Flag("--allow_custom_ops", "Whether ops that there is no operator for become custom ones");
        Option<bool> newConverter = Flag("--experimental_new_converter", "Accepted, and not needed");
        Option[] accepted =
        [
            Flag("--experimental_new_quantizer", "Accepted, and not needed"), Flag("--drop_control_dependency", "Accepted: dependencies that have no form are dropped"),
            Text("--custom_opdefs", "Accepted: ops that nobody knows are taken as the graph has them"), Text("--conversion_summary_dir", "Accepted, and nothing is written there"),
            Text("--dump_graphviz_dir", "Accepted, and nothing is written there"), Flag("--dump_graphviz_video", "Accepted, and nothing is written"),
        ];
        Option<bool> v1 = Flag("--enable_v1_converter", "Accepted, and not needed");
        var inference = InferenceFlags.Create();
        var command = new Command("tflite_convert", "TensorFlow's tflite_convert: its flags")
        {
            output, format, savedModel, tags, signature, graph, keras, inputs, outputs, shapes, quantize, float16, targets, custom, newConverter, v1,
        };
        foreach (Option option in inference.All.Concat(accepted))
            command.Add(option);
        command.SetAction(parsed =>
        {
            string Value(Option<string> option) => parsed.GetValue(option)!;
            (string folder, string file, string path) = (Value(savedModel), Value(graph), Value(output));
            string[] sources = [.. new[] { folder, file, Value(keras) }.Where(s => s.Length > 0)];
            if (path.Length == 0 || sources.Length != 1)
                throw CliErrors.Usage.At(null, "give --output_file and one of --saved_model_dir, --graph_def_file and --keras_model_file");
            if (Value(format) != Lite)
                throw CliErrors.Usage.At(null, $"--output_format {Value(format)}: expected {Lite}", "a drawing of the graph: decant serve MODEL");
            if (file.Length > 0 && (Value(inputs).Length == 0 || Value(outputs).Length == 0))
                throw CliErrors.Usage.At(null, "--input_arrays and --output_arrays are required with --graph_def_file");
            string[]? names = List(Value(inputs));
            string[] sizes = Value(shapes).Split(':', StringSplitOptions.RemoveEmptyEntries);
            if (sizes.Length > 0 && sizes.Length != (names?.Length ?? 0))
                throw CliErrors.Usage.At(null, $"--input_shapes has {sizes.Length} shapes for {names?.Length ?? 0} --input_arrays");
            string[] kinds = List(Value(targets)) ?? [];
            if (kinds.FirstOrDefault(k => !Targets.Contains(k)) is { } unknown)
                throw CliErrors.Usage.At(null, $"--target_ops {unknown}: expected {string.Join(" or ", Targets)}", unknown == "TFLITE_BUILTINS_INT8" ? "integer models are calibrated: decant convert MODEL --to tflite --quantize int8 --calibrate DATA" : null);
            if (parsed.GetValue(float16) && parsed.GetValue(quantize))
                terminal.Say("note: --quantize_to_float16 counts, --post_training_quantize does not");
            using Model opened = Opening.Open(sources[0], folder.Length > 0 ? Value(tags) : null, terminal);
            IntegerOptions? integers = inference.Read(parsed, names);
            var options = new ConvertOptions
            {
                Signatures = List(Value(signature)) ?? [],
                Inputs = names,
                Outputs = List(Value(outputs)),
                InputShapes = sizes.Select((s, i) => KeyValuePair.Create(names![i], Conversion.ShapeOf(s, "--input_shapes"))).ToDictionary(),
                Integers = integers ?? new(),
                Quantize = integers is not null ? QuantizationMode.Int8 : parsed.GetValue(float16) ? QuantizationMode.Float16 : parsed.GetValue(quantize) || parsed.GetValue(inference.QuantizeWeights) ? QuantizationMode.Dynamic : QuantizationMode.None,
                AllowSelectOps = kinds.Contains(SelectOps),
                AllowCustomOps = parsed.GetValue(custom),
            };
            return Conversion.ToTFLite(opened, options, path, null, 0, terminal);
        });
        return command.WithExamples(
            "tflite_convert --saved_model_dir=export/1 --output_file=model.tflite",
            "tflite_convert --graph_def_file=frozen.pb --input_arrays=x --output_arrays=softmax --input_shapes=1,224,224,3 --output_file=model.tflite");
    }

    private static string[]? List(string value) => value.Length == 0 ? null : CommonOptions.List(value);

    private static Option<string> Text(string name, string description, string @default = "") => new(name) { Description = description, DefaultValueFactory = _ => @default };

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description, DefaultValueFactory = _ => false, Arity = ArgumentArity.ZeroOrOne };
}
