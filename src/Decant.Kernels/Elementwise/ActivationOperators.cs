using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Elementwise;

/// <summary>max(x, 0); NaN stays.</summary>
public readonly struct ReluOperator<T> : IUnaryOperator<T>
    where T : unmanaged, INumber<T>
{
    public static bool Vectorizable => Vector128<T>.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => x < T.Zero ? T.Zero : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => V.Select(V.Less(x, V.Constant(0)), V.Constant(0), x);
}

/// <summary>min(max(x, 0), 6); NaN stays.</summary>
public readonly struct Relu6Operator<T> : IUnaryOperator<T>
    where T : unmanaged, INumber<T>
{
    public static bool Vectorizable => Vector128<T>.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => x < T.Zero ? T.Zero : T.CreateTruncating(6) < x ? T.CreateTruncating(6) : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => V.Select(V.Less(x, V.Constant(0)), V.Constant(0), V.Select(V.Less(V.Constant(6), x), V.Constant(6), x));
}

/// <summary>min(max(x, -1), 1); NaN stays.</summary>
public readonly struct ReluN1To1Operator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => x < -T.One ? -T.One : T.One < x ? T.One : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => V.Select(V.Less(x, V.Constant(-1)), V.Constant(-1), V.Select(V.Less(V.Constant(1), x), V.Constant(1), x));
}

/// <summary>x above 0, αx below.</summary>
public readonly struct LeakyReluOperator<T>(T alpha) : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => x < T.Zero ? alpha * x : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => V.Select(V.Less(x, V.Constant(0)), V.Create(alpha) * x, x);
}

/// <summary>x where it is at least 0 or NaN, αx below.</summary>
public readonly struct PreluOperator<T> : IBinaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x, T alpha) => x < T.Zero ? alpha * x : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x, V alpha)
        where V : struct, ILanes<V, T> => V.Select(V.Less(x, V.Constant(0)), alpha * x, x);
}

/// <summary>x above 0, α(e^x - 1) below.</summary>
public readonly struct EluOperator<T>(T alpha) : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => x < T.Zero ? alpha * new Expm1Operator<T>().Invoke(x) : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => V.Select(V.Less(x, V.Constant(0)), V.Create(alpha) * FloatMath.Expm1<V, T>(x), x);
}

/// <summary>λx above 0, λα(e^x - 1) below; α = 1.6732632423543772, λ = 1.0507009873554805.</summary>
public readonly struct SeluOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => x < T.Zero ? T.CreateTruncating(1.7580993408473768599) * new Expm1Operator<T>().Invoke(x) : T.CreateTruncating(1.0507009873554804934) * x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => V.Select(V.Less(x, V.Constant(0)), V.Constant(1.7580993408473768599) * FloatMath.Expm1<V, T>(x), V.Constant(1.0507009873554804934) * x);
}

/// <summary>x / (1 + |x|).</summary>
public readonly struct SoftsignOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => x / (T.One + T.Abs(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => x / (V.Constant(1) + V.Abs(x));
}

/// <summary>x · sigmoid(x), also SiLU.</summary>
public readonly struct SwishOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => x * new SigmoidOperator<T>().Invoke(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => x * FloatMath.Sigmoid<V, T>(x);
}

/// <summary>x · relu6(x + 3) / 6.</summary>
public readonly struct HardSwishOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => x * new Relu6Operator<T>().Invoke(x + T.CreateTruncating(3)) * (T.One / T.CreateTruncating(6));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => x * new Relu6Operator<T>().Invoke(x + V.Constant(3)) * V.Constant(1.0 / 6);
}

/// <summary>x · Φ(x) = x (1 + erf(x / √2)) / 2.</summary>
public readonly struct GeluOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.CreateTruncating(0.5) * x * (T.One + new ErfOperator<T>().Invoke(x * T.CreateTruncating(0.70710678118654752440)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => V.Constant(0.5) * x * (V.Constant(1) + FloatMath.Erf<V, T>(x * V.Constant(0.70710678118654752440)));
}

/// <summary>x (1 + tanh(√(2/π)(x + 0.044715 x³))) / 2.</summary>
public readonly struct GeluTanhOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Vectorizable => typeof(T) == typeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T x) => T.CreateTruncating(0.5) * x * (T.One + new TanhOperator<T>().Invoke(T.CreateTruncating(0.79788456080286535588) * (x + (T.CreateTruncating(0.044715) * x * x * x))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, ILanes<V, T> => V.Constant(0.5) * x * (V.Constant(1) + FloatMath.Tanh<V, T>(V.Constant(0.79788456080286535588) * (x + (V.Constant(0.044715) * x * x * x))));
}
