using Decant.Kernels.Elementwise;

namespace Decant.Kernels.Lanes;

/// <summary>
/// A SIMD register of <typeparamref name="T"/>, so that one generic source serves every width; the JIT specialises
/// each struct. Operations are lane by lane and give the same bits at every width.
/// </summary>
public unsafe interface ILanes<TSelf, T>
    where TSelf : struct, ILanes<TSelf, T>
    where T : unmanaged
{
    static abstract int Count { get; }

    static abstract TSelf Load(T* p);

    static abstract TSelf Create(T value);

    /// <summary>The constant in the lane's type; folded by the JIT.</summary>
    static abstract TSelf Constant(double value);

    void Store(T* p);

    T ToScalar();

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    static abstract TSelf operator &(TSelf a, TSelf b);

    static abstract TSelf operator |(TSelf a, TSelf b);

    static abstract TSelf operator ^(TSelf a, TSelf b);

    static abstract TSelf operator ~(TSelf a);

    static abstract TSelf operator -(TSelf a);

    static abstract TSelf Sqrt(TSelf a);

    /// <summary>1/√a, both steps rounded; float32 and float64 only.</summary>
    static abstract TSelf ReciprocalSqrt(TSelf a);

    static abstract TSelf Abs(TSelf a);

    /// <summary>IEEE 754-2019 minimum: NaN propagates, -0 below +0.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>IEEE 754-2019 maximum: NaN propagates, +0 above -0.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>All bits set where equal.</summary>
    static abstract TSelf Equal(TSelf a, TSelf b);

    static abstract TSelf Less(TSelf a, TSelf b);

    /// <summary>Whether a &lt; b in any lane.</summary>
    static abstract bool LessAny(TSelf a, TSelf b);

    static abstract TSelf LessOrEqual(TSelf a, TSelf b);

    static abstract TSelf Select(TSelf mask, TSelf whenTrue, TSelf whenFalse);

    /// <summary><see cref="Select"/> by masks whose lanes are all bits or none, in one instruction where there is one.</summary>
    static abstract TSelf Blend(TSelf mask, TSelf whenTrue, TSelf whenFalse);

    /// <summary>a &amp; ~b.</summary>
    static abstract TSelf AndNot(TSelf a, TSelf b);

    /// <summary>The top bit of each lane, lane 0 in bit 0.</summary>
    static abstract ulong Bits(TSelf mask);

    /// <summary>Whether the top bit of any lane is set.</summary>
    static abstract bool Any(TSelf mask);

    static abstract T Sum(TSelf a);

    /// <summary>The operator over all lanes: halves with halves, down to one lane.</summary>
    static abstract T Fold<TOp>(TSelf a, TOp op)
        where TOp : struct, IBinaryOperator<T>;

    /// <summary>The largest lane, float32 only; which of a NaN and a number it is depends on their places.</summary>
    static abstract T LargestNumber(TSelf a);

    /// <summary>sum + a·b in its place, with one rounding; float32 and float64 only.</summary>
    static abstract void AddProduct(ref TSelf sum, TSelf a, TSelf b);

    /// <summary>a·b + c with one rounding; float32 and float64 only.</summary>
    static abstract TSelf Fma(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Floor(TSelf a);

    static abstract TSelf Ceiling(TSelf a);

    static abstract TSelf Truncate(TSelf a);

    /// <summary>To the nearest integer, ties to even.</summary>
    static abstract TSelf Round(TSelf a);

    /// <summary>The smaller by one instruction; where <paramref name="b"/> is NaN the result is NaN.</summary>
    static abstract TSelf MinOrSecond(TSelf a, TSelf b);

    /// <summary>The larger by one instruction; where <paramref name="b"/> is NaN the result is NaN.</summary>
    static abstract TSelf MaxOrSecond(TSelf a, TSelf b);

    /// <summary>a · 2^n rounded once, for float32 a in [1/4, 4) and integral n in [-250, 250].</summary>
    static abstract TSelf Scale(TSelf a, TSelf n);

    /// <summary>Whether <see cref="Scale"/> takes every n from -250 up, and +inf, which with any a above 0 or NaN gives +inf.</summary>
    static abstract bool ScaleSaturates { get; }

    /// <summary>m in [3/4, 3/2) of a = m · 2^k, float32 only; finite for zeros, 1 for infinity, NaN for NaN and below zero.</summary>
    static abstract TSelf Significand(TSelf a);

    /// <summary>k of a = m · 2^k, m as <see cref="Significand"/> has it; -inf for zeros, +inf for infinity.</summary>
    static abstract TSelf Exponent(TSelf a);

    /// <summary>float32 lanes to int32 lanes, held in the same type; in-range values only.</summary>
    static abstract TSelf ToInt32Bits(TSelf a);

    /// <summary>int32 lanes, held in the same type, to float32 lanes.</summary>
    static abstract TSelf FromInt32Bits(TSelf a);

    static abstract TSelf AddInt32(TSelf a, TSelf b);

    static abstract TSelf Int32(int value);

    static abstract TSelf ShiftLeft32(TSelf a, int bits);

    static abstract TSelf ShiftRight32(TSelf a, int bits);

    /// <summary>16-bit integers without sign as int32 lanes, for 32-bit types only.</summary>
    static abstract TSelf LoadUInt16(ushort* p);

    /// <summary>Stores int32 lanes as 64-bit integers, for 32-bit types only.</summary>
    void StoreInt64(long* p);

    /// <summary>Stores int32 lanes from 0 to 65535 as 16-bit integers, for 32-bit types only.</summary>
    void StoreUInt16(ushort* p);
}
