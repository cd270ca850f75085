using System.Globalization;
using Decant.Formats.TFJS;
using P = Decant.Cli.Verbs.TensorflowjsPair;

namespace Decant.Cli.Wizard;

/// <summary>Asks what a model is, what to make of it, how small and where, and says it in the flags of <c>tensorflowjs_converter</c>.</summary>
internal static class ConverterWizard
{
    private const string ServeTag = "serve", KerasArchive = ".keras";

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

    /// <summary>Asks. Each answer is checked when it is given, and asked for again when the converter would refuse it.</summary>
    /// <returns>The arguments of the converter.</returns>
    /// <exception cref="ModelException">The answers ended early.</exception>
    public static List<string> Ask(LineQuestions ask)
    {
        WizardModel? opened = null;
        string source = ask.Path("Which model? A file or a folder", path => WizardModel.Open(path, out opened));
        using WizardModel model = opened!;
        (string Value, string Label)[] formats = [.. model.Formats.Select(f => Inputs.First(i => i.Value == f))];
        string from = ask.Choice($"What is it? It looks like: {formats[0].Label}", formats, value => P.Inputs.Contains(value) ? model.WhyNot(value) : null);
        List<string> flags = [$"--input_format={from}"];
        // The converter takes the graph for serving when it is not told.
        if (from == P.SavedModel && model.Choose(ServeTag) is { } missing)
            flags.Add($"--saved_model_tags={ask.Text($"Which of its graphs? {missing}. Tags, comma separated", null, model.Choose)}");
        (string Value, string Label)[] possible = [.. Outputs.Where(o => P.IsConverted(from, o.Value) && (IsForWeb(o.Value) || IsForWeb(from))).OrderBy(o => model.WhyNot(from, o.Value) is not null)];
        string to = possible.Length == 1 ? possible[0].Value : ask.Choice("What to make of it?", possible, value => model.WhyNot(from, value));
        flags.Add($"--output_format={to}");
        if (from == P.FrozenModel)
            flags.Add($"--output_node_names={ask.Text("Which nodes are its outputs? Comma separated", string.Join(',', IR.SignatureView.Of(model.Model).Outputs.Select(o => o.Name)) is { Length: > 0 } names ? names : null, model.WhyNoOutputs)}");
        if (from is P.SavedModel or P.Hub && model.Model.Signatures.Where(s => !s.Key.StartsWith("__saved_model_", StringComparison.Ordinal)).Select(s => s.Key).ToArray() is { Length: > 1 } keys)
            flags.Add($"--signature_name={ask.Choice("Which signature?", [.. keys.OrderBy(k => k != IR.SignatureView.DefaultKey).Select(k => (k, Describe(model.Model, k)))])}");
        if (IsForWeb(to))
        {
            string size = ask.Choice("How small?", Sizes);
            if (size != "none")
                flags.Add($"--quantize_{size}={ask.Text("Which weights? Names with *, comma separated", "*", text => CommonOptions.List(text)!.Length > 0 ? null : "type at least one pattern")}");
            string shard = ask.Text("How many bytes in a file of weights?", TFJSWriteOptions.DefaultShardBytes.ToString(CultureInfo.InvariantCulture), text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) && bytes > 0 ? null : $"'{text}' is no number of bytes: type digits alone, such as {TFJSWriteOptions.DefaultShardBytes}");
            flags.Add($"--weight_shard_size_bytes={shard}");
        }

        if (to == P.GraphModel)
        {
            if (!ask.Confirm("Leave out Print, Assert and CheckNumerics?", true))
                flags.Add("--strip_debug_ops=");
            if (ask.Confirm("Write it even if TensorFlow.js lacks some of its ops?", false))
                flags.Add("--skip_op_check");
        }

        while (true)
        {
            string target = ask.Path(IsFolder(to) ? "Where to? A folder" : "Where to? A file", path => WhyNotThere(new P(source, path, from, to)));
            if (!Path.Exists(target) || ask.Confirm(IsFolder(to) ? $"'{target}' is there. Replace the model in it?" : $"'{target}' is there. Replace it?", false))
                return [.. flags, source, target];
        }
    }

    /// <summary>Why nothing can be written to a place, or null.</summary>
    private static string? WhyNotThere(P pair)
    {
        string path = pair.Target;
        if (path.Length == 0)
            return "type a path";
        if (IsFolder(pair.To) ? File.Exists(path) : Directory.Exists(path))
            return $"'{path}' is a {(IsFolder(pair.To) ? "file" : "folder")}, and a {(IsFolder(pair.To) ? "folder" : "file")} is written";
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (full == Path.TrimEndingDirectorySeparator(Path.GetFullPath(pair.Source)))
            return "that is where the model is";
        for (string? above = Path.GetDirectoryName(full); above is not null; above = Path.GetDirectoryName(above))
        {
            if (File.Exists(above))
                return $"'{above}' is a file";
        }

        return pair.To == P.KerasKeras && !path.EndsWith(KerasArchive, StringComparison.Ordinal) ? $"Keras opens archives whose names end in {KerasArchive} alone" : null;
    }

    /// <summary>The converter's command line, as a shell takes it.</summary>
    public static string CommandLine(IEnumerable<string> arguments) =>
        string.Join(' ', arguments.Prepend("tensorflowjs_converter").Select(a => a.All(c => char.IsLetterOrDigit(c) || "-_=./,:".Contains(c, StringComparison.Ordinal)) ? a : $"'{a.Replace("'", "'\\''", StringComparison.Ordinal)}'"));

    private static bool IsFolder(string format) => IsForWeb(format) || format == P.SavedModel;

    private static bool IsForWeb(string format) => format is P.LayersModel or P.GraphModel;

    private static string Describe(Model model, string key)
    {
        IR.SignatureView view = IR.SignatureView.Of(model, key);
        return $"{string.Join(", ", view.Inputs.Select(i => i.Name))} to {string.Join(", ", view.Outputs.Select(o => o.Name))}";
    }
}
