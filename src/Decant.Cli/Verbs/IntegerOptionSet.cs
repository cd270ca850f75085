using System.CommandLine;
using System.Globalization;
using Decant.Quantizing;
using Decant.Quantizing.Calibration;

namespace Decant.Cli.Verbs;

/// <summary>The options about activations that become integers, and the examples that tell their ranges.</summary>
internal sealed record IntegerOptionSet(
    Option<string?> Calibrate, Option<string?> Resize, Option<float> Scale, Option<string?> Mean, Option<string?> Std, Option<string> Ranges, Option<double> Percentile,
    Option<string> InputType, Option<string> OutputType, Option<string?> KeepFloat, Option<bool> CorrectBias, Option<bool> DensePerTensor,
    Option<double?> AccuracyDrop, Option<string?> Labelled, Option<string?> Labels, Option<bool> Report, Option<bool> Json)
{
    public static IntegerOptionSet Create() => new(
        new("--calibrate") { Description = "Examples of the inputs for int8 and int16: a .npy file whose first axis counts them, a folder of .npy files named as the inputs, of images, or of TFRecords" },
        new("--calibrate-resize") { Description = "Resize images to this height and width, such as 224x224" },
        new("--calibrate-scale") { Description = "What pixels from 0 to 255 are multiplied by: elements are (pixel * scale - mean) / std", DefaultValueFactory = _ => 1f },
        new("--calibrate-mean") { Description = "What is subtracted then: a number, or one for each channel, comma separated (default: 0)" },
        new("--calibrate-std") { Description = "What it is divided by: a number, or one for each channel, comma separated (default: 1)" },
        new("--ranges") { Description = "How ranges follow from what was seen: min-max, percentile, or mse for the least mean squared error", DefaultValueFactory = _ => "min-max" },
        new("--percentile") { Description = "With --ranges percentile: the part of the values that a range holds, in percent", DefaultValueFactory = _ => new IntegerOptions().Percentile },
        new("--input-type") { Description = "The type of inputs: float32, int8, uint8, or int16 with --quantize int16", DefaultValueFactory = _ => "float32" },
        new("--output-type") { Description = "The type of outputs, as for inputs", DefaultValueFactory = _ => "float32" },
        new("--keep-float") { Description = "Operators that stay float: names or kinds such as block_1/*,SOFTMAX, comma separated, with * and ?" },
        new("--correct-bias") { Description = "Let biases make up for what rounding the weights adds to the mean of each channel" },
        new("--dense-per-tensor") { Description = "Give fully connected layers one scale for all weights: runtimes before 2.17 read no more" },
        new("--accuracy-drop") { Description = "The part of right answers that may be lost, such as 0.01: operators stay float as far as that needs it" },
        new("--labelled") { Description = "Examples with labels for --accuracy-drop, as --calibrate: a folder of images for each class, TFRecords with a feature 'label', or any with --labels" },
        new("--labels") { Description = "The classes of those examples in order: a .npy file of integers, or a text file of one per line" },
        new("--quantize-report") { Description = "Print the error that quantization adds to every layer" },
        new("--json") { Description = "Print JSON: what became of each operator, with the error that quantization adds to it" });

    public IEnumerable<Option> All => [Calibrate, Resize, Scale, Mean, Std, Ranges, Percentile, InputType, OutputType, KeepFloat, CorrectBias, DensePerTensor, AccuracyDrop, Labelled, Labels, Report, Json];

    /// <summary>What is asked for.</summary>
    public IntegerOptions Read(ParseResult parsed, QuantizationMode mode)
    {
        if (mode is not (QuantizationMode.Int8 or QuantizationMode.Int16))
            CommonOptions.Refuse(parsed, All, "is for integer models", "add --quantize int8 or --quantize int16");
        var images = new ImagePreprocessing { Resize = Size(parsed.GetValue(Resize)), Scale = parsed.GetValue(Scale), Mean = CommonOptions.Numbers(parsed.GetValue(Mean), Mean.Name) ?? [0], Std = CommonOptions.Numbers(parsed.GetValue(Std), Std.Name) ?? [1] };
        double percentile = parsed.GetValue(Percentile);
        if (percentile is not (> 0 and <= 100))
            throw CliErrors.Usage.At(null, string.Create(CultureInfo.InvariantCulture, $"--percentile {percentile}: expected a number above 0, up to 100"));
        return new IntegerOptions
        {
            Calibration = parsed.GetValue(Calibrate) is { } path ? CalibrationSet.Open(path, images) : null,
            Ranges = Method(parsed.GetValue(Ranges)!),
            Percentile = percentile,
            InputType = Type(parsed.GetValue(InputType)!, InputType.Name),
            OutputType = Type(parsed.GetValue(OutputType)!, OutputType.Name),
            KeepFloat = CommonOptions.List(parsed.GetValue(KeepFloat)) ?? [],
            CorrectBias = parsed.GetValue(CorrectBias),
            PerChannelDense = !parsed.GetValue(DensePerTensor),
            AccuracyDrop = parsed.GetValue(AccuracyDrop),
            Labelled = (parsed.GetValue(Labelled) ?? (parsed.GetValue(AccuracyDrop) is null ? null : parsed.GetValue(Calibrate))) is { } labelled ? CalibrationSet.Open(labelled, images, parsed.GetValue(Labels)) : null,
            Report = parsed.GetValue(Report) || parsed.GetValue(Json),
        };
    }

    private static RangeMethod Method(string name) => name switch
    {
        "min-max" => RangeMethod.MinMax,
        "percentile" => RangeMethod.Percentile,
        "mse" => RangeMethod.MeanSquaredError,
        _ => throw CliErrors.Usage.At(null, $"--ranges {name}: expected min-max, percentile or mse", Spelling.Hint(name, ["min-max", "percentile", "mse"])),
    };

    private static DType Type(string name, string option) => name switch
    {
        "float32" => DType.Float32,
        "int8" => DType.Int8,
        "uint8" => DType.UInt8,
        "int16" => DType.Int16,
        _ => throw CliErrors.Usage.At(null, $"{option} {name}: expected float32, int8, uint8 or int16"),
    };

    private static (int, int)? Size(string? text)
    {
        if (text is null)
            return null;
        const int Most = 1 << 14;
        string[] parts = text.Split('x');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int height) && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int width) && height is > 0 and <= Most && width is > 0 and <= Most
            ? (height, width) : throw CliErrors.Usage.At(null, $"--calibrate-resize {text}: expected a height and a width, such as 224x224");
    }
}
