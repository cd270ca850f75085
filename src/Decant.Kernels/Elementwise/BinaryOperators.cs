using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Elementwise;

/// <summary>The larger; NaN propagates.</summary>
public readonly struct MaximumOperator<T> : IBinaryOperator<T>
    where T : unmanaged, INumber<T>
{
    public static bool Vectorizable => Vector128<T>.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T a, T b) => T.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b)
        where V : struct, ILanes<V, T> => V.Max(a, b);
}

/// <summary>The smaller; NaN propagates.</summary>
public readonly struct MinimumOperator<T> : IBinaryOperator<T>
    where T : unmanaged, INumber<T>
{
    public static bool Vectorizable => Vector128<T>.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T a, T b) => T.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b)
        where V : struct, ILanes<V, T> => V.Min(a, b);
}

/// <summary>floor(a / b); division by an integer 0 throws DivideByZeroException.</summary>
public readonly struct FloorDivideOperator<T> : IBinaryOperator<T>
    where T : unmanaged, INumber<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T a, T b) => IntegerMath.FloorDivide(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}

/// <summary>a - b · floor(a / b), with the sign of b; an integer 0 throws DivideByZeroException.</summary>
public readonly struct FloorModOperator<T> : IBinaryOperator<T>
    where T : unmanaged, INumber<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T a, T b) => IntegerMath.FloorMod(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}

/// <summary>The remainder with the sign of a; an integer 0 throws DivideByZeroException.</summary>
public readonly struct TruncateModOperator<T> : IBinaryOperator<T>
    where T : unmanaged, INumber<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T a, T b) => IntegerMath.TruncateMod(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}

/// <summary>a^b for floats, within 2 ulp for float32; squares are products.</summary>
public readonly struct PowerOperator<T> : IBinaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T a, T b) => typeof(T) == typeof(float) ? FloatPower.Pow<Lanes128<T>, T>(Lanes128<T>.Create(a), Lanes128<T>.Create(b)).ToScalar() : T.Pow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b)
        where V : struct, ILanes<V, T> => FloatPower.Pow<V, T>(a, b);
}

/// <summary>a^b for integers, wrapping; b must not be negative.</summary>
public readonly struct IntegerPowerOperator<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T a, T b) => IntegerMath.Power(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}

/// <summary>The angle of the point (b, a).</summary>
public readonly struct Atan2Operator<T> : IBinaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T a, T b) => T.Atan2(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}

/// <summary>a ln b, 0 where a is 0.</summary>
public readonly struct XlogyOperator<T> : IBinaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T a, T b) => T.IsZero(a) ? T.Zero : a * T.Log(b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}

/// <summary>a ln(1 + b), 0 where a is 0.</summary>
public readonly struct Xlog1pyOperator<T> : IBinaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T a, T b) => T.IsZero(a) ? T.Zero : a * T.LogP1(b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}

/// <summary>a / b, 0 where a is 0.</summary>
public readonly struct XdivyOperator<T> : IBinaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T a, T b) => T.IsZero(a) ? T.Zero : a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}

/// <summary>a &amp; b.</summary>
public readonly struct BitwiseAndOperator<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static bool Vectorizable => Vector128<T>.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T a, T b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b)
        where V : struct, ILanes<V, T> => a & b;
}

/// <summary>a | b.</summary>
public readonly struct BitwiseOrOperator<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static bool Vectorizable => Vector128<T>.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T a, T b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b)
        where V : struct, ILanes<V, T> => a | b;
}

/// <summary>a ^ b.</summary>
public readonly struct BitwiseXorOperator<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static bool Vectorizable => Vector128<T>.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T a, T b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b)
        where V : struct, ILanes<V, T> => a ^ b;
}
