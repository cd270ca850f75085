using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Elementwise;

/// <summary>-x.</summary>
public readonly struct NegateOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IUnaryNegationOperators<T, T>
{
    public static bool Vectorizable => Vector128<T>.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => -x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => -x;
}

/// <summary>|x|; the smallest integer wraps to itself.</summary>
public readonly struct AbsOperator<T> : IUnaryOperator<T>
    where T : unmanaged, INumber<T>
{
    public static bool Vectorizable => Vector128<T>.IsSupported;

    private static bool IsFloat => typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(Half);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => IsFloat ? T.Abs(x) : x < T.Zero ? unchecked(T.Zero - x) : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => V.Abs(x);
}

/// <summary>x².</summary>
public readonly struct SquareOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IMultiplyOperators<T, T, T>
{
    public static bool Vectorizable => Vector128<T>.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => x * x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => x * x;
}

/// <summary>1/x; an integer 0 is an error of the caller.</summary>
public readonly struct ReciprocalOperator<T> : IUnaryOperator<T>
    where T : unmanaged, INumberBase<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.One / x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => V.Constant(1) / x;
}

/// <summary>√x.</summary>
public readonly struct SqrtOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IRootFunctions<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => V.Sqrt(x);
}

/// <summary>1/√x, both steps rounded.</summary>
public readonly struct RsqrtOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IRootFunctions<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.One / T.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => V.ReciprocalSqrt(x);
}

/// <summary>The integer below.</summary>
public readonly struct FloorOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.Floor(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => V.Floor(x);
}

/// <summary>The integer above.</summary>
public readonly struct CeilingOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.Ceiling(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => V.Ceiling(x);
}

/// <summary>The nearest integer, ties to even (TensorFlow's Round and Rint).</summary>
public readonly struct RoundOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.Round(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => V.Round(x);
}

/// <summary>The integer towards zero.</summary>
public readonly struct TruncateOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.Truncate(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => V.Truncate(x);
}

/// <summary>-1, 0 or 1; NaN stays.</summary>
public readonly struct SignOperator<T> : IUnaryOperator<T>
    where T : unmanaged, INumber<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.IsZero(x) || T.IsNaN(x) ? x : T.IsNegative(x) ? -T.One : T.One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}
