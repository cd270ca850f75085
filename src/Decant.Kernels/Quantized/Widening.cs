using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Quantized;

/// <summary>Integers of 8 or 16 bits in registers of 32-bit lanes.</summary>
internal static unsafe class Widening
{
    /// <summary>As many elements as a register has lanes of 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<int> Load<T>(T* from)
        where T : unmanaged
    {
        if (Avx2.IsSupported && Vector<int>.Count == Vector256<int>.Count)
        {
            return (typeof(T) == typeof(byte) ? Avx2.ConvertToVector256Int32((byte*)from)
                : typeof(T) == typeof(sbyte) ? Avx2.ConvertToVector256Int32((sbyte*)from) : Avx2.ConvertToVector256Int32((short*)from)).AsVector();
        }

        int* lanes = stackalloc int[Vector<int>.Count];
        for (int i = 0; i < Vector<int>.Count; i++)
            lanes[i] = typeof(T) == typeof(byte) ? ((byte*)from)[i] : typeof(T) == typeof(sbyte) ? ((sbyte*)from)[i] : ((short*)from)[i];
        return Vector.Load(lanes);
    }
}
