using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Quantized;

/// <summary>VPDPBUSD: unsigned activations, signed weights, 4 bytes a group.</summary>
internal readonly struct VnniDot : IDot<Vector256<int>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(int group) => Vector256.Create(group);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> a, Vector256<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Dot(Vector256<int> sum, Vector256<int> a, Vector256<int> b) => AvxVnni.MultiplyWideningAndAdd(sum, a.AsByte(), b.AsSByte());
}

/// <summary>VPDPWSSD: 2 16-bit integers a group.</summary>
internal readonly struct VnniPairDot : IDot<Vector256<int>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(int group) => Vector256.Create(group);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> a, Vector256<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Dot(Vector256<int> sum, Vector256<int> a, Vector256<int> b) => AvxVnni.MultiplyWideningAndAdd(sum, a.AsInt16(), b.AsInt16());
}

/// <summary>VPMADDWD on 512 bits: 2 16-bit integers a group. Never saturates, as VPMADDUBSW would.</summary>
internal readonly struct PairDot512 : IDot<Vector512<int>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Broadcast(int group) => Vector512.Create(group);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> a, Vector512<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Dot(Vector512<int> sum, Vector512<int> a, Vector512<int> b) => sum + Avx512BW.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());
}

/// <summary>VPMADDWD on 256 bits.</summary>
internal readonly struct PairDot256 : IDot<Vector256<int>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(int group) => Vector256.Create(group);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> a, Vector256<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Dot(Vector256<int> sum, Vector256<int> a, Vector256<int> b) => sum + Avx2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());
}

/// <summary>PMADDWD on 128 bits, or the same by two products a lane where there is none.</summary>
internal readonly struct PairDot128 : IDot<Vector128<int>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Broadcast(int group) => Vector128.Create(group);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> a, Vector128<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Dot(Vector128<int> sum, Vector128<int> a, Vector128<int> b) => Sse2.IsSupported
        ? sum + Sse2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16())
        : sum + (((a << 16) >> 16) * ((b << 16) >> 16)) + ((a >> 16) * (b >> 16));
}

/// <summary>SDOT: signed activations, signed weights, 4 bytes a group.</summary>
internal readonly struct SignedDot128 : IDot<Vector128<int>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Broadcast(int group) => Vector128.Create(group);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> a, Vector128<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Dot(Vector128<int> sum, Vector128<int> a, Vector128<int> b) => Dp.DotProduct(sum, a.AsSByte(), b.AsSByte());
}
