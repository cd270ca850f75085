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
        ConvertCheck? check = inputs is null ? null : ConvertCheck.Run(result, result.Model, inputs, seed, ConvertCheck.Tolerance);
        if (check is not null && Conversion.Differs(check, terminal))
            return ExitCode.No;
        Saving.WithProgress(terminal, $"writing {Path.GetFileName(path)}", result.Model.ConstantBytes, () => TFJSWriter.Write(result.Model, path, write));
        int shards = Directory.GetFiles(path, "group*-shard*").Length;
        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{path}: {Sizes.Bytes(Sizes.Of(path))}, model.json and {shards} shards, {result.Model.Graph.Nodes.Count} nodes of {model.Graph.Nodes.Count + model.Functions.Values.Sum(f => f.Nodes.Count)}"));
        Conversion.Reset(result, terminal);
        if (check is not null)
            Conversion.Verified(check, result, terminal, terminal.Out.WriteLine);
        return ExitCode.Done;
    }
}
