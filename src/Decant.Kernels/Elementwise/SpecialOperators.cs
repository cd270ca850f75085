using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Elementwise;

/// <summary>The error function, within 2 ulp for float32.</summary>
public readonly struct ErfOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => typeof(T) == typeof(float) ? FloatMath.Erf<Lanes128<T>, T>(Lanes128<T>.Create(x)).ToScalar() : T.CreateTruncating(SpecialFunctions.Erf(double.CreateTruncating(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => FloatMath.Erf<V, T>(x);
}

/// <summary>1 - erf x with full relative accuracy in the tail.</summary>
public readonly struct ErfcOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.CreateTruncating(SpecialFunctions.Erfc(double.CreateTruncating(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}

/// <summary>ln |Γ(x)|.</summary>
public readonly struct LgammaOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.CreateTruncating(SpecialFunctions.Lgamma(double.CreateTruncating(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}

/// <summary>Γ'(x) / Γ(x).</summary>
public readonly struct DigammaOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.CreateTruncating(SpecialFunctions.Digamma(double.CreateTruncating(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}

/// <summary>sin x, within 2 ulp for float32.</summary>
public readonly struct SinOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => typeof(T) == typeof(float) ? FloatTrigonometry.Sin<Lanes128<T>, T>(Lanes128<T>.Create(x)).ToScalar() : T.Sin(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => FloatTrigonometry.Sin<V, T>(x);
}

/// <summary>cos x, within 2 ulp for float32.</summary>
public readonly struct CosOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => typeof(T) == typeof(float) ? FloatTrigonometry.Cos<Lanes128<T>, T>(Lanes128<T>.Create(x)).ToScalar() : T.Cos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => FloatTrigonometry.Cos<V, T>(x);
}

/// <summary>tan x.</summary>
public readonly struct TanOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.Tan(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}

/// <summary>arcsin x.</summary>
public readonly struct AsinOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.Asin(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}

/// <summary>arccos x.</summary>
public readonly struct AcosOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.Acos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}

/// <summary>arctan x.</summary>
public readonly struct AtanOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.Atan(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}

/// <summary>sinh x.</summary>
public readonly struct SinhOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.Sinh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}

/// <summary>cosh x.</summary>
public readonly struct CoshOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.Cosh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}

/// <summary>arsinh x.</summary>
public readonly struct AsinhOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.Asinh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}

/// <summary>arcosh x.</summary>
public readonly struct AcoshOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.Acosh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}

/// <summary>artanh x.</summary>
public readonly struct AtanhOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.Atanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => throw new NotSupportedException();
}
