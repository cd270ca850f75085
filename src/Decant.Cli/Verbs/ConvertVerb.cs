using System.CommandLine;
using System.Globalization;
using Decant.Comparison;
using Decant.Formats.TFJS;
using Decant.Lowering;
using Decant.Quantizing;

namespace Decant.Cli.Verbs;

/// <summary><c>decant convert MODEL --to tflite -o OUT</c>: a model for another runtime.</summary>
internal static class ConvertVerb
{
    private static readonly string[] Formats = ["graphdef", "keras", "keras_h5", "saved_model", "tfjs", "tfjs_layers", "tflite"];

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
        Option<bool> noVerify = new("--no-verify") { Description = "Do not run the result beside the original before it is written" };
        Option<string[]> input = new("--input") { Description = "A value of an input for the comparison with the original, NAME=FILE.npy", DefaultValueFactory = _ => [] };
        Option<int> random = new("--random") { Description = "The seed of random values for inputs that are not given", DefaultValueFactory = _ => 0 };
        var command = new Command("convert", "Convert a model to TensorFlow Lite, TensorFlow.js or Keras; the result is checked against the original") { model, output, to, signature, tags, checkpoint, inputs, outputs, shapes, quantize, select, custom, noVerify, input, random };
        foreach (Option option in integers.All)
            command.Add(option);
        command.SetAction(parsed =>
        {
            string format = parsed.GetValue(to)!;
            if (!Formats.Contains(format))
                throw CliErrors.Usage.At(null, $"--to {format}: models are not converted to that, expected one of {string.Join(", ", Formats)}", Spelling.Nearest(format, Formats) is { } near ? $"did you mean '{near}'?" : null);
            using Model opened = Opening.Open(parsed.GetValue(model)!, parsed.GetValue(tags), terminal, parsed.GetValue(checkpoint));
            string path = parsed.GetValue(output)!;
            string[] keys = CommonOptions.List(parsed.GetValue(signature)) ?? [];
            if (format is "graphdef" or "saved_model")
                return Conversion.Freeze(opened, keys, CommonOptions.List(parsed.GetValue(inputs)), CommonOptions.List(parsed.GetValue(outputs)), path, format, terminal);
            if (format is "keras" or "keras_h5" or "tfjs_layers")
            {
                if (parsed.GetValue(inputs) is not null || parsed.GetValue(outputs) is not null || keys.Length > 0)
                    throw CliErrors.Usage.At(null, $"--to {format}: Keras models are converted as a whole, without --inputs, --outputs and --signature", "for a part, write a graph: --to tfjs");
                Dictionary<string, Tensor>? values = parsed.GetValue(noVerify) ? null : InputFiles.Read(opened, IR.SignatureView.Of(opened, null), parsed.GetValue(input)!, terminal);
                return KerasConversion.Run(opened, format, new TFJSWriteOptions(), path, values, parsed.GetValue(random), terminal);
            }

            if (format == "tfjs")
            {
                if (keys.Length > 1)
                    throw CliErrors.Usage.At(null, $"--signature names {keys.Length} signatures, and a TensorFlow.js model has one");
                if (Conversion.Quantization(parsed.GetValue(quantize)) != QuantizationMode.None)
                    throw CliErrors.Usage.At(null, "--quantize is for TensorFlow Lite", "tensorflowjs_converter has --quantize_float16, --quantize_uint8 and --quantize_uint16");
                var tfjs = new TFJSConvertOptions { Signature = keys.FirstOrDefault(), Inputs = CommonOptions.List(parsed.GetValue(inputs)), Outputs = CommonOptions.List(parsed.GetValue(outputs)) };
                Dictionary<string, Tensor> feeds = InputFiles.Read(opened, IR.SignatureView.Of(opened, keys.FirstOrDefault()), parsed.GetValue(input)!, terminal);
                return TFJSConversion.Run(opened, tfjs, new TFJSWriteOptions(), path, parsed.GetValue(noVerify) ? null : feeds, parsed.GetValue(random), terminal);
            }

            QuantizationMode mode = Conversion.Quantization(parsed.GetValue(quantize));
            var options = new ConvertOptions
            {
                Signatures = keys,
                Inputs = CommonOptions.List(parsed.GetValue(inputs)),
                Outputs = CommonOptions.List(parsed.GetValue(outputs)),
                InputShapes = parsed.GetValue(shapes)!.Select(Conversion.NamedShape).ToDictionary(),
                Quantize = mode,
                Integers = integers.Read(parsed, mode),
                AllowSelectOps = parsed.GetValue(select),
                AllowCustomOps = parsed.GetValue(custom),
            };
            Dictionary<string, Tensor> given = InputFiles.Read(opened, IR.SignatureView.Of(opened, keys.FirstOrDefault()), parsed.GetValue(input)!, terminal);
            return Conversion.ToTFLite(opened, options, path, parsed.GetValue(noVerify) ? null : given, parsed.GetValue(random), terminal, parsed.GetValue(integers.Json));
        });
        return command.WithExamples(
            "convert saved_model_dir --to tflite -o model.tflite", "convert frozen.pb --to tflite --inputs x --outputs softmax -o model.tflite",
            "convert saved_model_dir --to tflite --quantize int8 --calibrate examples.npy -o model.tflite",
            "convert saved_model_dir --to tfjs -o web_model", "convert model.h5 --to tfjs_layers -o web_model", "convert web_model/model.json --to keras -o model.keras",
            "convert saved_model_dir --to tflite --signature serving_default,encode -o model.tflite");
    }
}
