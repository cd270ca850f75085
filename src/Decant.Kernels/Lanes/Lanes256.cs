using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Decant.Kernels.Elementwise;

namespace Decant.Kernels.Lanes;

/// <summary>One <see cref="Vector256{T}"/> as lanes.</summary>
public readonly unsafe struct Lanes256<T>(Vector256<T> value) : ILanes<Lanes256<T>, T>
    where T : unmanaged
{
    private readonly Vector256<T> v = value;

    public static int Count => Vector256<T>.Count;

    public static bool ScaleSaturates => false;

    internal Vector256<T> Register
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => v;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Load(T* p) => new(Vector256.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Create(T value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Constant(double value)
    {
        if (typeof(T) == typeof(float))
            return new(Vector256.Create((float)value).As<float, T>());
        if (typeof(T) == typeof(double))
            return new(Vector256.Create(value).As<double, T>());
        if (typeof(T) == typeof(int))
            return new(Vector256.Create((int)value).As<int, T>());
        if (typeof(T) == typeof(long))
            return new(Vector256.Create((long)value).As<long, T>());
        if (typeof(T) == typeof(byte))
            return new(Vector256.Create((byte)value).As<byte, T>());
        if (typeof(T) == typeof(sbyte))
            return new(Vector256.Create((sbyte)value).As<sbyte, T>());
        if (typeof(T) == typeof(short))
            return new(Vector256.Create((short)value).As<short, T>());
        if (typeof(T) == typeof(ushort))
            return new(Vector256.Create((ushort)value).As<ushort, T>());
        if (typeof(T) == typeof(uint))
            return new(Vector256.Create((uint)value).As<uint, T>());
        return new(Vector256.Create((ulong)value).As<ulong, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(T* p) => v.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T ToScalar() => v.ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator +(Lanes256<T> a, Lanes256<T> b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator -(Lanes256<T> a, Lanes256<T> b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator *(Lanes256<T> a, Lanes256<T> b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator /(Lanes256<T> a, Lanes256<T> b) => new(a.v / b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator &(Lanes256<T> a, Lanes256<T> b) => new(a.v & b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator |(Lanes256<T> a, Lanes256<T> b) => new(a.v | b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator ^(Lanes256<T> a, Lanes256<T> b) => new(a.v ^ b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator ~(Lanes256<T> a) => new(~a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator -(Lanes256<T> a) => new(-a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Sqrt(Lanes256<T> a) => new(Vector256.Sqrt(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> ReciprocalSqrt(Lanes256<T> a) => Constant(1) / Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Abs(Lanes256<T> a) => new(Vector256.Abs(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Min(Lanes256<T> a, Lanes256<T> b) => new(Vector256.Min(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Max(Lanes256<T> a, Lanes256<T> b) => new(Vector256.Max(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Equal(Lanes256<T> a, Lanes256<T> b) => new(Vector256.Equals(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Less(Lanes256<T> a, Lanes256<T> b) => new(Vector256.LessThan(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool LessAny(Lanes256<T> a, Lanes256<T> b) => Vector256.LessThanAny(a.v, b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> LessOrEqual(Lanes256<T> a, Lanes256<T> b) => new(Vector256.LessThanOrEqual(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Select(Lanes256<T> mask, Lanes256<T> whenTrue, Lanes256<T> whenFalse) => new(Vector256.ConditionalSelect(mask.v, whenTrue.v, whenFalse.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Blend(Lanes256<T> mask, Lanes256<T> whenTrue, Lanes256<T> whenFalse) => Avx2.IsSupported ? new(Avx2.BlendVariable(whenFalse.v.AsByte(), whenTrue.v.AsByte(), mask.v.AsByte()).As<byte, T>()) : Select(mask, whenTrue, whenFalse);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> AndNot(Lanes256<T> a, Lanes256<T> b) => new(Vector256.AndNot(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bits(Lanes256<T> mask) => mask.v.ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lanes256<T> mask) => Bits(mask) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes256<T> a) => Vector256.Sum(a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TOp>(Lanes256<T> a, TOp op)
        where TOp : struct, IBinaryOperator<T> => Lanes128<T>.Fold(op.Invoke(new Lanes128<T>(a.v.GetLower()), new Lanes128<T>(a.v.GetUpper())), op);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LargestNumber(Lanes256<T> a) => Lanes128<T>.LargestNumber(new(Vector128.MaxNative(a.v.GetLower(), a.v.GetUpper())));

    // Assigned in place: through a result the JIT copies each sum, and loads operands that the instruction reads from memory.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref Lanes256<T> sum, Lanes256<T> a, Lanes256<T> b)
    {
        if (typeof(T) == typeof(float))
            Unsafe.AsRef(in sum.v) = Vector256.FusedMultiplyAdd(a.v.AsSingle(), b.v.AsSingle(), sum.v.AsSingle()).As<float, T>();
        else
            Unsafe.AsRef(in sum.v) = Vector256.FusedMultiplyAdd(a.v.AsDouble(), b.v.AsDouble(), sum.v.AsDouble()).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Fma(Lanes256<T> a, Lanes256<T> b, Lanes256<T> c) => typeof(T) == typeof(float)
        ? new(Vector256.FusedMultiplyAdd(a.v.AsSingle(), b.v.AsSingle(), c.v.AsSingle()).As<float, T>())
        : new(Vector256.FusedMultiplyAdd(a.v.AsDouble(), b.v.AsDouble(), c.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Floor(Lanes256<T> a) => typeof(T) == typeof(float)
        ? new(Vector256.Floor(a.v.AsSingle()).As<float, T>())
        : new(Vector256.Floor(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Ceiling(Lanes256<T> a) => typeof(T) == typeof(float)
        ? new(Vector256.Ceiling(a.v.AsSingle()).As<float, T>())
        : new(Vector256.Ceiling(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Truncate(Lanes256<T> a) => typeof(T) == typeof(float)
        ? new(Vector256.Truncate(a.v.AsSingle()).As<float, T>())
        : new(Vector256.Truncate(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Round(Lanes256<T> a) => typeof(T) == typeof(float)
        ? new(Vector256.Round(a.v.AsSingle()).As<float, T>())
        : new(Vector256.Round(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> MinOrSecond(Lanes256<T> a, Lanes256<T> b) => new(Vector256.MinNative(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> MaxOrSecond(Lanes256<T> a, Lanes256<T> b) => new(Vector256.MaxNative(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Scale(Lanes256<T> a, Lanes256<T> n)
    {
        Vector256<int> exponent = Vector256.ConvertToInt32Native(n.v.AsSingle());
        Vector256<int> half = exponent >> 1;
        Vector256<float> first = ((half + Vector256.Create(127)) << 23).AsSingle();
        Vector256<float> second = ((exponent - half + Vector256.Create(127)) << 23).AsSingle();
        return new((a.v.AsSingle() * first * second).As<float, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Significand(Lanes256<T> a) => FloatParts.Significand<Lanes256<T>, T>(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Exponent(Lanes256<T> a) => FloatParts.Exponent<Lanes256<T>, T>(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> ToInt32Bits(Lanes256<T> a) => new(Vector256.ConvertToInt32Native(a.v.AsSingle()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> FromInt32Bits(Lanes256<T> a) => new(Vector256.ConvertToSingle(a.v.AsInt32()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> AddInt32(Lanes256<T> a, Lanes256<T> b) => new((a.v.AsInt32() + b.v.AsInt32()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Int32(int value) => new(Vector256.Create(value).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> ShiftLeft32(Lanes256<T> a, int bits) => new((a.v.AsInt32() << bits).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> ShiftRight32(Lanes256<T> a, int bits) => new((a.v.AsInt32() >> bits).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> LoadUInt16(ushort* p) => new(Vector256.WidenLower(Vector128.Load(p).ToVector256Unsafe()).As<uint, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreInt64(long* p)
    {
        Vector256.WidenLower(v.AsInt32()).Store(p);
        Vector256.WidenUpper(v.AsInt32()).Store(p + (Count / 2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreUInt16(ushort* p)
    {
        if (Sse41.IsSupported)
            Sse41.PackUnsignedSaturate(v.GetLower().AsInt32(), v.GetUpper().AsInt32()).Store(p);
        else
            Vector128.Narrow(v.GetLower().AsUInt32(), v.GetUpper().AsUInt32()).Store(p);
    }
}
