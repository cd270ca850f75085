using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Decant.Kernels.Spectral;

/// <summary>Eight numbers in a <see cref="Vector512{T}"/>; what moves lanes does so in its halves.</summary>
internal readonly unsafe struct Reals8(Vector512<double> value) : IReals<Reals8>
{
    private readonly Vector512<double> v = value;

    public static int Count => 8;

    private Reals4 Low
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(v.GetLower());
    }

    private Reals4 High
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(v.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals8 Create(double value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals8 Load<T>(T* p)
        where T : unmanaged => typeof(T) == typeof(float) ? Join(Reals4.Load(p), Reals4.Load(p + 4)) : new(Vector512.Load((double*)p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<T>(T* p)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Low.Store(p);
            High.Store(p + 4);
        }
        else
        {
            v.Store((double*)p);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals8 operator +(Reals8 a, Reals8 b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals8 operator -(Reals8 a, Reals8 b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals8 operator *(Reals8 a, Reals8 b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals8 operator -(Reals8 a) => new(-a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals8 MultiplyAdd(Reals8 a, Reals8 b, Reals8 c) => new(Vector512.MultiplyAddEstimate(a.v, b.v, c.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals8 Sqrt(Reals8 a) => new(Vector512.Sqrt(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals8 Reverse(Reals8 a) => Join(Reals4.Reverse(a.High), Reals4.Reverse(a.Low));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Reals8 First, Reals8 Second) Unzip(Reals8 a, Reals8 b)
    {
        (Reals4 first0, Reals4 second0) = Reals4.Unzip(a.Low, a.High);
        (Reals4 first1, Reals4 second1) = Reals4.Unzip(b.Low, b.High);
        return (Join(first0, first1), Join(second0, second1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Reals8 Low, Reals8 High) Zip(Reals8 first, Reals8 second)
    {
        (Reals4 a, Reals4 b) = Reals4.Zip(first.Low, second.Low);
        (Reals4 c, Reals4 d) = Reals4.Zip(first.High, second.High);
        return (Join(a, b), Join(c, d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Reals8 First, Reals8 Second, Reals8 Third, Reals8 Fourth) Columns(double* p)
    {
        (Reals4 a0, Reals4 b0, Reals4 c0, Reals4 d0) = Reals4.Columns(p);
        (Reals4 a1, Reals4 b1, Reals4 c1, Reals4 d1) = Reals4.Columns(p + 16);
        return (Join(a0, a1), Join(b0, b1), Join(c0, c1), Join(d0, d1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Reals8 Join(Reals4 low, Reals4 high) => new(Vector512.Create(low.Register, high.Register));
}
