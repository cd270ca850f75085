using System.Text;
using System.Text.Json;
using Decant.Formats.Files;
using Decant.Formats.TFJS;
using Decant.IR;
using Decant.Wire.Hdf5;
using Decant.Wire.Json;
using Decant.Wire.Yaml;

namespace Decant.Formats.Keras;

/// <summary>
/// Models in two files: the description of the layers, which Keras's <c>to_json</c> or <c>to_yaml</c> gives, and the weights that <c>save_weights</c>
/// wrote. Each is found by the name of the other: <c>model.json</c> and <c>model.h5</c>, or <c>model_weights.h5</c>.
/// </summary>
internal static class DescriptionFile
{
    private const long Longest = 64 << 20;

    private static readonly string[] DescriptionEndings = [".json", ".yaml", ".yml"];

    /// <summary>What stands in the place of these in the names of weights; longer ones first.</summary>
    private static readonly string[] Endings = [".weights.h5", "_weights.hdf5", "_weights.h5", "-weights.h5", ".hdf5", ".h5"];

    /// <summary>Whether a file is the description of a model: an object of JSON or YAML with a class and its options, and no model of TensorFlow.js.</summary>
    public static bool Is(BufferSlice bytes)
    {
        // Most files that are asked about are no JSON, and are to be told apart without an exception.
        if (bytes.Length <= Longest && IsYaml(bytes))
            return true;
        if (bytes.Length > Longest || !(TFJSFiles.StartsWith(bytes, (byte)'{') || TFJSFiles.StartsWith(bytes, (byte)'"')) || TFJSFiles.IsModel(bytes))
            return false;
        try
        {
            JsonFields fields = JsonFields.Read(Text(bytes));
            return !fields.Find("class_name").IsEmpty && !fields.Find("config").IsEmpty;
        }
        catch (ModelException)
        {
            // No JSON after all.
            return false;
        }
    }

    /// <summary>Builds the model that a file describes, of the weights beside it.</summary>
    /// <exception cref="ModelException">There are no weights, or they are those of another model.</exception>
    public static Model Load(ModelSource source)
    {
        string stem = Path.GetFileNameWithoutExtension(source.Path);
        FileTree folder = source.Surroundings;
        string weights = Array.Find(Endings, e => folder.Has(stem + e)) is { } ending ? stem + ending
            : folder.Files().Where(f => Endings.Any(e => f.EndsWith(e, StringComparison.OrdinalIgnoreCase))).ToList() is [var only] ? only
            : throw KerasErrors.BadWeights.At(new Location(source.Path), $"the file describes the layers of a Keras model, and their weights are not beside it as {stem}.h5", "put the file there that save_weights wrote");
        Model model = Build(source.Bytes, source.Path, Hdf5File.Open(folder.Read(weights)));
        model.Notes.Add($"the weights are those of {folder.PathOf(weights)}");
        return model;
    }

    /// <summary>The name that a description has beside a file of weights.</summary>
    public static string NameBeside(string weights)
    {
        string own = Path.GetFileName(weights);
        string ending = Array.Find(Endings, e => own.EndsWith(e, StringComparison.OrdinalIgnoreCase) && own.Length > e.Length) ?? Path.GetExtension(own);
        return own[..^ending.Length] + DescriptionEndings[0];
    }

    /// <summary>Builds the model whose weights a file holds, if its description is beside it; null otherwise.</summary>
    public static Model? LoadBeside(ModelSource source, Hdf5File weights)
    {
        string own = Path.GetFileName(source.Path);
        foreach (string ending in Endings.Where(e => own.EndsWith(e, StringComparison.OrdinalIgnoreCase)))
        {
            if (Array.Find(DescriptionEndings, e => source.Surroundings.Has(own[..^ending.Length] + e)) is not { } described)
                continue;
            string name = own[..^ending.Length] + described;
            BufferSlice bytes = source.Surroundings.Read(name);
            if (!Is(bytes))
                continue;
            Model model = Build(bytes, source.Surroundings.PathOf(name), weights);
            model.Notes.Add($"the layers are described by {source.Surroundings.PathOf(name)}");
            return model;
        }

        return null;
    }

    /// <summary>Whether a text begins as Keras's YAML does: with fields of a model, one of which is its class.</summary>
    private static bool IsYaml(BufferSlice bytes)
    {
        const int Head = 1024;
        string[] fields = ["backend", "class_name", "config", "keras_version", "name"];
        bool hasClass = false;
        foreach (string line in Encoding.Latin1.GetString(bytes.Slice(0, Math.Min(bytes.Length, Head)).Span).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string field = line.Split(':')[0];
            if (!line.StartsWith('#') && line != "---" && (field == line || !fields.Contains(field)))
                return false;
            hasClass |= field == "class_name";
            if (field == "config")
                return hasClass;
        }

        return false;
    }

    /// <summary>The description as JSON, also where the text of it was written as a JSON string.</summary>
    private static BufferSlice Text(BufferSlice bytes)
    {
        if (IsYaml(bytes))
            return YamlJson.Of(bytes);
        var tokens = new JsonTokens(bytes);
        tokens.Next();
        return tokens.Type == JsonTokenType.String ? new BufferSlice(Encoding.UTF8.GetBytes(tokens.Text()), bytes.Name) : bytes;
    }

    private static Model Build(BufferSlice bytes, string path, Hdf5File file)
    {
        BufferSlice json = Text(bytes);
        JsonFields fields = JsonFields.Read(json);
        // Keras 3 tells the module of a class, and no version.
        string version = fields.Text("keras_version") ?? (fields.Find("module").IsEmpty ? "2" : "3");
        var description = new KerasDescription(json, path, version) { Backend = fields.Text("backend") ?? "tensorflow" };
        return ModelBuilder.Build(description, layers => file.Root["model_weights"] is Hdf5Group group ? new LegacyWeights(group, layers)
            : file.Root.Attributes.ContainsKey("layer_names") || file.Root.Attributes.ContainsKey("layer_names0") ? new LegacyWeights(file.Root, layers)
            : file.Root.Attributes.ContainsKey(NumberedWeights.CountAttribute) ? new NumberedWeights(file.Root, layers)
            : new ArchiveWeights(ArchiveGroup.Of(file.Root), layers, new Dictionary<string, BufferSlice>()));
    }
}
