using System.Text.Json;

namespace Decant.Formats.Keras;

/// <summary>What a model's description says of a layer. Options of Keras 1 are found by the names that Keras 2 gave them.</summary>
/// <param name="File">The file, for messages.</param>
/// <param name="Class">The class, such as <c>Dense</c>.</param>
/// <param name="Name">The name of the layer.</param>
/// <param name="Config">Its options.</param>
/// <param name="Whole">The whole entry, with the layers that it reads.</param>
/// <param name="KerasVersion">The version of the Keras that wrote it, with its first two numbers.</param>
internal sealed record LayerConfig(string File, string Class, string Name, JsonElement Config, JsonElement Whole, Version KerasVersion)
{
    private static readonly Dictionary<string, string[]> OldNames = new()
    {
        ["units"] = ["output_dim"],
        ["filters"] = ["nb_filter"],
        ["kernel_size"] = ["filter_length"],
        ["strides"] = ["subsample", "subsample_length", "stride"],
        ["padding"] = ["border_mode"],
        ["recurrent_activation"] = ["inner_activation"],
        ["use_bias"] = ["bias"],
        ["pool_size"] = ["pool_length"],
        ["data_format"] = ["dim_ordering"],
        ["dilation_rate"] = ["atrous_rate"],
        ["batch_shape"] = ["batch_input_shape"],
        ["size"] = ["length"],
        ["mask_token"] = ["mask_value"],
        ["oov_token"] = ["oov_value"],
    };

    private static readonly string[] Packages = ["keras_nlp>", "keras_hub>"];

    public bool IsNull => Config.ValueKind == JsonValueKind.Null;

    /// <summary>Reads an entry <c>{"class_name": ..., "config": {...}}</c>.</summary>
    public static LayerConfig Read(JsonElement entry, string file, Version kerasVersion)
    {
        if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("class_name", out JsonElement type) || type.ValueKind != JsonValueKind.String
            || !entry.TryGetProperty("config", out JsonElement config))
            throw KerasErrors.BadConfig.At(new Location(file), "a layer is described without its class_name or config");
        // Ops keep their own name among their options, and layers read the other.
        string name = type.GetString() != Layers.OpLayer.Class && config.ValueKind == JsonValueKind.Object && config.TryGetProperty("name", out JsonElement own) && own.ValueKind == JsonValueKind.String ? own.GetString()!
            : entry.TryGetProperty("name", out JsonElement outer) && outer.ValueKind == JsonValueKind.String ? outer.GetString()!
            : type.GetString()!;
        return new LayerConfig(file, WithoutPackage(type.GetString()!), name, config, entry, kerasVersion);
    }

    public JsonElement? Find(string name)
    {
        if (Config.ValueKind != JsonValueKind.Object)
            return null;
        if (Config.TryGetProperty(name, out JsonElement value))
            return value;
        foreach (string old in OldNames.GetValueOrDefault(name, []))
        {
            if (Config.TryGetProperty(old, out value))
                return value;
        }

        return null;
    }

    public string Text(string name, string otherwise) => Find(name) switch
    {
        null or { ValueKind: JsonValueKind.Null } => otherwise,
        { ValueKind: JsonValueKind.String } value => value.GetString()!,
        _ => throw Bad(name, "text"),
    };

    public bool Flag(string name, bool otherwise) => Find(name) switch
    {
        null or { ValueKind: JsonValueKind.Null } => otherwise,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Bad(name, "true or false"),
    };

    public float Number(string name, float otherwise) => Find(name) switch
    {
        null or { ValueKind: JsonValueKind.Null } => otherwise,
        { ValueKind: JsonValueKind.Number } value => value.GetSingle(),
        // Arrays of numpy: {"type": "ndarray", "value": 0.3}.
        { ValueKind: JsonValueKind.Object } value when value.TryGetProperty("value", out JsonElement inner) && inner.ValueKind == JsonValueKind.Number => inner.GetSingle(),
        _ => throw Bad(name, "a number"),
    };

    /// <summary>One number, or those of a list of any depth in its order; arrays of NumPy and tensors are objects with their values inside.</summary>
    public float[] Numbers(string name, float otherwise)
    {
        const int MostDimensions = 8;
        var numbers = new List<float>();
        if (Find(name) is { ValueKind: not JsonValueKind.Null } value)
            Collect(value, 0);
        else
            numbers.Add(otherwise);
        return [.. numbers];

        void Collect(JsonElement item, int depth)
        {
            if (item.ValueKind == JsonValueKind.Number)
                numbers.Add(item.GetSingle());
            else if (item.ValueKind == JsonValueKind.Array && depth < MostDimensions)
                item.EnumerateArray().ToList().ForEach(i => Collect(i, depth + 1));
            else if (item.ValueKind == JsonValueKind.Object && depth < MostDimensions && (item.TryGetProperty("value", out JsonElement inner) || item.TryGetProperty("config", out inner)))
                Collect(inner, depth + 1);
            else
                throw Bad(name, "a number or a list of numbers");
        }
    }

    public int Int(string name, int? otherwise = null) => Find(name) switch
    {
        null or { ValueKind: JsonValueKind.Null } when otherwise is { } value => value,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out int number) => number,
        // A list of one number, such as an axis.
        { ValueKind: JsonValueKind.Array } value when value.GetArrayLength() == 1 && value[0].ValueKind == JsonValueKind.Number && value[0].TryGetInt32(out int number) => number,
        _ => throw Bad(name, "an integer"),
    };

    /// <summary>A number for each dimension: one number is that of all.</summary>
    public int[] Ints(string name, int count, int? otherwise = null)
    {
        if (Find(name) is not { ValueKind: not JsonValueKind.Null } value)
            return otherwise is { } same ? [.. Enumerable.Repeat(same, count)] : throw Bad(name, $"{count} integers");
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int one))
            return [.. Enumerable.Repeat(one, count)];
        int[] numbers = List(value, name);
        return numbers.Length == count ? numbers : numbers.Length == 1 ? [.. Enumerable.Repeat(numbers[0], count)] : throw Bad(name, $"{count} integers");
    }

    /// <summary>A list of integers; null stands for -1.</summary>
    public int[] List(string name) => Find(name) is { } value ? List(value, name) : throw Bad(name, "a list of integers");

    /// <summary>Two numbers for each dimension, as padding and cropping have them: one number, one per dimension, or a pair per dimension.</summary>
    public int[][] Pairs(string name, int count)
    {
        if (Find(name) is not { } value || value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0 || (count > 1 && value[0].ValueKind != JsonValueKind.Array))
            return [.. Ints(name, count, 1).Select(n => new[] { n, n })];
        int[][] pairs = count == 1 && value[0].ValueKind != JsonValueKind.Array ? [List(value, name)] : [.. value.EnumerateArray().Select(p => List(p, name))];
        if (pairs is [[var one]])
            pairs = [[one, one]];
        return pairs.Length == count && pairs.All(p => p.Length == 2) ? pairs : throw Bad(name, $"{count} pairs of integers");
    }

    /// <summary>The layer that this one calls.</summary>
    public LayerConfig Inner() => Read(Find("layer") ?? throw Bad("layer", "a layer"), File, KerasVersion);

    /// <summary>Whether a value is a list of two integers.</summary>
    public bool IsPair(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() is 1 or 2 && value[0].ValueKind == JsonValueKind.Number;

    /// <summary>Two integers; one is both.</summary>
    public int[] PairOf(JsonElement value, string option) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int one) ? [one, one] : List(value, option) switch { [var both] => [both, both], [_, _] and var pair => pair, _ => throw Bad(option, "pairs of integers") };

    /// <summary>A field's text; null when it is not there or something else.</summary>
    public static string? Text(JsonElement table, string field) =>
        table.ValueKind == JsonValueKind.Object && table.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public ModelException Bad(string option, string expected) =>
        KerasErrors.BadConfig.At(Location(option), $"{option} is {(Find(option) is { } value ? Shorten(value.GetRawText()) : "missing")}, expected {expected}");

    public Location Location(string? option = null) => new(File, Node: Name, Op: Class, Attribute: option);

    private int[] List(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.Array)
            throw Bad(name, "a list of integers");
        var numbers = new List<int>();
        foreach (JsonElement item in value.EnumerateArray())
            numbers.Add(item.ValueKind == JsonValueKind.Null ? -1 : item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int number) ? number : throw Bad(name, "a list of integers"));
        return [.. numbers];
    }

    /// <summary>Keras's own packages of layers precede classes in files of Keras 2: <c>keras_nlp&gt;TransformerEncoder</c>.</summary>
    private static string WithoutPackage(string type) => Array.Find(Packages, p => type.StartsWith(p, StringComparison.Ordinal)) is { } package ? type[package.Length..] : type;

    internal static string Shorten(string text) => text.Length > 60 ? text[..60] + "..." : text;
}
