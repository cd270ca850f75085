namespace Decant.Kernels.Quantized;

/// <summary>A register of 32-bit integers, with what fixed-point arithmetic needs of it.</summary>
internal unsafe interface IIntegerLanes<V>
    where V : unmanaged
{
    static abstract V Create(int value);

    /// <summary>A byte everywhere.</summary>
    static abstract V CreateBytes(int value);

    static abstract V Add(V a, V b);

    static abstract V Subtract(V a, V b);

    static abstract V And(V a, V b);

    static abstract V Min(V a, V b);

    static abstract V Max(V a, V b);

    /// <summary>The low 32 bits of the products.</summary>
    static abstract V Multiply(V a, V b);

    /// <summary>Shifts each lane to the left by its own number of bits, 0 to 31.</summary>
    static abstract V ShiftLeft(V a, V bits);

    /// <summary>Shifts each lane to the right with its sign by its own number of bits, 0 to 31.</summary>
    static abstract V ShiftRight(V a, V bits);

    /// <summary>-1 where negative, else 0.</summary>
    static abstract V Sign(V a);

    /// <summary>The odd lanes in the place of the even ones, for <see cref="Rescale"/>.</summary>
    static abstract V Odd(V a);

    /// <summary>An addend for <see cref="Rescale"/>, of even or of odd lanes.</summary>
    static abstract V Addend(V offset, bool isOdd);

    /// <summary>
    /// ((a · factor + 2^30) >> 31) + offset where that fits in 32 bits: <see cref="FixedPoint.HighProduct(int, int)"/> but for the one product
    /// that saturates. The odd lanes of the factor, and the addends of the offset, are made once.
    /// </summary>
    static abstract V Rescale(V a, V factor, V oddFactor, V addend, V oddAddend);

    /// <summary>Widens bytes.</summary>
    static abstract V LoadBytes(byte* from, bool isSigned);

    /// <summary>Widens 16-bit integers.</summary>
    static abstract V LoadShorts(short* from);

    /// <summary>Stores the low byte of each lane.</summary>
    static abstract void StoreBytes(V a, byte* to);

    /// <summary>Stores the low 16 bits of each lane.</summary>
    static abstract void StoreShorts(V a, short* to);

    /// <summary>Stores four registers as a row of bytes each, cut to a range of bytes, which are signed or not.</summary>
    static abstract void StoreRows(V a, V b, V c, V d, V low, V high, bool isSigned, byte* to, nint stride);
}
