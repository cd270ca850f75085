namespace Decant.Ops;

/// <summary>Arithmetic of counts that stops at the largest number: the shapes in a file can be anything.</summary>
internal static class Saturating
{
    /// <summary>The sum of two counts.</summary>
    public static long Add(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    /// <summary>The product of two counts.</summary>
    public static long Multiply(long a, long b) => Math.BigMul(a, b, out long low) != 0 || low < 0 ? long.MaxValue : low;
}
