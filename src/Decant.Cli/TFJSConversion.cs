using System.Globalization;
using Decant.Comparison;
using Decant.Formats.TFJS;
using Decant.Lowering;

namespace Decant.Cli;

/// <summary>What the verbs that convert to TensorFlow.js do and say.</summary>
internal static class TFJSConversion
{
    /// <summary>Converts, compares with the original unless <paramref name="inputs"/> is null, and writes.</summary>
    public static int Run(Model model, TFJSConvertOptions options, TFJSWriteOptions write, string path, IReadOnlyDictionary<string, Tensor>? inputs, int seed, Terminal terminal)
    {
        ConvertResult result = model.ConvertToTFJS(options);
        ConvertCheck? check = null;
        bool Accepts(Model converted)
        {
            check = inputs is null ? null : ConvertCheck.Run(result, converted, inputs, seed, ConvertCheck.Tolerance);
            return check is null || !Conversion.Differs(check, terminal);
        }

        // Weights in fewer bits answer otherwise, so these are compared before they are.
        if (inputs is not null && write.Quantize.Count == 0 && ConvertCheck.TakesWritten(result, path))
        {
            if (!Saving.Save(result.Model, path, terminal, () => ConvertCheck.SaveTFJS(result, path, write, Accepts)))
                return ExitCode.No;
        }
        else
        {
            if (!Accepts(result.Model))
                return ExitCode.No;
            Saving.WithProgress(terminal, $"writing {Path.GetFileName(path)}", result.Model.ConstantBytes, () => TFJSWriter.Write(result.Model, path, write));
        }

        int shards = Directory.GetFiles(path, "group*-shard*").Length;
        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{path}: {Sizes.Bytes(Sizes.Of(path))}, model.json and {shards} shards, {result.Model.Graph.Nodes.Count} nodes of {model.Graph.Nodes.Count + model.Functions.Values.Sum(f => f.Nodes.Count)}"));
        Conversion.Reset(result, terminal);
        if (check is not null)
            Conversion.Verified(check, result, terminal, terminal.Out.WriteLine);
        return ExitCode.Done;
    }
}
