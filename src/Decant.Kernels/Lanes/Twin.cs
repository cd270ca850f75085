using System.Runtime.CompilerServices;
using Decant.Kernels.Elementwise;

namespace Decant.Kernels.Lanes;

/// <summary>
/// Two registers as one: each operation is done on both before the next, so that two chains of a long function are in flight
/// at once, and the JIT's budget for inlining is spent once. No more than 64 lanes.
/// </summary>
public readonly unsafe struct Twin<V, T>(V low, V high) : ILanes<Twin<V, T>, T>
    where V : struct, ILanes<V, T>
    where T : unmanaged
{
    private readonly V a = low;
    private readonly V b = high;

    public static int Count => 2 * V.Count;

    public static bool ScaleSaturates => V.ScaleSaturates;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> Load(T* p) => new(V.Load(p), V.Load(p + V.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> Create(T value) => new(V.Create(value), V.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> Constant(double value) => new(V.Constant(value), V.Constant(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(T* p)
    {
        a.Store(p);
        b.Store(p + V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T ToScalar() => a.ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> operator +(Twin<V, T> x, Twin<V, T> y) => new(x.a + y.a, x.b + y.b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> operator -(Twin<V, T> x, Twin<V, T> y) => new(x.a - y.a, x.b - y.b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> operator *(Twin<V, T> x, Twin<V, T> y) => new(x.a * y.a, x.b * y.b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> operator /(Twin<V, T> x, Twin<V, T> y) => new(x.a / y.a, x.b / y.b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> operator &(Twin<V, T> x, Twin<V, T> y) => new(x.a & y.a, x.b & y.b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> operator |(Twin<V, T> x, Twin<V, T> y) => new(x.a | y.a, x.b | y.b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> operator ^(Twin<V, T> x, Twin<V, T> y) => new(x.a ^ y.a, x.b ^ y.b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> operator ~(Twin<V, T> x) => new(~x.a, ~x.b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> operator -(Twin<V, T> x) => new(-x.a, -x.b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> Sqrt(Twin<V, T> x) => new(V.Sqrt(x.a), V.Sqrt(x.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> ReciprocalSqrt(Twin<V, T> x) => new(V.ReciprocalSqrt(x.a), V.ReciprocalSqrt(x.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> Abs(Twin<V, T> x) => new(V.Abs(x.a), V.Abs(x.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> Min(Twin<V, T> x, Twin<V, T> y) => new(V.Min(x.a, y.a), V.Min(x.b, y.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> Max(Twin<V, T> x, Twin<V, T> y) => new(V.Max(x.a, y.a), V.Max(x.b, y.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> Equal(Twin<V, T> x, Twin<V, T> y) => new(V.Equal(x.a, y.a), V.Equal(x.b, y.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> Less(Twin<V, T> x, Twin<V, T> y) => new(V.Less(x.a, y.a), V.Less(x.b, y.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool LessAny(Twin<V, T> x, Twin<V, T> y) => V.LessAny(x.a, y.a) | V.LessAny(x.b, y.b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> LessOrEqual(Twin<V, T> x, Twin<V, T> y) => new(V.LessOrEqual(x.a, y.a), V.LessOrEqual(x.b, y.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> Select(Twin<V, T> mask, Twin<V, T> whenTrue, Twin<V, T> whenFalse) => new(V.Select(mask.a, whenTrue.a, whenFalse.a), V.Select(mask.b, whenTrue.b, whenFalse.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> Blend(Twin<V, T> mask, Twin<V, T> whenTrue, Twin<V, T> whenFalse) => new(V.Blend(mask.a, whenTrue.a, whenFalse.a), V.Blend(mask.b, whenTrue.b, whenFalse.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> AndNot(Twin<V, T> x, Twin<V, T> y) => new(V.AndNot(x.a, y.a), V.AndNot(x.b, y.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bits(Twin<V, T> mask) => V.Bits(mask.a) | (V.Bits(mask.b) << V.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Twin<V, T> mask) => V.Any(mask.a | mask.b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Twin<V, T> x) => V.Sum(x.a + x.b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TOp>(Twin<V, T> x, TOp op)
        where TOp : struct, IBinaryOperator<T> => V.Fold(op.Invoke(x.a, x.b), op);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LargestNumber(Twin<V, T> x) => V.LargestNumber(V.MaxOrSecond(x.a, x.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref Twin<V, T> sum, Twin<V, T> x, Twin<V, T> y) => sum = Fma(x, y, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> Fma(Twin<V, T> x, Twin<V, T> y, Twin<V, T> z) => new(V.Fma(x.a, y.a, z.a), V.Fma(x.b, y.b, z.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> Floor(Twin<V, T> x) => new(V.Floor(x.a), V.Floor(x.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> Ceiling(Twin<V, T> x) => new(V.Ceiling(x.a), V.Ceiling(x.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> Truncate(Twin<V, T> x) => new(V.Truncate(x.a), V.Truncate(x.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> Round(Twin<V, T> x) => new(V.Round(x.a), V.Round(x.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> MinOrSecond(Twin<V, T> x, Twin<V, T> y) => new(V.MinOrSecond(x.a, y.a), V.MinOrSecond(x.b, y.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> MaxOrSecond(Twin<V, T> x, Twin<V, T> y) => new(V.MaxOrSecond(x.a, y.a), V.MaxOrSecond(x.b, y.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> Scale(Twin<V, T> x, Twin<V, T> n) => new(V.Scale(x.a, n.a), V.Scale(x.b, n.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> Significand(Twin<V, T> x) => new(V.Significand(x.a), V.Significand(x.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> Exponent(Twin<V, T> x) => new(V.Exponent(x.a), V.Exponent(x.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> ToInt32Bits(Twin<V, T> x) => new(V.ToInt32Bits(x.a), V.ToInt32Bits(x.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> FromInt32Bits(Twin<V, T> x) => new(V.FromInt32Bits(x.a), V.FromInt32Bits(x.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> AddInt32(Twin<V, T> x, Twin<V, T> y) => new(V.AddInt32(x.a, y.a), V.AddInt32(x.b, y.b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> Int32(int value) => new(V.Int32(value), V.Int32(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> ShiftLeft32(Twin<V, T> x, int bits) => new(V.ShiftLeft32(x.a, bits), V.ShiftLeft32(x.b, bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> ShiftRight32(Twin<V, T> x, int bits) => new(V.ShiftRight32(x.a, bits), V.ShiftRight32(x.b, bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twin<V, T> LoadUInt16(ushort* p) => new(V.LoadUInt16(p), V.LoadUInt16(p + V.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreInt64(long* p)
    {
        a.StoreInt64(p);
        b.StoreInt64(p + V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreUInt16(ushort* p)
    {
        a.StoreUInt16(p);
        b.StoreUInt16(p + V.Count);
    }
}
