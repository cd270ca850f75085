using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Pool;

/// <summary>a &lt; b ? b : a, so that a NaN in b is passed over, as in TensorFlow's CPU max pooling.</summary>
internal readonly struct PoolMaxOperator<T> : IBinaryOperator<T>
    where T : unmanaged, INumber<T>
{
    public static bool Vectorizable => Vector128<T>.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke(T a, T b) => a < b ? b : a;

    // maxps is a > b ? a : b; that of Arm64 is not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b)
        where V : struct, ILanes<V, T> => Sse.IsSupported && typeof(T) == typeof(float) ? V.MaxOrSecond(b, a) : V.Select(V.Less(a, b), b, a);
}
