namespace Decant.Kernels.Spectral;

/// <summary>Complex lines that lie one behind the other.</summary>
internal readonly unsafe struct ComplexRows<TIn, TOut>(TIn* x, TOut* y, FourierTransform transform, bool inverse) : ILines
    where TIn : unmanaged
    where TOut : unmanaged
{
    public void Run<V>(int start, int end)
        where V : unmanaged, IReals<V>
    {
        nint length = transform.Length;
        double scale = inverse ? 1.0 / length : 1;
        using var memory = new LineMemory(transform.Room);
        for (int line = start; line < end; line++)
        {
            (Planes data, Planes work) = (memory.Data, memory.Work);
            LineCopy.LoadPairs<V, TIn>(x + (2 * line * length), length, inverse ? data.Swapped : data, length);
            transform.Run(ref data, ref work, 1, V.Count);
            LineCopy.StorePairs<V, TOut>(inverse ? data.Swapped : data, y + (2 * line * length), length, scale);
        }
    }
}

/// <summary>
/// The columns of a complex matrix, eight at a time: a cache line of float32, and whole registers. What is left of them is a narrower group; those so long
/// that eight would take very much memory go one by one.
/// </summary>
internal readonly unsafe struct ComplexColumns<TIn, TOut>(TIn* x, nint xStep, int rows, TOut* y, nint yStep, int columns, FourierTransform transform, bool inverse) : ILines
    where TIn : unmanaged
    where TOut : unmanaged
{
    private const int LongestSideBySide = 1 << 16;

    private int Width => transform.Room <= LongestSideBySide ? 8 : 1;

    public int Groups => (columns + Width - 1) / Width;

    public void Run<V>(int start, int end)
        where V : unmanaged, IReals<V>
    {
        nint length = transform.Length;
        double scale = inverse ? 1.0 / length : 1;
        using var memory = new LineMemory((long)transform.Room * Width);
        for (int group = start; group < end; group++)
        {
            nint first = (nint)group * Width;
            int width = (int)Math.Min(Width, columns - first);
            (Planes data, Planes work) = (memory.Data, memory.Work);
            Planes loaded = inverse ? data.Swapped : data;
            for (nint i = 0; i < rows; i++)
                LineCopy.LoadPairs<V, TIn>(x + (2 * ((i * xStep) + first)), width, new(loaded.Re + (i * width), loaded.Im + (i * width)), width);
            LineCopy.Clear(data.Re + ((nint)rows * width), (length - rows) * width);
            LineCopy.Clear(data.Im + ((nint)rows * width), (length - rows) * width);
            transform.Run(ref data, ref work, width, V.Count);
            Planes stored = inverse ? data.Swapped : data;
            for (nint i = 0; i < length; i++)
                LineCopy.StorePairs<V, TOut>(new(stored.Re + (i * width), stored.Im + (i * width)), y + (2 * ((i * yStep) + first)), width, scale);
        }
    }
}
