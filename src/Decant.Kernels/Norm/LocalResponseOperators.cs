using System.Runtime.CompilerServices;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Norm;

/// <summary>x · 1/s.</summary>
internal readonly struct TimesReciprocalOperator : IBinaryOperator<float>
{
    public static bool Vectorizable => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Invoke(float x, float s) => x * (1 / s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x, V s)
        where V : struct, ILanes<V, float> => x * (V.Constant(1) / s);
}

/// <summary>x · 1/√s.</summary>
internal readonly struct TimesReciprocalRootOperator : IBinaryOperator<float>
{
    public static bool Vectorizable => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Invoke(float x, float s) => x * (1 / MathF.Sqrt(s));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x, V s)
        where V : struct, ILanes<V, float> => x * V.ReciprocalSqrt(s);
}

/// <summary>x / s^(3/4), within 3 ulp: √(s √s), and √s √√s, which is less exact, where s √s might leave the normal floats.</summary>
internal readonly struct OverThreeQuartersOperator : IBinaryOperator<float>
{
    private const double Least = 1e-25, Greatest = 1e25;

    public static bool Vectorizable => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Invoke(float x, float s) => Invoke(Lanes128<float>.Create(x), Lanes128<float>.Create(s)).ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x, V s)
        where V : struct, ILanes<V, float>
    {
        V root = V.Sqrt(s), power = V.Sqrt(s * root);
        if (V.LessAny(s, V.Constant(Least)) || V.LessAny(V.Constant(Greatest), s))
            power = V.Select(V.Less(V.Constant(Least), s) & V.Less(s, V.Constant(Greatest)), power, root * V.Sqrt(root));
        return x / power;
    }
}

/// <summary>s alone.</summary>
internal readonly struct SecondOperator : IBinaryOperator<float>
{
    public static bool Vectorizable => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Invoke(float x, float s) => s;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x, V s)
        where V : struct, ILanes<V, float> => s;
}
