using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Decant.Kernels.Spectral;

/// <summary>Two numbers in a <see cref="Vector128{T}"/>.</summary>
internal readonly unsafe struct Reals2(Vector128<double> value) : IReals<Reals2>
{
    private readonly Vector128<double> v = value;

    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals2 Create(double value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals2 Load<T>(T* p)
        where T : unmanaged => new(typeof(T) == typeof(float) ? Vector128.Create(((float*)p)[0], (double)((float*)p)[1]) : Vector128.Load((double*)p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<T>(T* p)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
            Vector128.Narrow(v, v).GetLower().Store((float*)p);
        else
            v.Store((double*)p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals2 operator +(Reals2 a, Reals2 b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals2 operator -(Reals2 a, Reals2 b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals2 operator *(Reals2 a, Reals2 b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals2 operator -(Reals2 a) => new(-a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals2 MultiplyAdd(Reals2 a, Reals2 b, Reals2 c) => new(Vector128.MultiplyAddEstimate(a.v, b.v, c.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals2 Sqrt(Reals2 a) => new(Vector128.Sqrt(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals2 Reverse(Reals2 a) => new(Vector128.Shuffle(a.v, Vector128.Create(1L, 0)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Reals2 First, Reals2 Second) Unzip(Reals2 a, Reals2 b) => (Lowers(a.v, b.v), Uppers(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Reals2 Low, Reals2 High) Zip(Reals2 first, Reals2 second) => Unzip(first, second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Reals2 First, Reals2 Second, Reals2 Third, Reals2 Fourth) Columns(double* p)
    {
        Vector128<double> a = Vector128.Load(p), b = Vector128.Load(p + 4), c = Vector128.Load(p + 2), d = Vector128.Load(p + 6);
        return (Lowers(a, b), Uppers(a, b), Lowers(c, d), Uppers(c, d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Reals2 Lowers(Vector128<double> a, Vector128<double> b) => new(Vector128.Create(a.GetLower(), b.GetLower()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Reals2 Uppers(Vector128<double> a, Vector128<double> b) => new(Vector128.Create(a.GetUpper(), b.GetUpper()));
}
