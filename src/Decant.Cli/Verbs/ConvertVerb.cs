using System.CommandLine;
using Decant.Formats.TFJS;
using Decant.Lowering;
using Decant.Passes.Freeze;
using Decant.Quantizing;

namespace Decant.Cli.Verbs;

/// <summary><c>decant convert MODEL --to FORMAT -o OUT</c>: a model for another runtime.</summary>
internal static class ConvertVerb
{
    private const string GraphDef = "graphdef", Keras = "keras", KerasH5 = "keras_h5", SavedModel = "saved_model", TFJS = "tfjs", TFJSLayers = "tfjs_layers", Lite = "tflite";

    private static readonly string[] Formats = [GraphDef, Keras, KerasH5, SavedModel, TFJS, TFJSLayers, Lite];

    public static Command Create(Terminal terminal)
    {
        Argument<string> model = CommonOptions.Model();
        Option<string> output = CommonOptions.Output("The file to write");
        Option<string> to = new("--to") { Description = "The format: tflite; tfjs, a folder with model.json; tfjs_layers, keras_h5 or keras for Keras models; saved_model or graphdef, frozen", Required = true };
        Option<string?> signature = new("--signature") { Description = "The signatures to convert, by key, comma separated (default: serving_default, else the first)" };
        Option<string?> tags = CommonOptions.Tags();
        Option<string?> checkpoint = CommonOptions.Checkpoint();
        Option<string?> inputs = CommonOptions.Inputs();
        Option<string?> outputs = CommonOptions.Outputs();
        Option<string[]> shapes = new("--input-shape") { Description = "A shape that an input gets, NAME=1,224,224,3", DefaultValueFactory = _ => [] };
        Option<string?> quantize = new("--quantize") { Description = "float16: weights of half the size; dynamic: weights of products and convolutions as int8; int8: all integers; int16: activations of int16, weights of int8" };
        var integers = IntegerOptionSet.Create();
        Option<bool> select = new("--allow-select-ops") { Description = "Embed ops that TensorFlow Lite does not have as TensorFlow's, for runtimes that have its kernels" };
        Option<bool> custom = new("--allow-custom-ops") { Description = "Make ops that neither has custom operators, for apps that bring kernels for them" };
        Option<bool> fuseLstm = new("--fuse-lstm") { Description = "Make the loops of LSTMs one operator, which is faster, and goes on from where the last run ended until the app resets its variables" };
        Option<bool> noVerify = new("--no-verify") { Description = "Do not run the result beside the original before it is written" };
        Option<string[]> input = new("--input") { Description = "A value of an input for the comparison with the original, NAME=FILE.npy", DefaultValueFactory = _ => [] };
        Option<int> random = new("--random") { Description = "The seed of random values for inputs that are not given", DefaultValueFactory = _ => 0 };
        var command = new Command("convert", "Convert a model to TensorFlow Lite, TensorFlow.js or Keras; the result is checked against the original") { model, output, to, signature, tags, checkpoint, inputs, outputs, shapes, quantize, select, custom, fuseLstm, noVerify, input, random };
        foreach (Option option in integers.All)
            command.Add(option);
        Option[] lite = [shapes, select, custom, fuseLstm, .. integers.All], parts = [signature, inputs, outputs];
        command.SetAction(parsed =>
        {
            string format = parsed.GetValue(to)!;
            if (!Formats.Contains(format))
                throw CliErrors.Usage.At(null, $"--to {format}: models are not converted to that, expected one of {string.Join(", ", Formats)}", Spelling.Hint(format, Formats));
            QuantizationMode mode = Conversion.Quantization(parsed.GetValue(quantize));
            if (format != Lite)
            {
                CommonOptions.Refuse(parsed, lite, $"is for --to {Lite}, not for --to {format}", null);
                if (mode != QuantizationMode.None)
                    throw CliErrors.Usage.At(null, $"--quantize is for --to {Lite}, not for --to {format}", format.StartsWith("tfjs", StringComparison.Ordinal) ? "tensorflowjs_converter has --quantize_float16, --quantize_uint8 and --quantize_uint16" : "smaller weights in a graph: decant compress MODEL -o OUT");
            }

            if (format is Keras or KerasH5 or TFJSLayers)
                CommonOptions.Refuse(parsed, parts, $"names a part of a graph, and --to {format} converts Keras models as a whole", "for a part, write a graph: --to tfjs");
            string[] keys = CommonOptions.List(parsed.GetValue(signature)) ?? [];
            if (keys.Length > 1 && format != Lite)
                throw CliErrors.Usage.At(null, $"--signature names {keys.Length} signatures, and a model of --to {format} is made of one");
            string? key = keys.FirstOrDefault(), path = parsed.GetValue(output)!;
            (string[]? from, string[]? wanted) = (CommonOptions.List(parsed.GetValue(inputs)), CommonOptions.List(parsed.GetValue(outputs)));
            using Model opened = Opening.Open(parsed.GetValue(model)!, parsed.GetValue(tags), terminal, parsed.GetValue(checkpoint));
            Dictionary<string, Tensor>? given = parsed.GetValue(noVerify) ? null : InputFiles.Read(opened, IR.SignatureView.Of(opened, key), parsed.GetValue(input)!, terminal);
            int seed = parsed.GetValue(random);
            switch (format)
            {
                case GraphDef or SavedModel:
                    return Conversion.Freeze(opened, new FreezeOptions { Signature = key, Inputs = from, Outputs = wanted }, path, format, given, seed, terminal);
                case Keras or KerasH5 or TFJSLayers:
                    return KerasConversion.Run(opened, format, new TFJSWriteOptions(), path, given, seed, terminal);
                case TFJS:
                    return TFJSConversion.Run(opened, new TFJSConvertOptions { Signature = key, Inputs = from, Outputs = wanted }, new TFJSWriteOptions(), path, given, seed, terminal);
                default:
                    var options = new ConvertOptions
                    {
                        Signatures = keys,
                        Inputs = from,
                        Outputs = wanted,
                        InputShapes = parsed.GetValue(shapes)!.Select(Conversion.NamedShape).ToDictionary(),
                        Quantize = mode,
                        Integers = integers.Read(parsed, mode),
                        AllowSelectOps = parsed.GetValue(select),
                        AllowCustomOps = parsed.GetValue(custom),
                        FuseLstm = parsed.GetValue(fuseLstm),
                    };
                    return Conversion.ToTFLite(opened, options, path, given, seed, terminal, parsed.GetValue(integers.Json));
            }
        });
        return command.WithExamples(
            "convert saved_model_dir --to tflite -o model.tflite", "convert frozen.pb --to tflite --inputs x --outputs softmax -o model.tflite",
            "convert saved_model_dir --to tflite --quantize int8 --calibrate examples.npy -o model.tflite",
            "convert saved_model_dir --to tfjs -o web_model", "convert model.h5 --to tfjs_layers -o web_model", "convert web_model/model.json --to keras -o model.keras",
            "convert saved_model_dir --to tflite --signature serving_default,encode -o model.tflite");
    }
}
