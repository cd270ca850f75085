using System.Text.Json.Nodes;
using Decant.Formats.Keras.Layers.Operations;
using Decant.IR;

namespace Decant.Formats.Keras.Writing.Keras3;

/// <summary>
/// What a model of Keras 2, of TensorFlow.js or of Keras 3's HDF5 files is as an archive of Keras 3. Keras 3 does not open most descriptions of Keras 2:
/// it refuses options that it no longer has, finds layers inside of others by their module only, and counts the calls of models that are layers differently.
/// </summary>
internal sealed class Keras3Model
{
    /// <summary>The version that archives tell which are written of older models.</summary>
    public const string Version = "3.8.0";

    private const string Hint = "write HDF5, which Keras 2 opens: --to keras_h5; or write a graph: --to tfjs";

    private readonly List<Diagnostic> _faults = [];
    private readonly string _path;
    private readonly bool _isOlder;
    private int _scaled;

    private Keras3Model(string path, bool isOlder) => (_path, _isOlder) = (path, isOlder);

    /// <summary>The model as Keras 3 has it; one of Keras 3's own archives as it is.</summary>
    /// <param name="model">A model of Keras.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <exception cref="ModelException">It is none of Keras, or Keras 3 does not have its layers; each is told.</exception>
    public static (KerasParts Parts, string? Note) Of(Model model, string path)
    {
        KerasParts parts = KerasSource.Of(model, path);
        KerasSource.RefuseKeras1(parts, path, "a .keras archive");
        bool isOlder = KerasFile.Version(parts.Version) < 3;
        JsonObject config = DescriptionJson.Parse(parts.Config);
        if (!isOlder && config.ContainsKey("module"))
            return (parts, null);
        SequentialInputs.Add(config);
        var writer = new Keras3Model(path, isOlder);
        KerasLayer root = writer.Write(config, new KerasLayer("", config.Text("class_name") ?? "", [], parts.Layers));
        if (writer._faults.Count > 0)
            throw new ModelException(writer._faults);
        if ((config["compile_config"] as JsonObject ?? (parts.TrainingConfig.IsEmpty ? null : DescriptionJson.Parse(parts.TrainingConfig))) is { } training)
            config["compile_config"] = isOlder ? Keras3Training.Of(training) : training.DeepClone();
        string? note = writer._scaled == 0 ? null : $"the weights of {writer._scaled} {(writer._scaled == 1 ? "layer" : "layers")} that go into hard_sigmoid are scaled by 1.2, as Keras 3 computes it with other slopes";
        // Archives of Keras 2 keep it in another order.
        if (isOlder)
            parts = parts with { Optimizer = ("", []) };
        return (parts with { Version = isOlder ? Version : parts.Version, Config = DescriptionJson.Bytes(config, parts.Config.Name), Layers = root.Layers }, note);
    }

    /// <summary>Changes the entry of a model or layer, and gives its weights.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="layer">Its weights.</param>
    /// <param name="isPart">Whether its weights are those of the layer that it is inside of.</param>
    private KerasLayer Write(JsonObject entry, KerasLayer layer, bool isPart = false)
    {
        string type = entry.Text("class_name") ?? "";
        if (entry.Options() is not { } options)
            return layer;
        if (options["layers"] is JsonArray inner && type != "Pipeline")
        {
            Keras3Calls.Write(entry, _path, _isOlder ? new Version(2, 0) : new Version(3, 0));
            ILookup<string, KerasLayer> known = layer.Layers.ToLookup(l => l.Name, StringComparer.Ordinal);
            var written = new Dictionary<string, KerasLayer>(StringComparer.Ordinal);
            foreach (JsonObject child in inner.OfType<JsonObject>())
            {
                string name = NameOf(child);
                written[name] = Write(child, known[name].FirstOrDefault() ?? new KerasLayer(name, child.Text("class_name") ?? "", [], []));
            }

            // keras.Model makes the functional model.
            Tell(entry, "keras", type == "Functional" ? "Model" : type);
            return layer with { Layers = [.. layer.Layers.Select(l => written.GetValueOrDefault(l.Name, l))] };
        }

        if (IsOperation(entry))
        {
            Tell(entry, OperationModules.Of(type), type);
            return layer;
        }

        // KerasHub finds its layers by their package.
        if (type.Contains('>', StringComparison.Ordinal) || Keras3Options.IsOfKerasHub(type))
        {
            entry["class_name"] = type.Contains('>', StringComparison.Ordinal) ? type.Replace("keras_nlp>", "keras_hub>", StringComparison.Ordinal) : $"keras_hub>{type}";
            return layer;
        }

        layer = isPart ? layer : Changed(type, options, layer);
        if (CuDnnWeights.Are(type))
            CuDnnWeights.Tell(type, options);
        string current = Keras3Options.NameOf(type);
        if (!Keras3Options.Has(current))
        {
            Fault(layer, type, type is OperationTable.TensorFlow or OperationTable.Slicing or Layers.OpLayer.Class ? "Keras 3 has no operations of TensorFlow between layers" : "Keras 3 does not have this layer");
            return layer;
        }

        if (_isOlder && type == "RandomCrop")
            Fault(layer, type, "Keras 3 leaves images as they are outside of training, where Keras 2 cuts them");
        if (type == "SyncBatchNormalization")
            options["synchronized"] = true;
        // Keras's own default was changed later.
        if (_isOlder && current is "GRU" or "GRUCell" && !options.ContainsKey("reset_after"))
            options["reset_after"] = false;
        if (Keras3Options.Clean(current, options) is { } why)
            Fault(layer, type, why);
        if (_isOlder && HardSigmoid.IsGated(current) && options["recurrent_activation"] is null)
            options["recurrent_activation"] = "hard_sigmoid";
        // The wrapper has the kernel among its own weights too.
        if (current == "SpectralNormalization" && layer.Weights.Where(w => w.Part.Length == 0).Take(2).Count() == 1 && layer.Weights.FirstOrDefault(w => w.Part.Length > 0) is { } kernel)
            layer = layer with { Weights = [kernel with { Part = "" }, .. layer.Weights] };
        Tell(entry, Keras3Options.ModuleOf(current), current);
        return Parts(options, layer with { Class = current });
    }

    /// <summary>The layers that a layer has inside: of a wrapper, or the cells of a recurrent one.</summary>
    private KerasLayer Parts(JsonObject options, KerasLayer layer)
    {
        IReadOnlyList<KerasLayer> models = layer.Layers;
        foreach (string part in (string[])["layer", "backward_layer", "cell"])
        {
            if (options[part] is not JsonObject inner || inner.Text("class_name") is null)
                continue;
            // A wrapper of a wrapper has the model in it as its own.
            bool isModel = inner.Options()?["layers"] is JsonArray;
            KerasLayer within = isModel && models.Count > 0 ? models[0] : new KerasLayer(NameOf(inner), inner.Text("class_name")!, [], models);
            KerasLayer written = Write(inner, within, isPart: models.Count == 0);
            models = models.Count == 0 ? models : isModel ? [written] : written.Layers;
        }

        foreach (JsonObject cell in (options["cells"] as JsonArray ?? options["cell"] as JsonArray)?.OfType<JsonObject>() ?? [])
            Write(cell, new KerasLayer(NameOf(cell), cell.Text("class_name") ?? "", [], []), isPart: true);
        return layer with { Layers = models };
    }

    /// <summary>The weights of a layer, or of those inside of it, as Keras 3 has them.</summary>
    private KerasLayer Changed(string type, JsonObject options, KerasLayer layer)
    {
        (string Type, JsonObject Options)[] owners = [.. Owners(type, options)];
        bool isHard = owners.Any(o => HardSigmoid.IsIn(o.Type, o.Options));
        // A wrapper of a model has no weights of its own.
        if (!_isOlder || layer.Layers.Count > 0 || (!isHard && !owners.Any(o => CuDnnWeights.Are(o.Type))))
            return layer;
        var changed = new List<KerasWeight>();
        int[] counts = [.. owners.Select(o => owners.Length == 1 ? layer.Weights.Count : o.Options["use_bias"] is JsonValue value && value.TryGetValue(out bool hasBias) && !hasBias ? 2 : 3)];
        if (counts.Sum() != layer.Weights.Count)
        {
            Fault(layer, type, "the weights of the layers inside cannot be told apart");
            return layer;
        }

        foreach ((int i, (string of, JsonObject own)) in owners.Index())
        {
            IReadOnlyList<KerasWeight> weights = [.. layer.Weights.Skip(changed.Count).Take(counts[i])];
            if (CuDnnWeights.Are(of))
                changed.AddRange(CuDnnWeights.Plain(of, weights) ?? Refused(weights, "its weights do not have the shapes of CuDNN's"));
            else
                changed.AddRange(HardSigmoid.IsIn(of, own) ? HardSigmoid.Scaled(of, own, weights) ?? Refused(weights, "Keras 3 computes hard_sigmoid with other slopes, which no weights make up for here") : weights);
        }

        _scaled += isHard ? 1 : 0;
        return layer with { Weights = changed };

        IReadOnlyList<KerasWeight> Refused(IReadOnlyList<KerasWeight> weights, string why)
        {
            Fault(layer, type, why);
            return weights;
        }
    }

    /// <summary>The layers that have the weights of a layer, in their order: itself, or those inside of it.</summary>
    private static IEnumerable<(string Type, JsonObject Options)> Owners(string type, JsonObject options)
    {
        JsonNode?[] inner = type == "Bidirectional" ? [options["layer"], options["backward_layer"] is JsonObject ? options["backward_layer"] : options["layer"]]
            : (options["cells"] ?? options["cell"]) is JsonArray cells ? [.. cells] : [options["cell"] ?? options["layer"]];
        (string Type, JsonObject Options)[] owners = [.. inner.OfType<JsonObject>().Where(l => l.Text("class_name") is not null && l.Options() is not null).SelectMany(l => Owners(Keras3Options.NameOf(l.Text("class_name")!), l.Options()!))];
        return owners.Length == 0 ? [(type, options)] : owners;
    }

    private bool IsOperation(JsonObject entry)
    {
        using var document = System.Text.Json.JsonDocument.Parse(entry.ToJsonString());
        return OperationTable.IsOfKeras3(LayerConfig.Read(document.RootElement, _path, _isOlder ? new Version(2, 0) : new Version(3, 0)));
    }

    private void Fault(KerasLayer layer, string type, string why) => _faults.Add(new Diagnostic(FormatErrors.OpsNotSupported, why, new Location(_path, Node: layer.Name, Op: type), Hint));

    private static string NameOf(JsonObject entry) => entry.Options()?.Text("name") ?? entry.Text("name") ?? "";

    private static void Tell(JsonObject entry, string module, string type) => (entry["module"], entry["class_name"], entry["registered_name"]) = (module, type, null);
}
