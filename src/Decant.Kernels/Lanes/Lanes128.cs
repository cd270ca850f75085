using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Decant.Kernels.Elementwise;

namespace Decant.Kernels.Lanes;

/// <summary>One <see cref="Vector128{T}"/> as lanes.</summary>
public readonly unsafe struct Lanes128<T>(Vector128<T> value) : ILanes<Lanes128<T>, T>
    where T : unmanaged
{
    private readonly Vector128<T> v = value;

    public static int Count => Vector128<T>.Count;

    public static bool ScaleSaturates => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Load(T* p) => new(Vector128.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Create(T value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Constant(double value)
    {
        if (typeof(T) == typeof(float))
            return new(Vector128.Create((float)value).As<float, T>());
        if (typeof(T) == typeof(double))
            return new(Vector128.Create(value).As<double, T>());
        if (typeof(T) == typeof(int))
            return new(Vector128.Create((int)value).As<int, T>());
        if (typeof(T) == typeof(long))
            return new(Vector128.Create((long)value).As<long, T>());
        if (typeof(T) == typeof(byte))
            return new(Vector128.Create((byte)value).As<byte, T>());
        if (typeof(T) == typeof(sbyte))
            return new(Vector128.Create((sbyte)value).As<sbyte, T>());
        if (typeof(T) == typeof(short))
            return new(Vector128.Create((short)value).As<short, T>());
        if (typeof(T) == typeof(ushort))
            return new(Vector128.Create((ushort)value).As<ushort, T>());
        if (typeof(T) == typeof(uint))
            return new(Vector128.Create((uint)value).As<uint, T>());
        return new(Vector128.Create((ulong)value).As<ulong, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(T* p) => v.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T ToScalar() => v.ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator +(Lanes128<T> a, Lanes128<T> b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator -(Lanes128<T> a, Lanes128<T> b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator *(Lanes128<T> a, Lanes128<T> b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator /(Lanes128<T> a, Lanes128<T> b) => new(a.v / b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator &(Lanes128<T> a, Lanes128<T> b) => new(a.v & b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator |(Lanes128<T> a, Lanes128<T> b) => new(a.v | b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator ^(Lanes128<T> a, Lanes128<T> b) => new(a.v ^ b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator ~(Lanes128<T> a) => new(~a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator -(Lanes128<T> a) => new(-a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Sqrt(Lanes128<T> a) => new(Vector128.Sqrt(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> ReciprocalSqrt(Lanes128<T> a) => Constant(1) / Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Abs(Lanes128<T> a) => new(Vector128.Abs(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Min(Lanes128<T> a, Lanes128<T> b) => new(Vector128.Min(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Max(Lanes128<T> a, Lanes128<T> b) => new(Vector128.Max(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Equal(Lanes128<T> a, Lanes128<T> b) => new(Vector128.Equals(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Less(Lanes128<T> a, Lanes128<T> b) => new(Vector128.LessThan(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool LessAny(Lanes128<T> a, Lanes128<T> b) => Vector128.LessThanAny(a.v, b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> LessOrEqual(Lanes128<T> a, Lanes128<T> b) => new(Vector128.LessThanOrEqual(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Select(Lanes128<T> mask, Lanes128<T> whenTrue, Lanes128<T> whenFalse) => new(Vector128.ConditionalSelect(mask.v, whenTrue.v, whenFalse.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Blend(Lanes128<T> mask, Lanes128<T> whenTrue, Lanes128<T> whenFalse) => Sse41.IsSupported ? new(Sse41.BlendVariable(whenFalse.v.AsByte(), whenTrue.v.AsByte(), mask.v.AsByte()).As<byte, T>()) : Select(mask, whenTrue, whenFalse);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> AndNot(Lanes128<T> a, Lanes128<T> b) => new(Vector128.AndNot(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bits(Lanes128<T> mask) => mask.v.ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lanes128<T> mask) => Bits(mask) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes128<T> a) => Vector128.Sum(a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TOp>(Lanes128<T> a, TOp op)
        where TOp : struct, IBinaryOperator<T>
    {
        if (sizeof(T) == 4)
        {
            a = op.Invoke(a, new Lanes128<T>(Vector128.Shuffle(a.v.AsInt32(), Vector128.Create(2, 3, 0, 1)).As<int, T>()));
            return op.Invoke(a, new Lanes128<T>(Vector128.Shuffle(a.v.AsInt32(), Vector128.Create(1, 0, 3, 2)).As<int, T>())).ToScalar();
        }

        if (sizeof(T) == 8)
            return op.Invoke(a, new Lanes128<T>(Vector128.Shuffle(a.v.AsInt64(), Vector128.Create(1L, 0)).As<long, T>())).ToScalar();
        T result = a.v[0];
        for (int i = 1; i < Count; i++)
            result = op.Invoke(result, a.v[i]);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LargestNumber(Lanes128<T> a)
    {
        Vector128<float> pairs = Vector128.MaxNative(a.v.AsSingle(), Vector128.Shuffle(a.v.AsSingle(), Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(pairs, Vector128.Shuffle(pairs, Vector128.Create(1, 0, 3, 2))).As<float, T>().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref Lanes128<T> sum, Lanes128<T> a, Lanes128<T> b) => sum = Fma(a, b, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Fma(Lanes128<T> a, Lanes128<T> b, Lanes128<T> c) => typeof(T) == typeof(float)
        ? new(Vector128.FusedMultiplyAdd(a.v.AsSingle(), b.v.AsSingle(), c.v.AsSingle()).As<float, T>())
        : new(Vector128.FusedMultiplyAdd(a.v.AsDouble(), b.v.AsDouble(), c.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Floor(Lanes128<T> a) => typeof(T) == typeof(float)
        ? new(Vector128.Floor(a.v.AsSingle()).As<float, T>())
        : new(Vector128.Floor(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Ceiling(Lanes128<T> a) => typeof(T) == typeof(float)
        ? new(Vector128.Ceiling(a.v.AsSingle()).As<float, T>())
        : new(Vector128.Ceiling(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Truncate(Lanes128<T> a) => typeof(T) == typeof(float)
        ? new(Vector128.Truncate(a.v.AsSingle()).As<float, T>())
        : new(Vector128.Truncate(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Round(Lanes128<T> a) => typeof(T) == typeof(float)
        ? new(Vector128.Round(a.v.AsSingle()).As<float, T>())
        : new(Vector128.Round(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> MinOrSecond(Lanes128<T> a, Lanes128<T> b) => new(Vector128.MinNative(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> MaxOrSecond(Lanes128<T> a, Lanes128<T> b) => new(Vector128.MaxNative(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Scale(Lanes128<T> a, Lanes128<T> n)
    {
        Vector128<int> exponent = Vector128.ConvertToInt32Native(n.v.AsSingle());
        Vector128<int> half = exponent >> 1;
        Vector128<float> first = ((half + Vector128.Create(127)) << 23).AsSingle();
        Vector128<float> second = ((exponent - half + Vector128.Create(127)) << 23).AsSingle();
        return new((a.v.AsSingle() * first * second).As<float, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Significand(Lanes128<T> a) => FloatParts.Significand<Lanes128<T>, T>(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Exponent(Lanes128<T> a) => FloatParts.Exponent<Lanes128<T>, T>(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> ToInt32Bits(Lanes128<T> a) => new(Vector128.ConvertToInt32Native(a.v.AsSingle()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> FromInt32Bits(Lanes128<T> a) => new(Vector128.ConvertToSingle(a.v.AsInt32()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> AddInt32(Lanes128<T> a, Lanes128<T> b) => new((a.v.AsInt32() + b.v.AsInt32()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Int32(int value) => new(Vector128.Create(value).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> ShiftLeft32(Lanes128<T> a, int bits) => new((a.v.AsInt32() << bits).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> ShiftRight32(Lanes128<T> a, int bits) => new((a.v.AsInt32() >> bits).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> LoadUInt16(ushort* p) => new(Vector128.WidenLower(Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(p)).AsUInt16()).As<uint, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreInt64(long* p)
    {
        Vector128.WidenLower(v.AsInt32()).Store(p);
        Vector128.WidenUpper(v.AsInt32()).Store(p + (Count / 2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreUInt16(ushort* p) => Unsafe.WriteUnaligned(p, Vector128.Narrow(v.AsUInt32(), v.AsUInt32()).AsUInt64().ToScalar());
}
