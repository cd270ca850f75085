using Decant.Wire.Json;

namespace Decant.Cli.Verbs;

/// <summary>What <c>tensorflowjs_converter</c> reads and writes, by the names that the original has for formats.</summary>
/// <param name="Source">The path of the model.</param>
/// <param name="Target">Where to write.</param>
/// <param name="From">The format of the model.</param>
/// <param name="To">The format to write.</param>
internal sealed record TensorflowjsPair(string Source, string Target, string From, string To)
{
    public const string Keras = "keras", KerasKeras = "keras_keras", KerasSavedModel = "keras_saved_model", SavedModel = "tf_saved_model", Hub = "tf_hub",
        FrozenModel = "tf_frozen_model", LayersModel = "tfjs_layers_model", GraphModel = "tfjs_graph_model";

    private static readonly string[] WithLayers = [Keras, KerasKeras, KerasSavedModel, LayersModel];

    /// <summary>The formats that are read.</summary>
    public static IReadOnlyList<string> Inputs { get; } = [Keras, KerasKeras, KerasSavedModel, SavedModel, Hub, FrozenModel, LayersModel, GraphModel];

    /// <summary>The formats that are written.</summary>
    public static IReadOnlyList<string> Outputs { get; } = [Keras, KerasKeras, KerasSavedModel, SavedModel, FrozenModel, LayersModel, GraphModel];

    /// <summary>Whether files with weights are written, of a size.</summary>
    public bool WritesShards => To is LayersModel or GraphModel;

    /// <summary>Whether the model is asked for a signature.</summary>
    public bool HasSignatures => From is SavedModel or Hub;

    /// <summary>The format of Keras to write, or null.</summary>
    public string? KerasFormat => To switch { Keras => "keras_h5", KerasKeras => "keras", LayersModel => "tfjs_layers", _ => null };

    /// <summary>The format of TensorFlow to write, or null.</summary>
    public string? GraphFormat => To switch { KerasSavedModel or SavedModel => "saved_model", FrozenModel => "graphdef", _ => null };

    /// <summary>Whether models are converted from one to the other. Layers cannot be made of graphs.</summary>
    public static bool IsConverted(string from, string to) =>
        Inputs.Contains(from) && Outputs.Contains(to) && (to is not (Keras or KerasKeras or LayersModel) || WithLayers.Contains(from));

    /// <summary>Whether the original converts them too.</summary>
    public static bool IsOriginal(string from, string to) => (from, to) is (Keras, LayersModel or GraphModel) or (KerasKeras or KerasSavedModel, LayersModel) or (SavedModel or Hub or FrozenModel, GraphModel)
        or (LayersModel, Keras or KerasKeras or KerasSavedModel or LayersModel or GraphModel) && IsConverted(from, to);

    /// <summary>The pair that paths and formats mean.</summary>
    /// <exception cref="ModelException">A path is missing, or the pair is not converted.</exception>
    public static TensorflowjsPair Of(string? source, string? target, string from, string? to)
    {
        if (string.IsNullOrEmpty(source))
            throw Fault("Missing input_path argument. For usage, use the --help flag.");
        if (string.IsNullOrEmpty(target))
            throw Fault("Missing output_path argument. For usage, use the --help flag.");
        to ??= from switch { Keras or KerasSavedModel => LayersModel, SavedModel or FrozenModel or Hub => GraphModel, LayersModel => Keras, _ => null };
        if (to is null || !IsConverted(from, to))
        {
            throw CliErrors.Usage.At(
                null, $"Unsupported input_format - output_format pair: {from} - {to ?? "None"}",
                to is null && Inputs.Contains(from) ? $"name one: --output_format={string.Join(", ", Outputs.Where(o => IsConverted(from, o)))}"
                : Inputs.Contains(from) && Outputs.Contains(to) ? "layers are not found again in a graph: give the Keras file, or write --output_format=tfjs_graph_model" : null);
        }

        return new TensorflowjsPair(source, target, from, to);
    }

    /// <summary>Says what is wrong with the paths, as the original does.</summary>
    /// <exception cref="ModelException">Something is.</exception>
    public void CheckPaths()
    {
        if (To is Keras or KerasKeras && Directory.Exists(Target))
            throw Fault($"For input_type={From} & output_format={To}, the output path should be the path to {(To == Keras ? "an HDF5" : "a .keras")} file, but received an existing directory ({Target}).");
        CheckSource();
        if (To is not (Keras or KerasKeras or FrozenModel) && File.Exists(Target))
            throw Fault($"Output path \"{Target}\" already exists as a file");
    }

    /// <summary>Says what is wrong with the path of the model.</summary>
    /// <exception cref="ModelException">Something is.</exception>
    public void CheckSource()
    {
        switch (From)
        {
            case Keras when Directory.Exists(Source):
                throw Fault($"Expected path to point to an HDF5 file, but it points to a directory: {Source}");
            case Keras when !File.Exists(Source):
                throw Fault($"Nonexistent path to HDF5 file: {Source}");
            case KerasKeras when Directory.Exists(Source):
                throw Fault($"Expected path to point to an .keras file, but it points to a directory: {Source}");
            case KerasKeras when !File.Exists(Source):
                throw Fault($"Nonexistent path to .keras file: {Source}");
            case KerasKeras when !Source.EndsWith(".keras", StringComparison.Ordinal):
                throw Fault($"Invalid `filepath` argument: expected a `.keras` extension. Received: filepath={Source}");
            case LayersModel when Directory.Exists(Source):
                throw Fault($"{WhatFor}, the input path should be a model.json file, but received a directory.");
            case Hub when Source.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || Source.StartsWith("https://", StringComparison.OrdinalIgnoreCase):
                throw CliErrors.Usage.At(null, $"{Source} is on the web, from where no modules are fetched", $"download it, and name the archive: curl -L -o module.tar.gz '{Source}?tf-hub-format=compressed'");
        }

        if (From == LayersModel && File.Exists(Source) && !IsJson(Source))
            throw Fault($"{WhatFor}, the input path is expected to contain valid JSON content, but cannot read valid JSON content from {Source}.");
    }

    private string WhatFor => To is LayersModel or GraphModel ? $"For input_type={From}" : $"For input_type={From} & output_format={To}";

    private static bool IsJson(string path)
    {
        using MappedFile file = MappedFile.Open(path);
        try
        {
            var tokens = new JsonTokens(file.Bytes);
            tokens.Next();
            tokens.Skip();
            tokens.End();
            return true;
        }
        catch (ModelException)
        {
            // The original says no more than this, and which file.
            return false;
        }
    }

    /// <summary>Whether the model is of the format that was named.</summary>
    /// <exception cref="ModelException">It is not.</exception>
    public void CheckFormat(Model model)
    {
        bool fits = model.Format == From switch
        {
            Keras => "keras_h5",
            KerasKeras => "keras",
            FrozenModel => "graphdef",
            Hub when model.Format == "hub" => "hub",
            LayersModel => "tfjs_layers",
            GraphModel => "tfjs",
            _ => "saved_model",
        };
        if (!fits)
            throw CliErrors.Usage.At(new Location(Source), $"--input_format={From}: the model is {Decant.Formats.FormatTable.Find(model.Format).Title}", $"--input_format={NameOf(model.Format)}");
    }

    private static string NameOf(string format) => format switch
    {
        "keras_h5" => Keras,
        "keras" => KerasKeras,
        "tfjs_layers" => LayersModel,
        "tfjs" => GraphModel,
        "hub" => Hub,
        "saved_model" => SavedModel,
        _ => FrozenModel,
    };

    private static ModelException Fault(string message) => CliErrors.Usage.At(null, message);
}
