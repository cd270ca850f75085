namespace Decant.Kernels.Peak;

/// <summary>An instruction whose peak is measured.</summary>
internal interface IPeakStep<V>
    where V : unmanaged
{
    /// <summary>The instruction, whose result is its own next input.</summary>
    static abstract V Step(V sum, V a, V b);

    static abstract V Add(V x, V y);
}
