using System.Globalization;
using Decant.Formats.TFJS;
using P = Decant.Cli.Verbs.TensorflowjsPair;

namespace Decant.Cli.Wizard;

/// <summary>Asks what a model is, what to make of it, how small and where, and says it in the flags of <c>tensorflowjs_converter</c>.</summary>
internal static class ConverterWizard
{
    private static readonly (string Value, string Label)[] Inputs =
    [
        (P.SavedModel, "TensorFlow SavedModel"),
        (P.Hub, "TensorFlow Hub module"),
        (P.FrozenModel, "frozen GraphDef (.pb)"),
        (P.Keras, "Keras model in HDF5 (.h5)"),
        (P.KerasKeras, "Keras 3 archive (.keras)"),
        (P.KerasSavedModel, "Keras SavedModel"),
        (P.LayersModel, "TensorFlow.js layers model"),
        (P.GraphModel, "TensorFlow.js graph model"),
    ];

    private static readonly (string Value, string Label)[] Sizes =
    [
        ("none", "as it is"),
        ("float16", "half the size: float16, hardly a loss"),
        ("uint16", "half the size: 2 bytes"),
        ("uint8", "a quarter of the size: 1 byte, with some loss"),
    ];

    private static readonly (string Value, string Label)[] Outputs =
    [
        (P.GraphModel, "TensorFlow.js graph model: fastest, cannot be trained further"),
        (P.LayersModel, "TensorFlow.js layers model: can be trained further"),
        (P.Keras, "Keras model in HDF5 (.h5)"),
        (P.KerasKeras, "Keras 3 archive (.keras)"),
        (P.SavedModel, "TensorFlow SavedModel"),
        (P.FrozenModel, "frozen GraphDef (.pb)"),
    ];

    /// <summary>Asks.</summary>
    /// <returns>The arguments of the converter.</returns>
    /// <exception cref="ModelException">The answers ended early.</exception>
    public static List<string> Ask(LineQuestions ask)
    {
        string source = ask.Text("Which model? A file or a folder", null, path => File.Exists(path) || Directory.Exists(path) ? null : path.Length == 0 ? "type a path" : $"there is no '{path}'");
        string? found = Recognize(source, out Model? opened);
        using Model? model = opened;
        string from = ask.Choice(found is null ? "What is it?" : $"What is it? It looks like: {Inputs.First(i => i.Value == found).Label}", [.. Inputs.OrderBy(i => i.Value != found)]);
        (string Value, string Label)[] possible = [.. Outputs.Where(o => P.IsConverted(from, o.Value) && (IsForWeb(o.Value) || IsForWeb(from)))];
        string to = possible.Length == 1 ? possible[0].Value : ask.Choice("What to make of it?", possible);
        List<string> flags = [$"--input_format={from}", $"--output_format={to}"];
        if (from == P.FrozenModel)
            flags.Add($"--output_node_names={ask.Text("Which nodes are its outputs? Comma separated", model is null ? null : string.Join(',', IR.SignatureView.Of(model).Outputs.Select(o => o.Name)), text => text.Length > 0 ? null : "type at least one name")}");
        if (from is P.SavedModel or P.Hub && model?.Signatures.Where(s => !s.Key.StartsWith("__saved_model_", StringComparison.Ordinal)).Select(s => s.Key).ToArray() is { Length: > 1 } keys)
            flags.Add($"--signature_name={ask.Choice("Which signature?", [.. keys.OrderBy(k => k != IR.SignatureView.DefaultKey).Select(k => (k, Describe(model!, k)))])}");
        if (IsForWeb(to))
        {
            string size = ask.Choice("How small?", Sizes);
            if (size != "none")
                flags.Add($"--quantize_{size}={ask.Text("Which weights? Names with *, comma separated", "*", text => text.Length > 0 ? null : "type at least one pattern")}");
            string shard = ask.Text("How many bytes in a file of weights?", TFJSWriteOptions.DefaultShardBytes.ToString(CultureInfo.InvariantCulture), text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) && bytes > 0 ? null : $"'{text}' is no number of bytes");
            flags.Add($"--weight_shard_size_bytes={shard}");
        }

        if (to == P.GraphModel)
        {
            if (!ask.Confirm("Leave out Print, Assert and CheckNumerics?", true))
                flags.Add("--strip_debug_ops=");
            if (ask.Confirm("Write it even if TensorFlow.js lacks some of its ops?", false))
                flags.Add("--skip_op_check");
        }

        string target = ask.Text(IsFolder(to) ? "Where to? A folder" : "Where to? A file", null, path => path.Length == 0 ? "type a path"
            : IsFolder(to) && File.Exists(path) ? $"'{path}' is a file" : !IsFolder(to) && Directory.Exists(path) ? $"'{path}' is a folder" : null);
        if ((Directory.Exists(target) || File.Exists(target)) && !ask.Confirm(IsFolder(to) ? $"'{target}' is there. Replace the model in it?" : $"'{target}' is there. Replace it?", false))
            throw new OperationCanceledException();
        return [.. flags, source, target];
    }

    /// <summary>The converter's command line, as a shell takes it.</summary>
    public static string CommandLine(IEnumerable<string> arguments) =>
        string.Join(' ', arguments.Prepend("tensorflowjs_converter").Select(a => a.All(c => char.IsLetterOrDigit(c) || "-_=./,:".Contains(c, StringComparison.Ordinal)) ? a : $"'{a.Replace("'", "'\\''", StringComparison.Ordinal)}'"));

    private static bool IsFolder(string format) => IsForWeb(format) || format == P.SavedModel;

    private static bool IsForWeb(string format) => format is P.LayersModel or P.GraphModel;

    /// <summary>The converter's name for the format of a model; null when it has none or the model does not open.</summary>
    private static string? Recognize(string path, out Model? model)
    {
        try
        {
            model = Model.Load(path);
        }
        catch (ModelException)
        {
            model = null;
            return null;
        }

        return model.Format switch
        {
            "saved_model" => P.SavedModel,
            "hub" => P.Hub,
            "graphdef" => P.FrozenModel,
            "keras_h5" => P.Keras,
            "keras" => P.KerasKeras,
            "tfjs_layers" => P.LayersModel,
            "tfjs" => P.GraphModel,
            _ => null,
        };
    }

    private static string Describe(Model model, string key)
    {
        IR.SignatureView view = IR.SignatureView.Of(model, key);
        return $"{string.Join(", ", view.Inputs.Select(i => i.Name))} to {string.Join(", ", view.Outputs.Select(o => o.Name))}";
    }
}
