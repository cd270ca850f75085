using System.Text.Json;

namespace Decant.Formats.Keras;

/// <summary>A tensor of a functional model: which call of which layer, and which of its outputs.</summary>
internal readonly record struct TensorId(string Layer, int Call, int Output)
{
    /// <summary>What stands for the layer of a value that is none of a layer: <c>["_CONSTANT_VALUE", -1, 2.5]</c>.</summary>
    public const string Constant = "_CONSTANT_VALUE";

    /// <summary>Reads <c>["dense", 0, 0]</c>, or <c>{"class_name": "__keras_tensor__", "config": {"keras_history": ["dense", 0, 0]}}</c>.</summary>
    public static TensorId? Read(JsonElement value) => value.ValueKind != JsonValueKind.Object ? ReadList(value)
        : value.TryGetProperty("config", out JsonElement config) && config.ValueKind == JsonValueKind.Object && config.TryGetProperty("keras_history", out JsonElement history) ? ReadList(history) : null;

    private static TensorId? ReadList(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() >= 3 && value[0].ValueKind == JsonValueKind.String && !value[0].ValueEquals(Constant)
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
    /// <summary>All arguments by position, as they are written; the tensors of a list are one argument.</summary>
    public IReadOnlyList<JsonElement> Arguments { get; private init; } = [];

    /// <summary>All arguments by name, as they are written.</summary>
    public IReadOnlyDictionary<string, JsonElement> Keywords { get; private init; } = new Dictionary<string, JsonElement>();

    public IEnumerable<TensorId> All => Inputs.Concat(Named.Values.SelectMany(v => v));

    /// <summary>How often a layer is called.</summary>
    public static int Count(LayerConfig layer) => layer.Whole.TryGetProperty("inbound_nodes", out JsonElement nodes) && nodes.ValueKind == JsonValueKind.Array ? nodes.GetArrayLength() : 0;

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
            JsonElement[] arguments = [];
            JsonElement keywords = default;
            if (node.ValueKind == JsonValueKind.Object && !node.TryGetProperty("args", out _) && node.EnumerateObject().Any(p => TensorId.Read(p.Value) is not null))
            {
                // A table of tensors, by their names.
                AddNamed(node, named, constants);
                inputs.AddRange(named.Values.SelectMany(t => t));
            }
            else if (node.ValueKind == JsonValueKind.Object)
            {
                if (node.TryGetProperty("args", out JsonElement args) && args.ValueKind == JsonValueKind.Array)
                {
                    arguments = [.. args.EnumerateArray()];
                    Tensors(args, inputs, 0);
                }

                node.TryGetProperty("kwargs", out keywords);
                AddNamed(keywords, named, constants);
            }
            else if (node.ValueKind == JsonValueKind.Array)
            {
                // A node of one tensor may be that tensor itself.
                bool isOne = TensorId.Read(node) is not null || IsConstant(node);
                arguments = node.GetArrayLength() == 1 && IsConstant(node[0]) ? [node[0][2]] : [IsConstant(node) ? node[2] : node];
                foreach (JsonElement tensor in isOne ? [node] : (JsonElement[])[.. node.EnumerateArray()])
                {
                    if (TensorId.Read(tensor) is { } id)
                        inputs.Add(id);
                    else if (!IsConstant(tensor))
                        throw Bad(layer);
                    if (tensor.GetArrayLength() > 3)
                        AddNamed(keywords = tensor[3], named, constants);
                }
            }
            else
            {
                throw Bad(layer);
            }

            calls.Add(new InboundCall(inputs, named, constants)
            {
                Arguments = arguments,
                Keywords = keywords.ValueKind == JsonValueKind.Object ? keywords.EnumerateObject().GroupBy(k => k.Name).ToDictionary(k => k.Key, k => k.Last().Value, StringComparer.Ordinal) : new Dictionary<string, JsonElement>(),
            });
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
        else if (value.ValueKind == JsonValueKind.Object)
        {
            // Slices may end where a tensor says.
            foreach (JsonProperty item in value.EnumerateObject())
                Tensors(item.Value, tensors, depth + 1);
        }
    }

    private static bool IsConstant(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() >= 3 && value[0].ValueKind == JsonValueKind.String && value[0].ValueEquals(TensorId.Constant);

    private static ModelException Bad(LayerConfig layer) => KerasErrors.BadConfig.At(layer.Location("inbound_nodes"), "the calls of the layer are not lists of tensors");
}
