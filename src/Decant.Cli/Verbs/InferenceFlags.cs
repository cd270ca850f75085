using System.CommandLine;
using System.Globalization;
using Decant.Quantizing;
using Decant.Quantizing.Calibration;

namespace Decant.Cli.Verbs;

/// <summary>The flags of tflite_convert for models that were trained with FakeQuant ops, or whose ranges are given for all activations.</summary>
internal sealed record InferenceFlags(
    Option<string> Type, Option<string> InputType, Option<string> OutputType, Option<string?> Mean, Option<string?> Std, Option<float?> RangeMin, Option<float?> RangeMax, Option<bool> QuantizeWeights, Option<bool> ChangeConcat, Option<bool> Reorder)
{
    private const string Float = "FLOAT", Bytes = "QUANTIZED_UINT8", Signed = "INT8";

    public static InferenceFlags Create() => new(
        Text("--inference_type", "The type of activations and weights: FLOAT, QUANTIZED_UINT8 or INT8; both of the latter compute with int8", Float),
        Text("--inference_input_type", "The type of inputs, as above (default: that of --inference_type)"),
        Text("--inference_output_type", "The type of outputs, as above (default: that of --inference_type)"),
        new("--mean_values") { Description = "For each of --input_arrays, comma separated: the integer that stands for 0" },
        new("--std_dev_values") { Description = "For each of --input_arrays, comma separated: the steps of 1; real = (integer - mean) / std_dev" },
        new("--default_ranges_min") { Description = "The least value of activations whose range nothing tells" },
        new("--default_ranges_max") { Description = "The greatest of them" },
        new("--quantize_weights") { Description = "The old name of --post_training_quantize", Arity = ArgumentArity.ZeroOrOne },
        new("--change_concat_input_ranges") { Description = "Accepted: what is concatenated has one range where it can", Arity = ArgumentArity.ZeroOrOne },
        new("--reorder_across_fake_quant") { Description = "Accepted, and not needed", Arity = ArgumentArity.ZeroOrOne });

    public IEnumerable<Option> All => [Type, InputType, OutputType, Mean, Std, RangeMin, RangeMax, QuantizeWeights, ChangeConcat, Reorder];

    /// <summary>What is asked for; null for a model of floats.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="inputs">The names that --input_arrays gives.</param>
    public IntegerOptions? Read(ParseResult parsed, string[]? inputs)
    {
        DType type = Named(parsed.GetValue(Type)!, Type.Name, DType.Float32);
        (DType input, DType output) = (Named(parsed.GetValue(InputType)!, InputType.Name, type), Named(parsed.GetValue(OutputType)!, OutputType.Name, type));
        (float? min, float? max) = (parsed.GetValue(RangeMin), parsed.GetValue(RangeMax));
        if ((min is null) != (max is null) || min > max)
            throw CliErrors.Usage.At(null, "--default_ranges_min and --default_ranges_max are given together, the least first");
        if (type == DType.Float32)
        {
            return (input, output, min) == (DType.Float32, DType.Float32, null) ? null
                : throw CliErrors.Usage.At(null, $"integer inputs, outputs and ranges are for integer models, and --inference_type is {Float}", $"add --inference_type={Signed}; with examples instead of FakeQuant ops: decant convert MODEL --to tflite --quantize int8 --calibrate DATA");
        }

        float[] means = CommonOptions.Numbers(parsed.GetValue(Mean), Mean.Name) ?? [], deviations = CommonOptions.Numbers(parsed.GetValue(Std), Std.Name) ?? [];
        if (means.Length != deviations.Length || (means.Length > 0 && means.Length != inputs?.Length) || deviations.Contains(0))
            throw CliErrors.Usage.At(null, $"there are {means.Length} --mean_values and {deviations.Length} --std_dev_values for {inputs?.Length ?? 0} --input_arrays, expected one of each, and no std_dev of 0");
        (int least, int most) = input == DType.Int8 ? ((int)sbyte.MinValue, (int)sbyte.MaxValue) : (byte.MinValue, byte.MaxValue);
        return new IntegerOptions
        {
            InputType = input,
            OutputType = output,
            DefaultRange = min is { } low && max is { } high ? new ValueRange(low, high) : null,
            InputRanges = means.Select((mean, i) => KeyValuePair.Create(inputs![i], new ValueRange((least - mean) / deviations[i], (most - mean) / deviations[i]))).ToDictionary(),
        };
    }

    private static DType Named(string name, string option, DType unset) => name switch
    {
        "" => unset,
        Float => DType.Float32,
        Bytes or "UINT8" => DType.UInt8,
        Signed or "QUANTIZED_INT8" => DType.Int8,
        _ => throw CliErrors.Usage.At(null, $"{option} {name}: expected {Float}, {Bytes} or {Signed}", name.Contains("16", StringComparison.Ordinal) ? "int16 activations need examples: decant convert MODEL --to tflite --quantize int16 --calibrate DATA" : null),
    };

    private static Option<string> Text(string name, string description, string @default = "") => new(name) { Description = description, DefaultValueFactory = _ => @default };
}
