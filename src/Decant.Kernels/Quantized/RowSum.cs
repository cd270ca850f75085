using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Quantized;

/// <summary>The sum of a row of activations as a kernel for bytes gets them: what the zero point of the weights is taken off by.</summary>
internal static unsafe class RowSum
{
    /// <summary>The sum of a multiple of 32 bytes.</summary>
    public static int Of(byte* row, nint bytes, DotForm form)
    {
        if (form == DotForm.Unsigned && Avx2.IsSupported)
        {
            Vector256<long> sums = default;
            for (nint i = 0; i < bytes; i += Vector256<byte>.Count)
                sums += Avx2.SumAbsoluteDifferences(Vector256.Load(row + i), Vector256<byte>.Zero).AsInt64();
            return (int)Vector256.Sum(sums);
        }

        int sum = 0;
        for (nint i = 0; i < bytes; i++)
            sum += form == DotForm.Signed ? (sbyte)row[i] : row[i];
        return sum;
    }
}
