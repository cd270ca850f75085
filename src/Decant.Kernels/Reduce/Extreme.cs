using System.Runtime.CompilerServices;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Reduce;

/// <summary>
/// Maxima and minima of float32 in two instructions an element: one that may lose a NaN, and a sum, which is NaN if there is any;
/// what it is of infinities of both signs as well is then done again by the operator itself.
/// </summary>
internal static class Extreme<T, TOp>
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V OfNumbers<V>(V a, V b)
        where V : struct, ILanes<V, T> => IsMax ? V.MaxOfNumbers(a, b) : V.MinOfNumbers(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreNumbers<V>(V sum)
        where V : struct, ILanes<V, T> => V.Bits(~V.Equal(sum, sum)) == 0;
}
