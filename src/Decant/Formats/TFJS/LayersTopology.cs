using System.Text.Json.Nodes;
using Decant.Formats.Keras.Writing;
using Decant.IR;

namespace Decant.Formats.TFJS;

/// <summary>
/// Keras's descriptions in the form that TensorFlow.js reads, which is that of Keras 2: no modules, types as text, shapes and calls of
/// layers under their former names.
/// </summary>
internal static class LayersTopology
{
    // What Keras 3 or the last versions of 2 added to objects and options, and what later names mean.
    private static readonly string[] Gone = ["module", "registered_name", "build_config", "compile_config", "shared_object_id", "quantization_config", "optional", "synchronized"];

    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["BatchNormalizationV1"] = "BatchNormalization",
        ["BatchNormalizationV2"] = "BatchNormalization",
        ["UnifiedGRU"] = "GRU",
        ["UnifiedLSTM"] = "LSTM",
        ["IdentityInitializer"] = "Identity",
        ["OrthogonalInitializer"] = "Orthogonal",
        ["LecunNormal"] = "LeCunNormal",
        ["LecunUniform"] = "LeCunUniform",
    };

    /// <summary>The description.</summary>
    /// <param name="parts">The Keras model.</param>
    /// <param name="check">The model's path, if layers that TensorFlow.js does not have are to be refused.</param>
    /// <exception cref="ModelException">There are such layers; all are named.</exception>
    public static BufferSlice Of(KerasParts parts, string? check)
    {
        JsonObject config = DescriptionJson.Parse(parts.Config);
        OperationForms.Run(config);
        if (check is not null)
            LayersSupport.Refuse(config, parts.Layers, check, parts.Version);
        // TensorFlow.js counts calls as Keras 2 does.
        foreach (JsonObject model in DescriptionJson.All(config))
            CallRenumbering.Run(model, parts.Config.Name ?? "", Keras.KerasFile.Release(parts.Version), _ => new Keras.CallNumbers(1, 1));
        JsonObject plain = (JsonObject)Plain(config, false)!;
        foreach (JsonObject layer in DescriptionJson.All(plain))
            Rename(layer);
        LayerForms.Run(plain, LayersSupport.InputShapes(parts.Layers), parts.Version.StartsWith('3'));
        return DescriptionJson.Bytes(plain, parts.Config.Name);
    }

    /// <summary>A value without what only Keras 3 knows.</summary>
    private static JsonNode? Plain(JsonNode? value, bool isCall)
    {
        if (value is JsonArray list)
            return new JsonArray([.. list.Select(v => Plain(v, isCall))]);
        if (value is not JsonObject table)
            return value?.DeepClone();
        string? type = table.Text("class_name");
        if (!isCall && type is "__tuple__" && table["items"] is JsonArray items)
            return Plain(items, false);
        if (!isCall && type is "DTypePolicy" or "Policy" && table.Options()?["name"] is { } dtype)
            return dtype.DeepClone();
        if (!isCall && type is "function" && table["config"] is JsonValue function)
            return function.DeepClone();
        var plain = new JsonObject();
        foreach ((string name, JsonNode? field) in table)
        {
            if (isCall || !Gone.Contains(name))
                plain[name] = name == "class_name" && type is not null && Renamed.TryGetValue(type, out string? renamed) ? renamed : name == "inbound_nodes" ? field?.DeepClone() : Plain(field, false);
        }

        foreach (string option in plain.Where(f => f.Key.EndsWith("activation", StringComparison.Ordinal) && f.Value is JsonValue name && name.TryGetValue(out string? text) && text == "silu").Select(f => f.Key).ToList())
            plain[option] = "swish";

        // Regularizers of one kind are the general one.
        if (type is "L1" or "L2" && plain.Options() is { } options)
        {
            plain["class_name"] = "L1L2";
            options["l1"] ??= 0.0;
            options["l2"] ??= 0.0;
        }

        return plain;
    }

    private static void Rename(JsonObject layer)
    {
        if (layer["inbound_nodes"] is JsonArray calls)
            layer["inbound_nodes"] = InboundNodes.Old(calls, layer.Text("class_name"));
        if (layer.Options() is not { } options)
            return;
        Move(options, "batch_shape", "batch_input_shape");
        foreach (string ends in (string[])["input_layers", "output_layers"])
        {
            // One tensor may stand for a list of it, and a table for one by name.
            if (options[ends] is JsonArray { Count: 3 } one && one[0] is JsonValue)
                options[ends] = new JsonArray(one.DeepClone());
            else if (options[ends] is JsonObject byName)
                options[ends] = new JsonArray([.. byName.Select(p => p.Value?.DeepClone())]);
        }

        switch (layer.Text("class_name"))
        {
            case "BatchNormalization" when options["axis"] is JsonArray { Count: 1 } axis:
                options["axis"] = axis[0]!.DeepClone();
                break;
            case "LeakyReLU":
                Move(options, "negative_slope", "alpha");
                break;
            case "SeparableConv2D":
                // Those of convolutions that are not separable, which Keras 2 writes too, and of which TensorFlow.js does not take any.
                foreach (string option in (string[])["kernel_initializer", "kernel_regularizer", "kernel_constraint"])
                    options.Remove(option);
                break;
            case "Bidirectional" when options["layer"] is JsonObject inner && inner.Options() is { } own && own.Text("name") is { } name && name.StartsWith("forward_", StringComparison.Ordinal):
                // TensorFlow.js puts this before the name itself.
                own["name"] = name["forward_".Length..];
                break;
        }
    }

    private static void Move(JsonObject options, string from, string to)
    {
        if (!options.TryGetPropertyValue(from, out JsonNode? value))
            return;
        options.Remove(from);
        options[to] ??= value;
    }
}
