using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Lanes;

/// <summary>
/// Roots of float32 by multiply-adds, with the bits that the instructions for roots and quotients give: these take 18 and 10 cycles for a register,
/// one after the other. An estimate is refined until the remainder x - s² corrects the last bit (Markstein, IBM J. R&amp;D 34, 1990).
/// </summary>
internal static class RoundedRoots
{
    /// <summary>Bits of 2^-100 and 2^100: between them no step of the refinement leaves the normal floats.</summary>
    private const uint Least = (127 - 100) << 23, Greatest = (127 + 100) << 23;

    private const uint SignAndExponent = 0xFF800000;

    /// <summary>1/√x, both steps rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reciprocal(Vector512<float> x)
    {
        if (Vector512.GreaterThanAny(x.AsUInt32() - Vector512.Create(Least), Vector512.Create(Greatest - Least)))
            return Vector512<float>.One / Vector512.Sqrt(x);
        Vector512<float> r = Avx512F.ReciprocalSqrt14(x), s = x * r, h = r * Vector512.Create(0.5f);
        Vector512<float> error = Vector512.FusedMultiplyAdd(-s, h, Vector512.Create(0.5f));
        s = Vector512.FusedMultiplyAdd(s, error, s);
        h = Vector512.FusedMultiplyAdd(h, error, h);
        s = Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(-s, s, x), h, s);

        // s is the rounded root. Of a mantissa of ones the reciprocal would miss a tie.
        if (Vector512.EqualsAny(s.AsUInt32() | Vector512.Create(SignAndExponent), Vector512<uint>.AllBitsSet))
            return Vector512<float>.One / s;
        Vector512<float> y = h + h;
        y = Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(-s, y, Vector512<float>.One), y, y);
        return Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(-s, y, Vector512<float>.One), y, y);
    }
}
