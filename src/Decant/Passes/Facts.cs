using Decant.IR;

namespace Decant.Passes;

/// <summary>What holds of a value that may be either of two.</summary>
internal static class Facts
{
    /// <summary>What both facts say.</summary>
    public static Fact Join(this Fact a, Fact b)
    {
        if (ReferenceEquals(a, b))
            return a;
        return new Fact(
            a.DType == b.DType ? a.DType : DType.Invalid, a.Shape.Join(b.Shape), ReferenceEquals(a.Constant, b.Constant) ? a.Constant : null,
            a.Quantization == b.Quantization ? a.Quantization : null, a.Handle is null || b.Handle is null ? null : a.Handle.Join(b.Handle));
    }

    /// <summary>Joins facts of values in the same places.</summary>
    public static IReadOnlyList<Fact> Join(IReadOnlyList<Fact> a, IReadOnlyList<Fact> b) => [.. a.Zip(b, Join)];

    /// <summary>Whether two facts say the same.</summary>
    public static bool SameAs(this Fact a, Fact b) =>
        ReferenceEquals(a, b) || (a.DType == b.DType && a.Shape == b.Shape && ReferenceEquals(a.Constant, b.Constant) && a.Quantization == b.Quantization
            && (a.Handle is null ? b.Handle is null : b.Handle is not null && a.Handle.SameAs(b.Handle)));

    /// <summary>Whether two lists of facts say the same.</summary>
    public static bool SameAs(this IReadOnlyList<Fact> a, IReadOnlyList<Fact> b) => a.Count == b.Count && a.Zip(b, SameAs).All(same => same);
}
