namespace Decant.Ops.Arrays;

/// <summary>How tensors are joined: as rows of all of them, one after the other.</summary>
/// <param name="Joined">The shape of the output.</param>
/// <param name="Step">The elements of a row of the output: from the axis on.</param>
/// <param name="Runs">The elements that each input gives to a row.</param>
internal sealed record ConcatLayout(Shape Joined, int Step, int[] Runs)
{
    /// <summary>Elements of the output that are written together: a part of the L2 cache.</summary>
    private const int BlockElements = 1 << 13;

    /// <summary>Rows that are written together.</summary>
    public int BlockRows { get; } = Math.Max(1, BlockElements / Math.Max(1, Step));

    /// <summary>The inputs of the run that is under way.</summary>
    public Tensor[] Inputs { get; } = new Tensor[Runs.Length];

    /// <summary>Writes some rows of the output.</summary>
    public void Join<T>(Elements<T> elements, Span<T> output, int firstRow, int rows)
    {
        for (int i = 0, start = 0; i < Runs.Length; start += Runs[i], i++)
        {
            if (Runs[i] > 0)
                elements.Interleave(elements.Of(Inputs[i]).Slice(firstRow * Runs[i], rows * Runs[i]), output.Slice(firstRow * Step, rows * Step), Runs[i], start, Step);
        }
    }
}
