using Decant.IR;

namespace Decant.Passes;

/// <summary>
/// Whether two nodes compute the same: op, device, inputs, what they wait for and attributes are equal, constants byte for byte.
/// Names, facts, colocation and debug information do not count.
/// </summary>
internal sealed class NodeEquality : IEqualityComparer<Node>
{
    public static NodeEquality Instance { get; } = new();

    public bool Equals(Node? a, Node? b) =>
        ReferenceEquals(a, b) || (a is not null && b is not null && a.Op == b.Op && a.Device == b.Device && a.Inputs.AsSpan().SequenceEqual(b.Inputs.AsSpan())
            && a.ControlInputs.Count == b.ControlInputs.Count && !a.ControlInputs.Except(b.ControlInputs).Any() && Same(a.Attributes, b.Attributes));

    public int GetHashCode(Node node)
    {
        var hash = default(HashCode);
        hash.Add(node.Op);
        foreach (Value input in node.Inputs)
            hash.Add(input);
        if (node.Inputs.Count == 0 && node.Attributes["value"] is TensorAttr tensor)
            hash.Add(tensor.Shape);
        return hash.ToHashCode();
    }

    private static bool Same(AttributeMap a, AttributeMap b) => Count(a) == Count(b) && a.All(entry => entry.Key == Colocation.Attribute || (b[entry.Key] is { } other && Same(entry.Value, other)));

    private static int Count(AttributeMap attributes) => attributes.Count - (attributes.Contains(Colocation.Attribute) ? 1 : 0);

    private static bool Same(AttrValue a, AttrValue b) => (a, b) switch
    {
        (TensorAttr x, TensorAttr y) => Same(x, y),
        (FunctionAttr x, FunctionAttr y) => Same(x, y),
        (ShapeAttr x, ShapeAttr y) => x.Value == y.Value,
        (ListAttr x, ListAttr y) => x.Count == y.Count && x.Ints.SequenceEqual(y.Ints) && x.Floats.SequenceEqual(y.Floats) && x.Bools.SequenceEqual(y.Bools) && x.Types.SequenceEqual(y.Types)
            && x.Strings.Zip(y.Strings).All(p => p.First.Span.SequenceEqual(p.Second.Span)) && x.Shapes.Zip(y.Shapes).All(p => p.First.Value == p.Second.Value)
            && x.Strings.Count == y.Strings.Count && x.Shapes.Count == y.Shapes.Count && x.Tensors.Count == y.Tensors.Count && x.Functions.Count == y.Functions.Count
            && x.Tensors.Zip(y.Tensors).All(p => Same(p.First, p.Second)) && x.Functions.Zip(y.Functions).All(p => Same(p.First, p.Second)),
        _ => a.Equals(b),
    };

    private static bool Same(FunctionAttr a, FunctionAttr b) => a.Name == b.Name && Same(a.Attributes, b.Attributes);

    private static bool Same(TensorAttr a, TensorAttr b)
    {
        if (ReferenceEquals(a, b))
            return true;
        if (a.DType != b.DType || a.Shape != b.Shape)
            return false;
        if (a.DType != DType.String)
            return a.DType.HasFixedSize() && a.Value.Data.SequenceEqual(b.Value.Data);
        return a.Value.Strings.SequenceEqual(b.Value.Strings, StringBytes.Instance);
    }

    private sealed class StringBytes : IEqualityComparer<ReadOnlyMemory<byte>>
    {
        public static StringBytes Instance { get; } = new();

        public bool Equals(ReadOnlyMemory<byte> a, ReadOnlyMemory<byte> b) => a.Span.SequenceEqual(b.Span);

        public int GetHashCode(ReadOnlyMemory<byte> bytes) => bytes.Length;
    }
}
