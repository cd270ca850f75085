using System.Globalization;
using Decant.Formats.TFJS;

namespace Decant.Cli.Wizard;

/// <summary>Asks what a model is, what to make of it, how small and where, and says it in the flags of <c>tensorflowjs_converter</c>.</summary>
internal static class ConverterWizard
{
    private const string Layers = "tfjs_layers_model", Graph = "tfjs_graph_model";

    private static readonly (string Value, string Label)[] Inputs =
    [
        ("tf_saved_model", "TensorFlow SavedModel"),
        ("tf_hub", "TensorFlow Hub module"),
        ("tf_frozen_model", "Frozen GraphDef (.pb)"),
        ("keras", "Keras model in HDF5 (.h5)"),
        ("keras_keras", "Keras 3 archive (.keras)"),
        (Layers, "TensorFlow.js layers model"),
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
        (Graph, "TensorFlow.js graph model: fastest, cannot be trained further"),
        (Layers, "TensorFlow.js layers model: can be trained further"),
        ("keras", "Keras model in HDF5 (.h5)"),
        ("keras_keras", "Keras 3 archive (.keras)"),
    ];

    /// <summary>Asks.</summary>
    /// <returns>The arguments of the converter.</returns>
    /// <exception cref="ModelException">The answers ended early.</exception>
    public static List<string> Ask(IQuestions ask)
    {
        string source = ask.Text("Which model? A file or a folder", null, path => File.Exists(path) || Directory.Exists(path) ? null : path.Length == 0 ? "type a path" : $"there is no '{path}'");
        string? found = Recognize(source, out Model? opened);
        using Model? model = opened;
        string from = ask.Choice(found is null ? "What is it?" : $"What is it? It looks like a {Inputs.First(i => i.Value == found).Label}", [.. Inputs.OrderBy(i => i.Value != found)]);
        string[] possible = from switch { "keras" => [Layers, Graph], "keras_keras" => [Layers], Layers => [Graph, Layers, "keras", "keras_keras"], _ => [Graph] };
        string to = possible.Length == 1 ? possible[0] : ask.Choice("What to make of it?", [.. possible.Select(p => Outputs.First(o => o.Value == p))]);
        List<string> flags = [$"--input_format={from}", $"--output_format={to}"];
        if (from == "tf_frozen_model")
            flags.Add($"--output_node_names={ask.Text("Which nodes are its outputs? Comma separated", model is null ? null : string.Join(',', IR.SignatureView.Of(model).Outputs.Select(o => o.Name)), text => text.Length > 0 ? null : "type at least one name")}");
        if (from is "tf_saved_model" or "tf_hub" && model?.Signatures.Where(s => !s.Key.StartsWith("__", StringComparison.Ordinal)).Select(s => s.Key).ToArray() is { Length: > 1 } keys)
            flags.Add($"--signature_name={ask.Choice("Which signature?", [.. keys.OrderBy(k => k != IR.SignatureView.DefaultKey).Select(k => (k, Describe(model!, k)))])}");
        if (to is Graph or Layers)
        {
            string size = ask.Choice("How small?", Sizes);
            if (size != "none")
                flags.Add($"--quantize_{size}={ask.Text("Which weights? Names with *, comma separated", "*", text => text.Length > 0 ? null : "type at least one pattern")}");
            string shard = ask.Text("How many bytes in a file of weights?", TFJSWriteOptions.DefaultShardBytes.ToString(CultureInfo.InvariantCulture), text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) && bytes > 0 ? null : $"'{text}' is no number of bytes");
            flags.Add($"--weight_shard_size_bytes={shard}");
        }

        if (to == Graph)
        {
            if (!ask.Confirm("Leave out Print, Assert and CheckNumerics?", true))
                flags.Add("--strip_debug_ops=");
            if (ask.Confirm("Write it even if TensorFlow.js lacks some of its ops?", false))
                flags.Add("--skip_op_check");
        }

        string target = ask.Text(to is Graph or Layers ? "Where to? A folder" : "Where to? A file", null, path => path.Length == 0 ? "type a path" : to is Graph or Layers && File.Exists(path) ? $"'{path}' is a file" : null);
        if ((Directory.Exists(target) || File.Exists(target)) && !ask.Confirm($"'{target}' is there. Replace it?", false))
            throw new OperationCanceledException();
        return [.. flags, source, target];
    }

    /// <summary>The converter's command line, as a shell takes it.</summary>
    public static string CommandLine(IEnumerable<string> arguments) =>
        string.Join(' ', arguments.Prepend("tensorflowjs_converter").Select(a => a.All(c => char.IsLetterOrDigit(c) || "-_=./,:".Contains(c, StringComparison.Ordinal)) ? a : $"'{a.Replace("'", "'\\''", StringComparison.Ordinal)}'"));

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

        return model.Format switch { "saved_model" => "tf_saved_model", "hub" => "tf_hub", "graphdef" => "tf_frozen_model", "keras_h5" => "keras", "keras" => "keras_keras", "tfjs_layers" => Layers, _ => null };
    }

    private static string Describe(Model model, string key)
    {
        IR.SignatureView view = IR.SignatureView.Of(model, key);
        return $"{string.Join(", ", view.Inputs.Select(i => i.Name))} to {string.Join(", ", view.Outputs.Select(o => o.Name))}";
    }
}
