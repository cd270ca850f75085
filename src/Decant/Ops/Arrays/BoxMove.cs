namespace Decant.Ops.Arrays;

/// <summary>A move of a box of elements, derived from shapes: what it gives, and where it reads and writes.</summary>
/// <param name="Output">The shape of the output.</param>
/// <param name="Box">The elements that are copied.</param>
/// <param name="SourceStart">The first of them in the input.</param>
/// <param name="TargetStart">The first of them in the output.</param>
/// <param name="IsInput">Whether the output is the input in this shape, and nothing is copied.</param>
internal sealed record BoxMove(Shape Output, Window Box, int SourceStart, int TargetStart, bool IsInput)
{
    /// <summary>The input in another shape.</summary>
    public static BoxMove View(Shape shape) => new(shape, default, 0, 0, true);
}
