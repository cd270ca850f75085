using System.Collections.Immutable;
using Decant.Ops.State;

namespace Decant.Ops.Lists;

/// <summary>
/// The value of a variant of TensorFlow's map ops: tensors by tensors. A value like any other: changing it gives another map, which shares what
/// did not change.
/// </summary>
/// <param name="Items">Key, value and the number of the insertion, by what tells keys apart.</param>
/// <param name="Insertions">The number of insertions so far.</param>
internal sealed record TensorMap(ImmutableDictionary<string, (Tensor Key, Tensor Value, long Order)> Items, long Insertions)
{
    /// <summary>The map without entries.</summary>
    public static TensorMap Empty { get; } = new(ImmutableDictionary<string, (Tensor, Tensor, long)>.Empty.WithComparers(StringComparer.Ordinal), 0);

    /// <summary>The map that an input holds.</summary>
    public static TensorMap Of(KernelContext context) => context.Resource<TensorMap>(0, "a map of tensors");

    /// <summary>Makes a map an output.</summary>
    public static void SetOutput(KernelContext context, TensorMap map) => context.SetOutput(0, ResourceName.Handle(map, DType.Variant));

    /// <summary>What tells a key from others: type, shape and elements.</summary>
    public static string Key(KernelContext context, Tensor key)
    {
        if (key.DType == DType.String)
            return $"{key} {string.Join(' ', key.Strings.ToArray().Select(s => Convert.ToHexString(s.Span)))}";
        return key.DType.HasFixedSize() ? $"{key} {Convert.ToHexString(key.Data.Span)}" : throw context.Fail($"has the key {key}, expected numbers or strings");
    }
}
