using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Elementwise;

/// <summary>a == b; NaN equals nothing.</summary>
public readonly struct EqualOperator<T> : ICombineOperator<T, T, bool>
    where T : unmanaged, IEqualityOperators<T, T, bool>
{
    public static bool Vectorizable => Vector128<T>.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Invoke(T a, T b) => a == b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Mask<V>(V a, V b)
        where V : struct, ILanes<V, T> => V.Equal(a, b);
}

/// <summary>a != b.</summary>
public readonly struct NotEqualOperator<T> : ICombineOperator<T, T, bool>
    where T : unmanaged, IEqualityOperators<T, T, bool>
{
    public static bool Vectorizable => Vector128<T>.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Invoke(T a, T b) => a != b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Mask<V>(V a, V b)
        where V : struct, ILanes<V, T> => ~V.Equal(a, b);
}

/// <summary>a &lt; b.</summary>
public readonly struct LessOperator<T> : ICombineOperator<T, T, bool>
    where T : unmanaged, IComparisonOperators<T, T, bool>
{
    public static bool Vectorizable => Vector128<T>.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Invoke(T a, T b) => a < b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Mask<V>(V a, V b)
        where V : struct, ILanes<V, T> => V.Less(a, b);
}

/// <summary>a &lt;= b.</summary>
public readonly struct LessEqualOperator<T> : ICombineOperator<T, T, bool>
    where T : unmanaged, IComparisonOperators<T, T, bool>
{
    public static bool Vectorizable => Vector128<T>.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Invoke(T a, T b) => a <= b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Mask<V>(V a, V b)
        where V : struct, ILanes<V, T> => V.LessOrEqual(a, b);
}

/// <summary>a &gt; b.</summary>
public readonly struct GreaterOperator<T> : ICombineOperator<T, T, bool>
    where T : unmanaged, IComparisonOperators<T, T, bool>
{
    public static bool Vectorizable => Vector128<T>.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Invoke(T a, T b) => a > b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Mask<V>(V a, V b)
        where V : struct, ILanes<V, T> => V.Less(b, a);
}

/// <summary>a &gt;= b.</summary>
public readonly struct GreaterEqualOperator<T> : ICombineOperator<T, T, bool>
    where T : unmanaged, IComparisonOperators<T, T, bool>
{
    public static bool Vectorizable => Vector128<T>.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Invoke(T a, T b) => a >= b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Mask<V>(V a, V b)
        where V : struct, ILanes<V, T> => V.LessOrEqual(b, a);
}

/// <summary>a and b.</summary>
public readonly struct LogicalAndOperator : ICombineOperator<bool, bool, bool>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Invoke(bool a, bool b) => a & b;
}

/// <summary>a or b.</summary>
public readonly struct LogicalOrOperator : ICombineOperator<bool, bool, bool>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Invoke(bool a, bool b) => a | b;
}

/// <summary>a xor b.</summary>
public readonly struct LogicalXorOperator : ICombineOperator<bool, bool, bool>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Invoke(bool a, bool b) => a ^ b;
}

/// <summary>not x.</summary>
public readonly struct LogicalNotOperator : IMapOperator<bool, bool>
{
    public bool Invoke(bool x) => !x;
}

/// <summary>1 where x is 0, else 0.</summary>
internal readonly struct IsZeroOperator : IUnaryOperator<byte>
{
    public static bool Vectorizable => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Invoke(byte x) => x == 0 ? (byte)1 : (byte)0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, byte> => V.Equal(x, V.Constant(0)) & V.Constant(1);
}

/// <summary>IsNaN of x.</summary>
public readonly struct IsNaNOperator<T> : IMapOperator<T, bool>
    where T : unmanaged, INumberBase<T>
{
    public bool Invoke(T x) => T.IsNaN(x);
}

/// <summary>IsInfinity of x.</summary>
public readonly struct IsInfinityOperator<T> : IMapOperator<T, bool>
    where T : unmanaged, INumberBase<T>
{
    public bool Invoke(T x) => T.IsInfinity(x);
}

/// <summary>IsFinite of x.</summary>
public readonly struct IsFiniteOperator<T> : IMapOperator<T, bool>
    where T : unmanaged, INumberBase<T>
{
    public bool Invoke(T x) => T.IsFinite(x);
}
