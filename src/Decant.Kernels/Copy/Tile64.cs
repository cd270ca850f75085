using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Decant.Kernels.Copy;

/// <summary>
/// Transposition of 64 x 64 blocks of 4-byte elements by AVX, through a block in the first cache, so that each line of the source and of the target is
/// visited once: where rows of the source lie a multiple of 2 KB apart, their lines share so few sets that the first cache loses them between two visits.
/// </summary>
internal static unsafe class Tile64
{
    public const int Size = 64;

    /// <summary>Between rows of the block, so that they do not share sets of the cache.</summary>
    private const int Stride = Size + 8;
    private const int LineFloats = 16;

    /// <summary>Floats between rows whose lines share two sets of a cache of 64.</summary>
    private const int SharedStride = 512;

    public static bool IsSupported => Tile8.IsSupported && !Tile16.IsSupported;

    public static bool Fits(long sourceStride, int rows, int columns) => IsSupported && sourceStride % SharedStride == 0 && rows >= Size && columns >= Size;

    /// <summary>target[r·targetStride + c] = source[c·sourceStride + r] for r in [0, rows) and c in [0, columns), both multiples of 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Blocks(float* source, long sourceStride, float* target, long targetStride, int rows, int columns)
    {
        float* room = stackalloc float[(Size * Stride) + LineFloats];
        float* block = (float*)(((nuint)room + (LineFloats * sizeof(float)) - 1) & ~(nuint)((LineFloats * sizeof(float)) - 1));
        for (int r = 0; r < rows; r += Size)
        {
            for (int c = 0; c < columns; c += Size)
            {
                Read(source + (c * sourceStride) + r, sourceStride, block);
                Write(block, target + (r * targetStride) + c, targetStride);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Read(float* source, long stride, float* block)
    {
        for (int c = 0; c < Size; c += Tile8.Size, source += Tile8.Size * stride)
        {
            for (int r = 0; r < Size; r += Tile8.Size)
                Tile8.Block(source + r, stride, block + (r * Stride) + c, Stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(float* block, float* target, long stride)
    {
        for (int r = 0; r < Size; r++, block += Stride, target += stride)
        {
            for (int c = 0; c < Size; c += Tile8.Size)
                Vector256.Load(block + c).Store(target + c);
        }
    }
}
