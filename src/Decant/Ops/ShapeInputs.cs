namespace Decant.Ops;

/// <summary>Inputs that give the sizes of a result.</summary>
internal static class ShapeInputs
{
    /// <summary>An integer vector input as a shape.</summary>
    /// <exception cref="ModelException">A size is negative.</exception>
    public static Shape Sizes(this KernelContext context, int index)
    {
        long[] sizes = context.Ints(index);
        return Array.TrueForAll(sizes, s => s >= 0) ? new Shape(sizes)
            : throw context.Fail($"input {index} is [{string.Join(',', sizes)}], expected sizes that are not negative");
    }

    /// <summary>As <see cref="Sizes"/>, of a small index; derived once for the same sizes, by kernels that derive nothing else.</summary>
    public static Shape DerivedSizes(this KernelContext context, int index) =>
        context.Derived(index, static (input, c) => new DerivedShape(c.Sizes(input)), values: 1u << index).Shape;
}

/// <summary>A shape that a kernel derived.</summary>
internal sealed record DerivedShape(Shape Shape);
