using System.Runtime.CompilerServices;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Reduce;

/// <summary>
/// Maxima and minima of float32 in three instructions an element: one that may lose a NaN and the sign of a zero, one for the signs, and a sum, which
/// is NaN if there is any; what it is of infinities of both signs as well is then done again by the operator itself. A maximum is negative if all
/// elements are, a minimum if any is, -0 being below +0.
/// </summary>
internal static unsafe class Extreme<T, TOp>
    where T : unmanaged
    where TOp : struct, IBinaryOperator<T>
{
    public static bool Applies
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IsMax || typeof(TOp) == typeof(MinimumOperator<float>);
    }

    private static bool IsMax
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(TOp) == typeof(MaximumOperator<float>);
    }

    /// <summary>The larger (smaller) of numbers, but for the sign of a zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V OfNumbers<V>(V a, V b)
        where V : struct, ILanes<V, T> => IsMax ? V.MaxOrSecond(a, b) : V.MinOrSecond(a, b);

    /// <summary>In the top bits, the sign of what <see cref="OfNumbers"/> should be.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Signs<V>(V a, V b)
        where V : struct, ILanes<V, T> => IsMax ? a & b : a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Signed<V>(V best, V signs)
        where V : struct, ILanes<V, T> => V.Select(V.Constant(-0.0), signs, best);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreNumbers<V>(V sum)
        where V : struct, ILanes<V, T> => !V.Any(~V.Equal(sum, sum));

    /// <summary>The extreme of n elements, two registers' or a multiple; false if there may be a NaN among them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Find<V>(T* x, int n, out T result)
        where V : struct, ILanes<V, T>
    {
        V a = V.Load(x), b = V.Load(x + V.Count);
        V signs = Signs(a, b), sum = a + b, second = V.Constant(0);
        for (int i = 2 * V.Count; i < n; i += 2 * V.Count)
        {
            V v = V.Load(x + i), w = V.Load(x + i + V.Count);
            a = OfNumbers(a, v);
            b = OfNumbers(b, w);
            signs = Signs(Signs(signs, v), w);
            sum += v;
            second += w;
        }

        V best = OfNumbers(a, b);
        float number = Unsafe.BitCast<T, float>(V.LargestNumber(IsMax ? best : -best));
        bool isNegative = IsMax ? !V.Any(~signs) : V.Any(signs);
        result = Unsafe.BitCast<float, T>(MathF.CopySign(number, isNegative ? -1 : 1));
        return AreNumbers(sum + second);
    }
}
