using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Spectral;

/// <summary>Four numbers in a <see cref="Vector256{T}"/>; for processors that have AVX2.</summary>
internal readonly unsafe struct Reals4(Vector256<double> value) : IReals<Reals4>
{
    // Which halves of two registers a permutation takes: the lower ones, or the upper ones.
    private const byte Lowers = 0x20;
    private const byte Uppers = 0x31;

    private readonly Vector256<double> v = value;

    public static int Count => 4;

    internal Vector256<double> Register
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => v;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals4 Create(double value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals4 Load<T>(T* p)
        where T : unmanaged => new(typeof(T) == typeof(float) ? Avx.ConvertToVector256Double(Vector128.Load((float*)p)) : Vector256.Load((double*)p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<T>(T* p)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
            Avx.ConvertToVector128Single(v).Store((float*)p);
        else
            v.Store((double*)p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals4 operator +(Reals4 a, Reals4 b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals4 operator -(Reals4 a, Reals4 b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals4 operator *(Reals4 a, Reals4 b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals4 operator -(Reals4 a) => new(-a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals4 MultiplyAdd(Reals4 a, Reals4 b, Reals4 c) => new(Vector256.MultiplyAddEstimate(a.v, b.v, c.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals4 Sqrt(Reals4 a) => new(Vector256.Sqrt(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals4 Reverse(Reals4 a) => new(Vector256.Shuffle(a.v, Vector256.Create(3L, 2, 1, 0)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Reals4 First, Reals4 Second) Unzip(Reals4 a, Reals4 b)
    {
        Vector256<double> even = Avx.Permute2x128(a.v, b.v, Lowers), odd = Avx.Permute2x128(a.v, b.v, Uppers);
        return (new(Avx.UnpackLow(even, odd)), new(Avx.UnpackHigh(even, odd)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Reals4 Low, Reals4 High) Zip(Reals4 first, Reals4 second)
    {
        Vector256<double> even = Avx.UnpackLow(first.v, second.v), odd = Avx.UnpackHigh(first.v, second.v);
        return (new(Avx.Permute2x128(even, odd, Lowers)), new(Avx.Permute2x128(even, odd, Uppers)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Reals4 First, Reals4 Second, Reals4 Third, Reals4 Fourth) Columns(double* p)
    {
        Vector256<double> a = Vector256.Load(p), b = Vector256.Load(p + 4), c = Vector256.Load(p + 8), d = Vector256.Load(p + 12);
        Vector256<double> evenAB = Avx.UnpackLow(a, b), oddAB = Avx.UnpackHigh(a, b), evenCD = Avx.UnpackLow(c, d), oddCD = Avx.UnpackHigh(c, d);
        return (new(Avx.Permute2x128(evenAB, evenCD, Lowers)), new(Avx.Permute2x128(oddAB, oddCD, Lowers)), new(Avx.Permute2x128(evenAB, evenCD, Uppers)), new(Avx.Permute2x128(oddAB, oddCD, Uppers)));
    }
}
