using System.Collections;
using Decant.IR;
using Decant.Wire.FlatBuffers;

namespace Decant.Ops.TFLite;

/// <summary>The options of a custom operator: a FlexBuffer map in the attribute <c>custom_options</c>.</summary>
internal sealed class CustomOptions
{
    private readonly Node _node;
    private readonly IReadOnlyDictionary<string, object?> _values;

    public CustomOptions(KernelRequest request)
        : this(request.Node)
    {
    }

    public CustomOptions(Node node)
    {
        _node = node;
        _values = new NodeAttributes(node).Find(TFLiteParts.CustomOptions) is StringAttr { Bytes: { Length: > 0 } bytes } && FlexBuffer.Read(bytes.Span) is Dictionary<string, object?> map
            ? map : new Dictionary<string, object?>();
    }

    /// <summary>An integer; the other value when it is not given.</summary>
    public int Int(string name, int absent = 0) => _values.GetValueOrDefault(name) switch
    {
        null => absent,
        long value and >= int.MinValue and <= int.MaxValue => (int)value,
        bool value => value ? 1 : 0,
        double value and >= int.MinValue and <= int.MaxValue => (int)value,
        var other => throw Bad(name, other, "an integer"),
    };

    /// <summary>A number; the other value when it is not given.</summary>
    public float Float(string name, float absent = 0) => _values.GetValueOrDefault(name) switch
    {
        null => absent,
        double value => (float)value,
        long value => value,
        var other => throw Bad(name, other, "a number"),
    };

    /// <summary>A truth value; false when it is not given.</summary>
    public bool Bool(string name) => Int(name) != 0;

    /// <summary>A text; empty when it is not given.</summary>
    public string Text(string name) => _values.GetValueOrDefault(name) as string ?? "";

    /// <summary>A list of integers; empty when it is not given.</summary>
    public long[] Ints(string name) => _values.GetValueOrDefault(name) is IList list ? [.. list.Cast<object?>().Select(v => v is long i ? i : throw Bad(name, v, "integers"))] : [];

    private ModelException Bad(string name, object? value, string expected) => GraphErrors.BadAttribute.At(_node.At(TFLiteParts.CustomOptions), $"has {value} as '{name}', expected {expected}");
}
