using System.Globalization;
using Decant.Comparison;
using Decant.Formats.Keras;
using Decant.Formats.TFJS;
using Decant.Lowering;

namespace Decant.Cli;

/// <summary>What the verbs that convert between Keras's formats do and say.</summary>
internal static class KerasConversion
{
    /// <summary>Compares what will be written with the original, unless <paramref name="inputs"/> is null, and writes it.</summary>
    public static int Run(Model model, string format, TFJSWriteOptions write, string path, IReadOnlyDictionary<string, Tensor>? inputs, int seed, Terminal terminal)
    {
        ConvertResult? result = null;
        ConvertCheck? check = null;
        if (inputs is not null)
        {
            result = model.ConvertToKeras(format, write.CheckOps);
            check = ConvertCheck.Run(result, result.Model, inputs, seed, ConvertCheck.Tolerance);
            if (Conversion.Differs(check, terminal))
                return ExitCode.No;
        }

        if (format == "tfjs_layers")
            Saving.WithProgress(terminal, $"writing {Path.GetFileName(path)}", model.ConstantBytes, () => TFJSLayersWriter.Write(model, path, write));
        else
            Saving.Save(model, path, format, terminal);
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {Sizes.Bytes(Sizes.Of(path))}, {(model.Keras is { } keras ? $"{keras.Layers.Count} layers, {keras.Weights.Count()} weights" : $"{model.Graph.Nodes.Count} weights, no layers")}"));
        string? lost = model.Keras is null ? null : OptimizerState.LostIn(model.Keras, format);
        if (lost is not null)
            terminal.Warn(lost);
        foreach (string note in result?.Model.Notes.Where(n => n != lost) ?? [])
            terminal.Say($"note: {note}");
        if (check is not null)
            Conversion.Verified(check, result!, terminal, terminal.Out.WriteLine);
        return ExitCode.Done;
    }
}
