using System.Text;
using System.Text.Json.Nodes;
using Decant.Formats.Keras.Writing;
using Decant.IR;
using F = Decant.Formats.TFJS.ModelFields;

namespace Decant.Formats.TFJS;

/// <summary>Writes Keras models as layers models: the description in the form that TensorFlow.js reads, and the weights by name.</summary>
public static class TFJSLayersWriter
{
    /// <summary>Writes a model into a folder.</summary>
    /// <param name="model">The model, which was read from a Keras format.</param>
    /// <param name="path">The folder, whose model is replaced; files that are no part of one stay.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ModelException">The model is none of Keras, TensorFlow.js lacks layers of it (all are named), or it cannot be written.</exception>
    public static void Write(Model model, string path, TFJSWriteOptions options)
    {
        var rules = new QuantizationRules(options.Quantize);
        if (options.AllowsLooseWeights && model.LooseWeights is { } loose)
        {
            WriteLoose(loose, model, path, options, rules);
            return;
        }

        KerasParts parts = NormalizationForm.Run(KerasSource.Required(model, path));
        KerasSource.RefuseKeras1(parts, path, "TensorFlow.js");
        BufferSlice topology = LayersTopology.Of(parts, options.CheckOps ? model.Path : null);
        WrittenGroup[] groups = [.. parts.Layers.Select(l => new WrittenGroup([.. Weights(l, parts.Version).Select(w => WeightEncoding.Of(w.Value, w.Name, rules.For(w.Name)))]))];
        (JsonObject? Config, IReadOnlyList<KerasWeight> Weights)? optimizer = Keras.OptimizerState.In(parts, "tfjs_layers") is { Weights.Count: > 0 } state ? state : null;
        WrittenGroup[] written = options.SplitByLayer ? [.. groups.Where(g => g.Weights.Count > 0)] : [new WrittenGroup([.. groups.SelectMany(g => g.Weights)])];
        WrittenGroup[] training = optimizer is null ? [] : [new WrittenGroup([.. optimizer.Value.Weights.Select(Optimizer)])];
        WeightFolder.Write(path, [.. written, .. training], options, model.TFJS, json =>
        {
            json.WriteString(F.Format, F.LayersModel);
            json.WriteString(F.GeneratedBy, model.TFJS?.GeneratedBy ?? $"keras v{parts.Version}");
            json.WriteString(F.ConvertedBy, TFJSWriter.ConvertedBy);
            json.WriteStartObject(F.Topology);
            json.WriteString(F.KerasVersion, Version(parts));
            json.WriteString(F.Backend, parts.Backend);
            json.WritePropertyName(F.ModelConfig);
            json.WriteRawValue(topology.Span);
            if (!parts.TrainingConfig.IsEmpty)
            {
                json.WritePropertyName("training_config");
                json.WriteRawValue(parts.TrainingConfig.Span);
            }

            json.WriteEndObject();
            if (optimizer is null)
                return;
            json.WritePropertyName(F.TrainingConfig);
            json.WriteRawValue(optimizer.Value.Config?.ToJsonString() ?? Encoding.UTF8.GetString(parts.TrainingConfig.Span));
        });
    }

    /// <summary>Weights for <c>loadWeights</c>: a manifest, and nothing to build layers of.</summary>
    private static void WriteLoose(LooseWeights loose, Model model, string path, TFJSWriteOptions options, QuantizationRules rules)
    {
        WrittenWeight[][] layers = [.. loose.Groups.Where(g => g.Count > 0).Select(g => g.Select(w => WeightEncoding.Of(w.Value, w.Name, rules.For(w.Name))).ToArray())];
        WrittenGroup[] groups = options.SplitByLayer ? [.. layers.Select(l => new WrittenGroup(l))] : [new WrittenGroup([.. layers.SelectMany(l => l)])];
        WeightFolder.Write(path, groups, options, model.TFJS, json =>
        {
            json.WriteString(F.Format, F.LayersModel);
            json.WriteNull(F.GeneratedBy);
            json.WriteString(F.ConvertedBy, TFJSWriter.ConvertedBy);
            json.WriteNull(F.Topology);
        });
    }

    private static WrittenWeight Optimizer(KerasWeight weight)
    {
        WrittenWeight written = WeightEncoding.Of(weight.Value, weight.StoredName ?? weight.Name, DType.Invalid);
        return written with { Entry = written.Entry with { Group = WeightEntry.Optimizer } };
    }

    /// <summary>A model as TensorFlow.js will see it, to be compared with the original.</summary>
    /// <exception cref="ModelException">As in <see cref="Write"/>.</exception>
    internal static KerasParts Converted(Model model, string path, bool checksOps)
    {
        KerasParts parts = NormalizationForm.Run(KerasSource.Required(model, path));
        KerasSource.RefuseKeras1(parts, path, "TensorFlow.js");
        return parts with { Config = LayersTopology.Of(parts, checksOps ? path : null), Version = Version(parts) };
    }

    // The description is in the form of Keras 2, and means what it means there.
    private static string Version(KerasParts parts) => Keras.KerasFile.Version(parts.Version) == 2 ? parts.Version : "2.15.0";

    // TensorFlow.js finds weights by these names. Those of files are such, but not those of Keras 3 and of layers that were renamed.
    private static IEnumerable<(string Name, TensorAttr Value)> Weights(KerasLayer layer, string version)
    {
        foreach (KerasWeight weight in layer.Weights)
        {
            bool isName = weight.StoredName is { } stored && stored.StartsWith($"{layer.Name}/", StringComparison.Ordinal) && Keras.KerasFile.Version(version) == 2;
            // TensorFlow.js has its own names for cells that are stacked: rnn/RNNCell_0/kernel.
            bool isStacked = layer.Class == "RNN" && weight.Name.StartsWith($"{layer.Name}/cell_", StringComparison.Ordinal);
            yield return (isStacked ? $"{layer.Name}/RNNCell_{weight.Name[(layer.Name.Length + "/cell_".Length)..]}" : isName ? weight.StoredName!.Split(':')[0] : weight.Name, weight.Value);
        }

        foreach ((string, TensorAttr) weight in layer.Layers.SelectMany(l => Weights(l, version)))
            yield return weight;
    }
}
