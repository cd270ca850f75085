namespace Decant.Ops.Arrays;

/// <summary>What is added before and after each dimension.</summary>
/// <param name="Output">The shape with what is added.</param>
/// <param name="Sizes">The dimensions without it.</param>
/// <param name="Before">The elements before each dimension.</param>
/// <param name="After">The elements after each dimension.</param>
internal sealed record PadLayout(Shape Output, long[] Sizes, long[] Before, long[] After)
{
    /// <summary>The elements of the input in the output.</summary>
    public Window Box { get; } = new(Sizes, Axes.Strides(Sizes), Axes.Strides(Output.Dims));

    /// <summary>The first of them in the output.</summary>
    public int Start { get; } = First(Before, Axes.Strides(Output.Dims));

    /// <summary>Whether nothing is added.</summary>
    public bool IsInput { get; } = Output == new Shape(Sizes);

    private static int First(long[] before, int[] steps)
    {
        int start = 0;
        for (int i = 0; i < steps.Length; i++)
            start += (int)before[i] * steps[i];
        return start;
    }
}
