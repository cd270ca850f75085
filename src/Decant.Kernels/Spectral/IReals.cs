namespace Decant.Kernels.Spectral;

/// <summary>
/// Neighbouring float64 numbers, one to a lane, as many as a register holds: a single number is the scalar form of the same code. Arithmetic gives
/// the same bits at every width.
/// </summary>
internal unsafe interface IReals<TSelf>
    where TSelf : unmanaged, IReals<TSelf>
{
    static abstract int Count { get; }

    static abstract TSelf Create(double value);

    /// <summary>Reads float32 or float64 numbers.</summary>
    static abstract TSelf Load<T>(T* p)
        where T : unmanaged;

    /// <summary>Writes float32 or float64 numbers.</summary>
    void Store<T>(T* p)
        where T : unmanaged;

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a);

    /// <summary>a·b + c, rounded once where the processor multiplies and adds in one instruction.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Sqrt(TSelf a);

    /// <summary>The last lane first.</summary>
    static abstract TSelf Reverse(TSelf a);

    /// <summary>Of the pairs that lie in <paramref name="a"/> and on in <paramref name="b"/>, the first and the second halves.</summary>
    static abstract (TSelf First, TSelf Second) Unzip(TSelf a, TSelf b);

    /// <summary>What <see cref="Unzip"/> reads.</summary>
    static abstract (TSelf Low, TSelf High) Zip(TSelf first, TSelf second);

    /// <summary>The four columns of as many rows of four as there are lanes.</summary>
    static abstract (TSelf First, TSelf Second, TSelf Third, TSelf Fourth) Columns(double* p);
}
