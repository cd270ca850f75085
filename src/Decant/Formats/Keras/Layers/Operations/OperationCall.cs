using System.Text.Json;
using Decant.IR;

namespace Decant.Formats.Keras.Layers.Operations;

/// <summary>
/// One call of an operation between layers. Its arguments are found by name, by position, or, in Keras 3, among its options. Names are those
/// of Keras 3; parameters are declared as <c>x1/x/a</c>, first Keras 3's name and then those of TensorFlow.
/// </summary>
internal sealed class OperationCall(LayerCall call, string[][] parameters)
{
    public LayerCall Call { get; } = call;

    /// <summary>Whether TensorFlow's rules count, and not those of Keras 3.</summary>
    public bool IsTensorFlow { get; } = call.Config.Class is OperationTable.TensorFlow or OperationTable.Slicing;

    /// <summary>An argument; null when it is left out or None.</summary>
    public JsonElement? Find(string name)
    {
        int at = Array.FindIndex(parameters, p => p[0] == name);
        foreach (string alias in at < 0 ? [name] : parameters[at])
        {
            if (Call.Arguments.Named.TryGetValue(alias, out JsonElement named))
                return Given(named);
        }

        if (at >= 0 && at < Call.Arguments.Values.Count)
            return Given(Call.Arguments.Values[at]);
        return IsTensorFlow ? null : Call.Config.Find(name) is { } option ? Given(option) : null;
    }

    public JsonElement Required(string name) => Find(name) ?? throw KerasErrors.BadConfig.At(Call.Config.Location(name), $"the operation is called without {name}");

    /// <summary>A tensor, or a number or list of the type of another value.</summary>
    public Value Tensor(string name, Value like = default) => ToTensor(Required(name), name, like);

    /// <summary>Two operands of the same type.</summary>
    public (Value A, Value B) Pair(string first = "x1", string second = "x2")
    {
        JsonElement a = Required(first), b = Required(second);
        Value x = ToTensor(a, first, OfModel(b) ?? default), y = ToTensor(b, second, x);
        DType common = Common(LayerGraph.DTypeOf(x), LayerGraph.DTypeOf(y));
        return (Call.Cast(x, common), Call.Cast(y, common));
    }

    /// <summary>The tensors of a list; one that is alone counts as a list.</summary>
    public Value[] Tensors(string name)
    {
        JsonElement list = Required(name);
        if (OfModel(list) is { } one)
            return [one];
        if (list.ValueKind != JsonValueKind.Array)
            throw Bad(name, "a list of tensors");
        Value like = list.EnumerateArray().Select(OfModel).FirstOrDefault(v => v is not null) ?? default;
        Value[] values = [.. list.EnumerateArray().Select(v => ToTensor(v, name, like))];
        DType common = values.Select(LayerGraph.DTypeOf).Aggregate(DType.Bool, Common);
        return [.. values.Select(v => Call.Cast(v, common))];
    }

    /// <summary>Sizes or axes, of which some may be tensors: an int32 vector.</summary>
    public Value Vector(string name)
    {
        JsonElement list = Required(name);
        if (OfModel(list) is { } tensor)
            return Call.Cast(tensor, DType.Int32);
        if (IntsOf(list) is { } known)
            return Call.Ints(known);
        if (list.ValueKind != JsonValueKind.Array)
            throw Bad(name, "integers");
        return Call.Op("Pack", [.. list.EnumerateArray().Select(i => Scalar(i, name))]);
    }

    /// <summary>An integer, which may be a tensor: an int32 scalar.</summary>
    public Value Scalar(JsonElement value, string name) =>
        OfModel(value) is { } tensor ? Call.Cast(tensor, DType.Int32) : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? Call.Int(number) : throw Bad(name, "an integer or a tensor");

    /// <summary>Integers; one is a list of one, null is left out.</summary>
    public int[]? Ints(string name) => Find(name) is { } value ? IntsOf(value) ?? throw Bad(name, "integers") : null;

    public int Int(string name, int otherwise) => Find(name) is null ? otherwise : Ints(name) is [var one] ? one : throw Bad(name, "an integer");

    public float Number(string name, float otherwise) => Find(name) is not { } value ? otherwise : value.ValueKind == JsonValueKind.Number ? value.GetSingle() : throw Bad(name, "a number");

    public bool Flag(string name, bool otherwise = false) => Find(name) is not { } value ? otherwise : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Bad(name, "true or false");

    public string Text(string name, string otherwise) => Find(name) is not { } value ? otherwise : value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Bad(name, "text");

    /// <summary>An element type by name.</summary>
    public DType Type(string name, DType otherwise) => Find(name) is null ? otherwise : DTypes.TryParse(Text(name, ""), out DType type) ? type : throw Bad(name, "an element type");

    /// <summary>The tensor of the model that a value names; null for others.</summary>
    public Value? OfModel(JsonElement value) => TensorId.Read(value) is { } id ? Call.Arguments.TensorOf(id) : default(Value?);

    public ModelException Bad(string name, string expected) =>
        KerasErrors.BadConfig.At(Call.Config.Location(name), $"{name} is {(Find(name) is { } value ? LayerConfig.Shorten(value.GetRawText()) : "missing")}, expected {expected}");

    private Value ToTensor(JsonElement value, string name, Value like)
    {
        if (OfModel(value) is { } tensor)
            return tensor;
        // Keras 2 may put one tensor into a list.
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 1 && OfModel(value[0]) is { } only)
            return only;
        DType? declared = null;
        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("config", out JsonElement config) && config.ValueKind == JsonValueKind.Object && config.TryGetProperty("value", out JsonElement inner))
        {
            value = inner;
            if (config.TryGetProperty("dtype", out JsonElement type) && type.ValueKind == JsonValueKind.String && DTypes.TryParse(type.GetString()!, out DType known))
                declared = known;
        }

        JsonNumbers numbers = JsonNumbers.Read(value) ?? throw Bad(name, "a tensor, numbers, or rows of them that have the same length");
        DType wanted = declared ?? (numbers.AreTruths ? DType.Bool
            : like.IsPresent && (LayerGraph.DTypeOf(like).IsFloating() || (numbers.AreWhole && LayerGraph.DTypeOf(like).IsInteger())) ? LayerGraph.DTypeOf(like)
            : numbers.AreWhole ? DType.Int32 : DType.Float32);
        return numbers.Add(Call, wanted);
    }

    private static int[]? IntsOf(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
            return value.TryGetInt32(out int one) ? [one] : null;
        if (value.ValueKind != JsonValueKind.Array)
            return null;
        var numbers = new List<int>();
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out int number))
                return null;
            numbers.Add(number);
        }

        return [.. numbers];
    }

    private static JsonElement? Given(JsonElement value) => value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : value;

    // The type that holds both: floats before integers, wide before narrow.
    private static DType Common(DType a, DType b)
    {
        if (a == b)
            return a;
        int Rank(DType type) => type switch { DType.Bool => 0, DType.Float16 or DType.BFloat16 => 10, DType.Float32 => 11, DType.Float64 => 12, _ => type.IsInteger() ? 1 + type.Size() : 13 };
        return Rank(a) >= Rank(b) ? a : b;
    }
}
