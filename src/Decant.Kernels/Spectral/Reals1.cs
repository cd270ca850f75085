using System.Runtime.CompilerServices;

namespace Decant.Kernels.Spectral;

/// <summary>One number.</summary>
internal readonly unsafe struct Reals1(double value) : IReals<Reals1>
{
    private readonly double v = value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals1 Create(double value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals1 Load<T>(T* p)
        where T : unmanaged => new(typeof(T) == typeof(float) ? *(float*)p : *(double*)p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<T>(T* p)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
            *(float*)p = (float)v;
        else
            *(double*)p = v;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals1 operator +(Reals1 a, Reals1 b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals1 operator -(Reals1 a, Reals1 b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals1 operator *(Reals1 a, Reals1 b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals1 operator -(Reals1 a) => new(-a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals1 MultiplyAdd(Reals1 a, Reals1 b, Reals1 c) => new(double.MultiplyAddEstimate(a.v, b.v, c.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals1 Sqrt(Reals1 a) => new(Math.Sqrt(a.v));

    public static Reals1 Reverse(Reals1 a) => a;

    public static (Reals1 First, Reals1 Second) Unzip(Reals1 a, Reals1 b) => (a, b);

    public static (Reals1 Low, Reals1 High) Zip(Reals1 first, Reals1 second) => (first, second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Reals1 First, Reals1 Second, Reals1 Third, Reals1 Fourth) Columns(double* p) => (new(p[0]), new(p[1]), new(p[2]), new(p[3]));
}
