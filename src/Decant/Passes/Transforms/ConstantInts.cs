using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>Constants of int32 or int64 that give axes, sizes and paddings.</summary>
internal static class ConstantInts
{
    /// <summary>The elements of a constant that has so many, or null.</summary>
    public static long[]? Of(Value value, int count) =>
        value.Constant is not { } constant || constant.ElementCount != count ? null
        : constant.DType == DType.Int32 ? Array.ConvertAll(constant.Span<int>().ToArray(), i => (long)i)
        : constant.DType == DType.Int64 ? constant.Span<long>().ToArray() : null;
}
