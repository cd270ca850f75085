namespace Decant.Kernels.Gemm;

/// <summary>
/// How the columns of B lie in packed form: registers of <paramref name="Lanes"/> columns, spread as evenly as can be over panels of at most
/// <paramref name="Most"/> of them. A panel is [K][its columns], the last one padded with zeros.
/// </summary>
internal readonly record struct Panels(int Columns, int Lanes, int Most)
{
    private int Registers => (int)(((long)Columns + Lanes - 1) / Lanes);

    public int Count => (Registers + Most - 1) / Most;

    /// <summary>The first column of a panel; of one beyond the last, the number of columns with padding.</summary>
    public int First(int panel) => (int)((long)Registers * panel / Count) * Lanes;

    /// <summary>Columns with padding.</summary>
    public int Width(int panel) => First(panel + 1) - First(panel);

    /// <summary>Floats that the panels of <paramref name="k"/> rows take.</summary>
    public long Floats(int k) => (long)Registers * Lanes * k;
}
