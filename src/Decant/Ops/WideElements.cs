using System.Numerics;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Threading;

namespace Decant.Ops;

/// <summary>
/// The element types that are computed in a wider one and rounded once at the end: float16 and bfloat16 in float32,
/// complex64 in complex128; float32 in float64 where an op asks for it.
/// </summary>
internal static class WideElements
{
    /// <summary>The type to compute in, or Invalid for a type that computes in itself.</summary>
    public static DType WideOf(DType dtype) => dtype switch
    {
        DType.Float16 or DType.BFloat16 => DType.Float32,
        DType.Complex64 => DType.Complex128,
        _ => DType.Invalid,
    };

    /// <summary>Widens every element exactly.</summary>
    public static void Widen(Tensor narrow, Tensor wide, WorkerPool pool)
    {
        switch (narrow.DType)
        {
            case DType.Float16:
                FloatConversions.Widen(narrow.Span<Half>(), wide.Mutable<float>(), pool);
                break;
            case DType.BFloat16:
                ReadOnlySpan<BFloat16> bfloats = narrow.Span<BFloat16>();
                Span<float> floats = wide.Mutable<float>();
                for (int i = 0; i < bfloats.Length; i++)
                    floats[i] = (float)bfloats[i];
                break;
            case DType.Float32:
                FloatConversions.Widen(narrow.Span<float>(), wide.Mutable<double>());
                break;
            default:
                ReadOnlySpan<Complex64> from = narrow.Span<Complex64>();
                Span<Complex> to = wide.Mutable<Complex>();
                for (int i = 0; i < from.Length; i++)
                    to[i] = from[i];
                break;
        }
    }

    /// <summary>Rounds every element to nearest, ties to even.</summary>
    public static void Round(Tensor wide, Tensor narrow, WorkerPool pool)
    {
        switch (narrow.DType)
        {
            case DType.Float16:
                FloatConversions.Narrow(wide.Span<float>(), narrow.Mutable<Half>(), pool);
                break;
            case DType.BFloat16:
                ReadOnlySpan<float> floats = wide.Span<float>();
                Span<BFloat16> bfloats = narrow.Mutable<BFloat16>();
                for (int i = 0; i < floats.Length; i++)
                    bfloats[i] = (BFloat16)floats[i];
                break;
            case DType.Float32:
                FloatConversions.Narrow(wide.Span<double>(), narrow.Mutable<float>());
                break;
            default:
                ReadOnlySpan<Complex> from = wide.Span<Complex>();
                Span<Complex64> to = narrow.Mutable<Complex64>();
                for (int i = 0; i < from.Length; i++)
                    to[i] = (Complex64)from[i];
                break;
        }
    }
}
