using Decant.IR;

namespace Decant.Passes.Optimize;

/// <summary>What constants take in the model, for passes that must not enlarge it.</summary>
internal static class ConstantBytes
{
    /// <summary>The bytes of a tensor's elements.</summary>
    public static long Of(Tensor tensor) =>
        tensor.DType != DType.String ? tensor.ElementCount * tensor.DType.Size() : Strings(tensor);

    /// <summary>The bytes of a <c>Const</c>, which is not decoded; 0 for other nodes.</summary>
    public static long Of(Node node) => node.Op == "Const" && node.Attributes["value"] is TensorAttr value ? Of(value) : 0;

    /// <summary>The bytes of a constant's elements, which are not decoded.</summary>
    public static long Of(TensorAttr value) =>
        value.DType != DType.String && value.Shape.TryElementCount(out long count) ? count * Math.Max(1, value.DType.Size()) : Of(value.Value);

    /// <summary>The bytes of the constants that nobody needs any more when some nodes are gone.</summary>
    public static long FreedBy(PassContext context, IReadOnlyCollection<Node> removed)
    {
        HashSet<Node> constants = [.. removed.SelectMany(n => n.Inputs.AsSpan().ToArray()).Where(v => v.IsPresent && v.Node.Op == "Const").Select(v => v.Node)];
        return constants.Where(c => !context.IsKept(c) && context.Users(c).All(removed.Contains)).Sum(Of);
    }

    private static long Strings(Tensor tensor)
    {
        long bytes = 0;
        foreach (ReadOnlyMemory<byte> s in tensor.Strings)
            bytes += s.Length;
        return bytes;
    }
}
