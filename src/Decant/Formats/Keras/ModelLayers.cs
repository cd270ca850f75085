using System.Text.Json;
using Decant.Formats.Keras.Layers;
using Decant.Formats.Keras.Layers.Operations;

namespace Decant.Formats.Keras;

/// <summary>The layers of a model's description, and the faults of all of them.</summary>
internal static class ModelLayers
{
    /// <summary>More layers than any model has.</summary>
    public const int Most = 20_000;

    /// <summary>Keras 1's class of layers that join others. As the first of a sequence it has those as options.</summary>
    public const string Merge = "Merge";

    /// <summary>What a layer joins that is the first of a sequence of Keras 1; none for others. Keras 1 counts their layers as those of the sequence.</summary>
    public static IReadOnlyList<LayerConfig> Joined(LayerConfig layer) => layer.Class == Merge && layer.Find("layers") is { ValueKind: JsonValueKind.Array } ? Of(layer) : [];

    /// <summary>A layer, after those that it joins.</summary>
    public static IEnumerable<LayerConfig> Flat(LayerConfig layer) =>
        Joined(layer).SelectMany(j => IsModel(j) ? Of(j).SelectMany(Flat) : [j]).Append(layer);

    /// <summary>Whether this is a model with layers of its own.</summary>
    public static bool IsModel(LayerConfig layer) => layer.Class is "Sequential" or "Model" or "Functional" || (layer.Class != Merge && layer.Config.ValueKind == JsonValueKind.Object && layer.Config.TryGetProperty("layers", out JsonElement own) && own.ValueKind == JsonValueKind.Array);

    /// <summary>The model in a wrapper, or in wrappers of wrappers; null when there is none.</summary>
    public static LayerConfig? WrappedModel(LayerConfig wrapper)
    {
        const int Deepest = 16;
        LayerConfig inner = wrapper;
        for (int depth = 0; depth < Deepest && inner.Find("layer") is { ValueKind: JsonValueKind.Object }; depth++)
        {
            inner = inner.Inner();
            if (IsModel(inner))
                return inner;
        }

        return null;
    }

    public static bool IsSequential(LayerConfig model) => model.Class == "Sequential" || model.Config.ValueKind == JsonValueKind.Array || (model.Find("input_layers") is null && model.Find("output_layers") is null);

    /// <summary>The layers in their order.</summary>
    public static IReadOnlyList<LayerConfig> Of(LayerConfig model)
    {
        JsonElement list = model.Config.ValueKind == JsonValueKind.Array ? model.Config : model.Find("layers") ?? throw model.Bad("layers", "a list of layers");
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > Most)
            throw model.Bad("layers", $"a list of at most {Most} layers");
        return [.. list.EnumerateArray().Select(l => LayerConfig.Read(l, model.File, model.KerasVersion))];
    }

    /// <summary>Refuses a model with layers that cannot be translated, naming all of them.</summary>
    /// <exception cref="ModelException">There are such layers.</exception>
    public static void RefuseUnknown(LayerConfig model)
    {
        var faults = new List<Diagnostic>();
        Collect(model, faults);
        if (faults.Count > 0)
            throw new ModelException(faults);
    }

    private static void Collect(LayerConfig layer, List<Diagnostic> faults)
    {
        if (IsModel(layer))
        {
            foreach (LayerConfig inner in Of(layer))
                Collect(inner, faults);
        }
        else if (Joined(layer) is { Count: > 0 } joined)
        {
            foreach (LayerConfig inner in joined)
                Collect(inner, faults);
        }
        else if (layer.Class == "Lambda")
        {
            faults.Add(new Diagnostic(KerasErrors.Lambda, "the layer is compiled Python code, which is never run", layer.Location(), "write it with Keras's own layers, or export the model as a SavedModel from Keras and open that"));
        }
        else if (OperationTable.Has(layer))
        {
            if (OperationTable.Find(layer) is null)
                faults.Add(new Diagnostic(KerasErrors.UnknownLayers, $"the operation {OperationTable.NameOf(layer)} is not known", layer.Location(), "export the model as a SavedModel from Keras, which holds the ops of its layers, and open that"));
        }
        else if (layer.Class != "InputLayer" && LayerTable.Find(layer.Class) is null)
        {
            faults.Add(new Diagnostic(KerasErrors.UnknownLayers, "the layer is not known", layer.Location(), "export the model as a SavedModel from Keras, which holds the ops of its layers, and open that"));
        }
        else if (layer.Find("layer") is { ValueKind: JsonValueKind.Object } wrapped)
        {
            Collect(LayerConfig.Read(wrapped, layer.File, layer.KerasVersion), faults);
        }
    }
}
