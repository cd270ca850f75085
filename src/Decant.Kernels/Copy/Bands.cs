namespace Decant.Kernels.Copy;

/// <summary>How a transposed plane is cut for the threads: into bands of <paramref name="Size"/> rows, or of columns, of the target.</summary>
internal readonly record struct Bands(int Count, int Size, bool OfRows)
{
    /// <summary>Lines of the target that are written in turn: where they lie a power of two apart they share a set of the first cache.</summary>
    private static readonly int BandSize = Tile64.IsSupported ? Tile64.Size : 32;

    /// <summary>What a band holds at least.</summary>
    private const int BandElements = 8192;

    public static Bands Of(long rows, int columns, bool transposes)
    {
        long longer = Math.Max(rows, columns);
        int size = (int)Math.Max(BandSize, BandElements / Math.Max(1, Math.Min(rows, columns)) / BandSize * BandSize);
        return transposes ? new(checked((int)((longer + size - 1) / size)), size, rows >= columns) : new(1, 0, true);
    }

    /// <summary>The first row of a band and how many there are.</summary>
    public (int First, int Count) Rows(int band, int rows) => OfRows ? Cut(band, rows) : (0, rows);

    /// <summary>The first column of a band and how many there are.</summary>
    public (int First, int Count) Columns(int band, int columns) => OfRows ? (0, columns) : Cut(band, columns);

    private (int First, int Count) Cut(int band, int all) => (band * Size, Math.Min(Size, all - (band * Size)));
}
