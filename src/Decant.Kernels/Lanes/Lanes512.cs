using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Decant.Kernels.Elementwise;

namespace Decant.Kernels.Lanes;

/// <summary>One <see cref="Vector512{T}"/> as lanes.</summary>
public readonly unsafe struct Lanes512<T>(Vector512<T> value) : ILanes<Lanes512<T>, T>
    where T : unmanaged
{
    private readonly Vector512<T> v = value;

    public static int Count => Vector512<T>.Count;

    public static bool ScaleSaturates => Avx512F.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Load(T* p) => new(Vector512.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Create(T value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Constant(double value)
    {
        if (typeof(T) == typeof(float))
            return new(Vector512.Create((float)value).As<float, T>());
        if (typeof(T) == typeof(double))
            return new(Vector512.Create(value).As<double, T>());
        if (typeof(T) == typeof(int))
            return new(Vector512.Create((int)value).As<int, T>());
        if (typeof(T) == typeof(long))
            return new(Vector512.Create((long)value).As<long, T>());
        if (typeof(T) == typeof(byte))
            return new(Vector512.Create((byte)value).As<byte, T>());
        if (typeof(T) == typeof(sbyte))
            return new(Vector512.Create((sbyte)value).As<sbyte, T>());
        if (typeof(T) == typeof(short))
            return new(Vector512.Create((short)value).As<short, T>());
        if (typeof(T) == typeof(ushort))
            return new(Vector512.Create((ushort)value).As<ushort, T>());
        if (typeof(T) == typeof(uint))
            return new(Vector512.Create((uint)value).As<uint, T>());
        return new(Vector512.Create((ulong)value).As<ulong, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(T* p) => v.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T ToScalar() => v.ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator +(Lanes512<T> a, Lanes512<T> b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator -(Lanes512<T> a, Lanes512<T> b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator *(Lanes512<T> a, Lanes512<T> b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator /(Lanes512<T> a, Lanes512<T> b) => new(a.v / b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator &(Lanes512<T> a, Lanes512<T> b) => new(a.v & b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator |(Lanes512<T> a, Lanes512<T> b) => new(a.v | b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator ^(Lanes512<T> a, Lanes512<T> b) => new(a.v ^ b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator ~(Lanes512<T> a) => new(~a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator -(Lanes512<T> a) => new(-a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Sqrt(Lanes512<T> a) => new(Vector512.Sqrt(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> ReciprocalSqrt(Lanes512<T> a) => Avx512F.IsSupported && typeof(T) == typeof(float)
        ? new(RoundedRoots.Reciprocal(a.v.AsSingle()).As<float, T>())
        : Constant(1) / Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Abs(Lanes512<T> a) => new(Vector512.Abs(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Min(Lanes512<T> a, Lanes512<T> b) => new(Vector512.Min(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Max(Lanes512<T> a, Lanes512<T> b) => new(Vector512.Max(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Equal(Lanes512<T> a, Lanes512<T> b) => new(Vector512.Equals(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Less(Lanes512<T> a, Lanes512<T> b) => new(Vector512.LessThan(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool LessAny(Lanes512<T> a, Lanes512<T> b) => Vector512.LessThanAny(a.v, b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> LessOrEqual(Lanes512<T> a, Lanes512<T> b) => new(Vector512.LessThanOrEqual(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Select(Lanes512<T> mask, Lanes512<T> whenTrue, Lanes512<T> whenFalse) => new(Vector512.ConditionalSelect(mask.v, whenTrue.v, whenFalse.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Blend(Lanes512<T> mask, Lanes512<T> whenTrue, Lanes512<T> whenFalse) => Select(mask, whenTrue, whenFalse);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> AndNot(Lanes512<T> a, Lanes512<T> b) => new(Vector512.AndNot(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bits(Lanes512<T> mask) => mask.v.ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lanes512<T> mask) => Bits(mask) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes512<T> a) => Vector512.Sum(a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TOp>(Lanes512<T> a, TOp op)
        where TOp : struct, IBinaryOperator<T> => Lanes256<T>.Fold(op.Invoke(new Lanes256<T>(a.v.GetLower()), new Lanes256<T>(a.v.GetUpper())), op);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LargestNumber(Lanes512<T> a) => Lanes256<T>.LargestNumber(new(Vector256.MaxNative(a.v.GetLower(), a.v.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref Lanes512<T> sum, Lanes512<T> a, Lanes512<T> b) => sum = Fma(a, b, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Fma(Lanes512<T> a, Lanes512<T> b, Lanes512<T> c) => typeof(T) == typeof(float)
        ? new(Vector512.FusedMultiplyAdd(a.v.AsSingle(), b.v.AsSingle(), c.v.AsSingle()).As<float, T>())
        : new(Vector512.FusedMultiplyAdd(a.v.AsDouble(), b.v.AsDouble(), c.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Floor(Lanes512<T> a) => typeof(T) == typeof(float)
        ? new(Vector512.Floor(a.v.AsSingle()).As<float, T>())
        : new(Vector512.Floor(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Ceiling(Lanes512<T> a) => typeof(T) == typeof(float)
        ? new(Vector512.Ceiling(a.v.AsSingle()).As<float, T>())
        : new(Vector512.Ceiling(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Truncate(Lanes512<T> a) => typeof(T) == typeof(float)
        ? new(Vector512.Truncate(a.v.AsSingle()).As<float, T>())
        : new(Vector512.Truncate(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Round(Lanes512<T> a) => typeof(T) == typeof(float)
        ? new(Vector512.Round(a.v.AsSingle()).As<float, T>())
        : new(Vector512.Round(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> MinOrSecond(Lanes512<T> a, Lanes512<T> b) => new(Vector512.MinNative(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> MaxOrSecond(Lanes512<T> a, Lanes512<T> b) => new(Vector512.MaxNative(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Scale(Lanes512<T> a, Lanes512<T> n)
    {
        if (Avx512F.IsSupported)
            return new(Avx512F.Scale(a.v.AsSingle(), n.v.AsSingle()).As<float, T>());
        Vector512<int> exponent = Vector512.ConvertToInt32Native(n.v.AsSingle());
        Vector512<int> half = exponent >> 1;
        Vector512<float> first = ((half + Vector512.Create(127)) << 23).AsSingle();
        Vector512<float> second = ((exponent - half + Vector512.Create(127)) << 23).AsSingle();
        return new((a.v.AsSingle() * first * second).As<float, T>());
    }

    // Control 0b1011: [3/4, 3/2), NaN for negative numbers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Significand(Lanes512<T> a) => Avx512F.IsSupported
        ? new(Avx512F.GetMantissa(a.v.AsSingle(), 0b1011).As<float, T>())
        : FloatParts.Significand<Lanes512<T>, T>(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Exponent(Lanes512<T> a) => Avx512F.IsSupported
        ? new((Avx512F.GetExponent(a.v.AsSingle()) - Avx512F.GetExponent(Avx512F.GetMantissa(a.v.AsSingle(), 0b1011))).As<float, T>())
        : FloatParts.Exponent<Lanes512<T>, T>(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> ToInt32Bits(Lanes512<T> a) => new(Vector512.ConvertToInt32Native(a.v.AsSingle()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> FromInt32Bits(Lanes512<T> a) => new(Vector512.ConvertToSingle(a.v.AsInt32()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> AddInt32(Lanes512<T> a, Lanes512<T> b) => new((a.v.AsInt32() + b.v.AsInt32()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Int32(int value) => new(Vector512.Create(value).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> ShiftLeft32(Lanes512<T> a, int bits) => new((a.v.AsInt32() << bits).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> ShiftRight32(Lanes512<T> a, int bits) => new((a.v.AsInt32() >> bits).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> LoadUInt16(ushort* p) => new(Vector512.WidenLower(Vector256.Load(p).ToVector512Unsafe()).As<uint, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreInt64(long* p)
    {
        Vector512.WidenLower(v.AsInt32()).Store(p);
        Vector512.WidenUpper(v.AsInt32()).Store(p + (Count / 2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreUInt16(ushort* p) => (Avx512F.IsSupported ? Avx512F.ConvertToVector256UInt16(v.AsUInt32()) : Vector512.Narrow(v.AsUInt32(), v.AsUInt32()).GetLower()).Store(p);
}
