using System.Text.Json;

namespace Decant.Formats.Keras;

/// <summary>A tensor of a functional model: which call of which layer, and which of its outputs.</summary>
internal readonly record struct TensorId(string Layer, int Call, int Output)
{
    /// <summary>Reads <c>["dense", 0, 0]</c>.</summary>
    public static TensorId? Read(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() >= 3 && value[0].ValueKind == JsonValueKind.String
        && value[1].ValueKind == JsonValueKind.Number && value[1].TryGetInt32(out int call) && value[2].ValueKind == JsonValueKind.Number && value[2].TryGetInt32(out int output)
            ? new TensorId(value[0].GetString()!, call, output)
            : null;

    /// <summary>Reads the tensors of <c>input_layers</c> or <c>output_layers</c>: one, a list of them, or a table of them.</summary>
    public static IReadOnlyList<TensorId> ReadAll(LayerConfig model, string option)
    {
        JsonElement value = model.Find(option) ?? throw model.Bad(option, "a list of tensors");
        if (Read(value) is { } single)
            return [single];
        IEnumerable<JsonElement> items = value.ValueKind switch
        {
            JsonValueKind.Array => value.EnumerateArray(),
            JsonValueKind.Object => value.EnumerateObject().Select(p => p.Value),
            _ => throw model.Bad(option, "a list of tensors"),
        };
        return [.. items.Select(i => Read(i) ?? throw model.Bad(option, "a list of tensors"))];
    }
}

/// <summary>One call of a layer in a functional model: the tensors that it reads, those that it is given by name, and what else it is given.</summary>
internal sealed record InboundCall(IReadOnlyList<TensorId> Inputs, IReadOnlyDictionary<string, IReadOnlyList<TensorId>> Named, IReadOnlyDictionary<string, JsonElement> Constants)
{
    public IEnumerable<TensorId> All => Inputs.Concat(Named.Values.SelectMany(v => v));

    /// <summary>Reads the calls of a layer, in the form of Keras 1 and 2 or of Keras 3.</summary>
    public static IReadOnlyList<InboundCall> ReadAll(LayerConfig layer)
    {
        if (!layer.Whole.TryGetProperty("inbound_nodes", out JsonElement nodes) || nodes.ValueKind != JsonValueKind.Array)
            return [];
        var calls = new List<InboundCall>();
        foreach (JsonElement node in nodes.EnumerateArray())
        {
            var named = new Dictionary<string, IReadOnlyList<TensorId>>(StringComparer.Ordinal);
            var constants = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            var inputs = new List<TensorId>();
            if (node.ValueKind == JsonValueKind.Object)
            {
                if (node.TryGetProperty("args", out JsonElement args))
                    Tensors(args, inputs, 0);
                if (node.TryGetProperty("kwargs", out JsonElement kwargs))
                    AddNamed(kwargs, named, constants);
            }
            else if (node.ValueKind == JsonValueKind.Array)
            {
                // A node of one tensor may be that tensor itself.
                JsonElement[] tensors = TensorId.Read(node) is not null ? [node] : [.. node.EnumerateArray()];
                foreach (JsonElement tensor in tensors)
                {
                    inputs.Add(TensorId.Read(tensor) ?? throw Bad(layer));
                    if (tensor.GetArrayLength() > 3)
                        AddNamed(tensor[3], named, constants);
                }
            }
            else
            {
                throw Bad(layer);
            }

            calls.Add(new InboundCall(inputs, named, constants));
        }

        return calls;
    }

    private static void AddNamed(JsonElement kwargs, Dictionary<string, IReadOnlyList<TensorId>> named, Dictionary<string, JsonElement> constants)
    {
        if (kwargs.ValueKind != JsonValueKind.Object)
            return;
        foreach (JsonProperty argument in kwargs.EnumerateObject())
        {
            var tensors = new List<TensorId>();
            Tensors(argument.Value, tensors, 0);
            if (tensors.Count > 0)
                named[argument.Name] = tensors;
            else
                constants[argument.Name] = argument.Value;
        }
    }

    private static void Tensors(JsonElement value, List<TensorId> tensors, int depth)
    {
        const int Deepest = 8;
        if (depth > Deepest)
            return;
        if (TensorId.Read(value) is { } id)
        {
            tensors.Add(id);
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in value.EnumerateArray())
                Tensors(item, tensors, depth + 1);
        }
        else if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("config", out JsonElement config) && config.ValueKind == JsonValueKind.Object
            && config.TryGetProperty("keras_history", out JsonElement history) && TensorId.Read(history) is { } tensor)
        {
            tensors.Add(tensor);
        }
    }

    private static ModelException Bad(LayerConfig layer) => KerasErrors.BadConfig.At(layer.Location("inbound_nodes"), "the calls of the layer are not lists of tensors");
}
