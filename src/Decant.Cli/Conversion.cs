using System.Globalization;
using Decant.Comparison;
using Decant.Cli.Verbs;
using Decant.IR;
using Decant.Lowering;
using Decant.Passes;
using Decant.Passes.Freeze;
using Decant.Quantizing;

namespace Decant.Cli;

/// <summary>What the verbs that convert do and say.</summary>
internal static class Conversion
{
    private const string RandomInputs = "random inputs";

    /// <summary>Converts, compares with the original unless <paramref name="inputs"/> is null, and writes.</summary>
    public static int ToTFLite(Model model, ConvertOptions options, string path, IReadOnlyDictionary<string, Tensor>? inputs, int seed, Terminal terminal, bool asJson = false)
    {
        ConvertResult result = model.Convert(options);
        (IReadOnlyDictionary<string, Tensor>? given, string source) = Probe(result, options, inputs);
        ConvertCheck? check = null;
        bool Accepts(Model converted)
        {
            check = given is null ? null : ConvertCheck.Run(result, converted, given, seed, ConvertCheck.ToleranceOf(options.Quantize));
            return options.Quantize != QuantizationMode.None || check is null || !Differs(check, terminal);
        }

        if (given is not null && ConvertCheck.TakesWritten(result, path))
        {
            if (!Saving.Save(result.Model, path, terminal, () => ConvertCheck.Save(result, path, "tflite", Accepts)))
                return ExitCode.No;
        }
        else
        {
            if (!Accepts(result.Model))
                return ExitCode.No;
            Saving.Save(result.Model, path, "tflite", terminal);
        }

        int operators = result.Model.Functions.Values.Append((Function)result.Model.Graph).Sum(f => f.Nodes.Count(n => n.Op.Dialect == Dialect.TFLite));
        Action<string> tell = asJson ? terminal.Say : terminal.Out.WriteLine;
        tell(string.Create(
            CultureInfo.InvariantCulture, $"{path}: {Sizes.Bytes(new FileInfo(path).Length)}, {operators} operators of {model.Graph.Nodes.Count + model.Functions.Values.Sum(f => f.Nodes.Count)} nodes, {result.Model.Functions.Count + 1} subgraphs, signatures {string.Join(", ", result.Model.Signatures.Select(s => s.Key))}"));
        Embedded(result, options, terminal);
        foreach ((string loop, string reason) in result.KeptLoops)
            terminal.Say($"note: '{loop}' stays a loop: {reason}");
        if (check is not null)
            Verified(check, result, terminal, tell, source, options.Quantize == QuantizationMode.None ? "same outputs as the original" : "outputs near those of the original");
        if (asJson)
            QuantizeJson.Write(result.Quantization, terminal.Out);
        foreach (QuantizeReport report in asJson ? [] : result.Quantization.Values)
            QuantizeText.Write(report, terminal.Out);
        return ExitCode.Done;
    }

    /// <summary>Says which operators a runtime does not bring along.</summary>
    private static void Embedded(ConvertResult result, ConvertOptions options, Terminal terminal)
    {
        if (result.SelectOps.Count > 0)
            terminal.Warn($"the runtime needs TensorFlow's kernels (the Flex delegate) for {string.Join(", ", result.SelectOps)}");
        if (result.Recurrent > 0)
            terminal.Warn($"{result.Recurrent} LSTMs go on from the state of the run before: reset the interpreter's variables between sequences{(options.FuseLstm ? ", or convert without --fuse-lstm" : "")}");
        if (result.CustomOps.Count > 0)
            terminal.Warn($"the app must bring kernels for the custom operators {string.Join(", ", result.CustomOps)}");
    }

    /// <summary>The inputs to compare with: those that are given, else the first example of the calibration set, as random numbers are not what an integer model is for.</summary>
    private static (IReadOnlyDictionary<string, Tensor>? Inputs, string Source) Probe(ConvertResult result, ConvertOptions options, IReadOnlyDictionary<string, Tensor>? inputs) =>
        inputs is null || inputs.Count > 0 ? (inputs, "the given inputs")
            : options.Integers.Calibration is { } set && result.Signatures.Count == 1 ? (set.Examples(result.Signatures[0].Inputs).First().Inputs, "the first example")
            : (inputs, RandomInputs);

    /// <summary>Makes one frozen graph, compares it with the original unless <paramref name="given"/> is null, and writes it as a GraphDef or in a SavedModel.</summary>
    public static int Freeze(Model model, FreezeOptions options, string path, string format, IReadOnlyDictionary<string, Tensor>? given, int seed, Terminal terminal)
    {
        ConvertResult result = model.ConvertToGraph(options);
        using Model frozen = result.Model;
        ConvertCheck? check = given is null ? null : ConvertCheck.Run(result, frozen, given, seed, ConvertCheck.Tolerance);
        if (check is not null && Differs(check, terminal))
            return ExitCode.No;
        Saving.Save(frozen, path, format, terminal);
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {Sizes.Bytes(Sizes.Of(path))}, {frozen.Graph.Nodes.Count} nodes"));
        Reset(result, terminal);
        if (check is not null)
            Verified(check, result, terminal, terminal.Out.WriteLine);
        return ExitCode.Done;
    }

    /// <summary>The quantization of a name, as on the command line.</summary>
    public static QuantizationMode Quantization(string? name) => name switch
    {
        null or "none" => QuantizationMode.None,
        "float16" => QuantizationMode.Float16,
        "dynamic" => QuantizationMode.Dynamic,
        "int8" => QuantizationMode.Int8,
        "int16" => QuantizationMode.Int16,
        _ => throw CliErrors.Usage.At(null, $"--quantize {name}: expected float16, dynamic, int8 or int16", Spelling.Hint(name, ["float16", "dynamic", "int8", "int16"])),
    };

    /// <summary>A name and a shape, <c>x=1,224,224,3</c>; -1 stands for a size that is not fixed.</summary>
    public static KeyValuePair<string, Shape> NamedShape(string text)
    {
        int equals = text.LastIndexOf('=');
        return new(equals > 0 ? text[..equals] : throw CliErrors.Usage.At(null, $"--input-shape {text}: expected NAME=1,224,224,3"), ShapeOf(text[(equals + 1)..], $"--input-shape {text}"));
    }

    /// <summary>The shape that sizes between commas give.</summary>
    public static Shape ShapeOf(string text, string option)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        long[] dims = new long[parts.Length];
        for (int i = 0; i < dims.Length; i++)
        {
            if (!long.TryParse(parts[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out dims[i]) || dims[i] is < -1 or > int.MaxValue)
                throw CliErrors.Usage.At(null, $"{option}: '{parts[i]}' is no size of a dimension");
        }

        return new Shape(dims);
    }

    /// <summary>Whether the converted model gives other outputs; then that is said.</summary>
    public static bool Differs(ConvertCheck check, Terminal terminal)
    {
        if (check.Outputs.FirstOrDefault(o => !o.Difference.Equal) is not { } worst)
            return false;
        terminal.Fail(worst.Difference.Reason is { } reason ? $"the output '{worst.Name}' of the converted model differs: {reason}"
            : string.Create(CultureInfo.InvariantCulture, $"the output '{worst.Name}' of the converted model differs by {worst.Difference.MaxAbsolute:G3}, in {worst.Difference.Differing} elements more than rounding explains"));
        terminal.Error.WriteLine("\nnothing was written");
        return true;
    }

    /// <summary>Says that a graph does not keep what operators of TensorFlow Lite do.</summary>
    public static void Reset(ConvertResult result, Terminal terminal)
    {
        if (result.ResetStates > 0)
            terminal.Warn($"{result.ResetStates} states that TensorFlow Lite keeps from one run to the next begin at zero in each run");
    }

    /// <summary>Says how the outputs compare.</summary>
    public static void Verified(ConvertCheck check, ConvertResult result, Terminal terminal, Action<string> tell, string source = RandomInputs, string verdict = "same outputs as the original")
    {
        if (result.Signatures.Any(s => s.HasLostTraining))
            terminal.Say("note: what only training needs was removed; the comparison is with the original without it");
        if (check.Random.Count > 0)
            terminal.Warn($"not compared, as they depend on random numbers: {string.Join(", ", check.Random)}");
        if (check.NotRun is { } reason)
            terminal.Warn($"not compared with the original, which does not run here: {reason}");
        else if (!check.Passed)
            terminal.Warn(string.Create(CultureInfo.InvariantCulture, $"on {source} quantization changes outputs by up to {check.Outputs.Max(o => o.Difference.MaxAbsolute):G3}: compare on inputs of your own"));
        else if (check.Outputs.Count > 0)
            tell(string.Create(CultureInfo.InvariantCulture, $"{verdict} on {source}: largest error {check.Outputs.Max(o => o.Difference.MaxAbsolute):G3} absolute"));
    }
}
