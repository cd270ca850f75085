using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Copy;

/// <summary>The blocked two-dimensional transposition.</summary>
internal static unsafe class Plane2D
{
    private const int Block = 32;

    /// <summary>target[r·targetStride + c] = source[c·sourceStride + r] for r in [0, rows), c in [0, columns).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Transpose<T>(T* source, long sourceStride, T* target, long targetStride, int rows, int columns)
        where T : unmanaged
    {
        if (sizeof(T) == 4 && rows == 3 && sourceStride == 3)
        {
            Triples.Split((int*)source, (int*)target, targetStride, columns);
            return;
        }

        if (sizeof(T) == 4 && columns == 3 && targetStride == 3)
        {
            Triples.Join((int*)source, sourceStride, (int*)target, rows);
            return;
        }

        int tiled = 0;
        if (sizeof(T) == 4 && Tile16.IsSupported && rows >= Tile16.Size)
        {
            for (; tiled <= columns - Tile16.Size; tiled += Tile16.Size)
                Tile16.Columns((float*)(source + (tiled * sourceStride)), sourceStride, (float*)(target + tiled), targetStride, rows / Tile16.Size * Tile16.Size);
        }

        int rest = tiled == 0 ? 0 : rows / Tile16.Size * Tile16.Size;
        Blocks(source + rest, sourceStride, target + (rest * targetStride), targetStride, rows - rest, tiled);
        Blocks(source + (tiled * sourceStride), sourceStride, target + tiled, targetStride, rows, columns - tiled);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Blocks<T>(T* source, long sourceStride, T* target, long targetStride, int rows, int columns)
        where T : unmanaged
    {
        for (int r0 = 0; r0 < rows; r0 += Block)
        {
            int r1 = Math.Min(rows, r0 + Block);
            for (int c0 = 0; c0 < columns; c0 += Block)
            {
                int c1 = Math.Min(columns, c0 + Block);
                int r = r0;
                if (sizeof(T) == 4 && Avx.IsSupported && c1 - c0 == Block)
                {
                    for (; r <= r1 - 8; r += 8)
                    {
                        for (int c = c0; c < c1; c += 8)
                            Eight((float*)(source + (c * sourceStride) + r), sourceStride, (float*)(target + (r * targetStride) + c), targetStride);
                    }
                }

                if (sizeof(T) == 4 && Vector128.IsHardwareAccelerated)
                {
                    for (; r <= r1 - 4; r += 4)
                    {
                        int c = c0;
                        for (; c <= c1 - 4; c += 4)
                            Four((float*)(source + (c * sourceStride) + r), sourceStride, (float*)(target + (r * targetStride) + c), targetStride);
                        for (; c < c1; c++)
                        {
                            for (int i = r; i < r + 4; i++)
                                target[(i * targetStride) + c] = source[(c * sourceStride) + i];
                        }
                    }
                }

                for (; r < r1; r++)
                {
                    T* to = target + (r * targetStride);
                    T* from = source + r;
                    for (int c = c0; c < c1; c++)
                        to[c] = from[c * sourceStride];
                }
            }
        }
    }

    /// <summary>An 8 x 8 block of 4-byte elements, as two of 4 rows by 8 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(float* s, long ss, float* t, long ts)
    {
        // Rows i and i + 4 side by side, so that no register has to be crossed afterwards.
        Vector256<float> r0 = Pair(s, 4 * ss), r1 = Pair(s + ss, 4 * ss), r2 = Pair(s + (2 * ss), 4 * ss), r3 = Pair(s + (3 * ss), 4 * ss);
        Columns(r0, r1, r2, r3, t, ts);
        s += 4;
        r0 = Pair(s, 4 * ss);
        r1 = Pair(s + ss, 4 * ss);
        r2 = Pair(s + (2 * ss), 4 * ss);
        r3 = Pair(s + (3 * ss), 4 * ss);
        Columns(r0, r1, r2, r3, t + (4 * ts), ts);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pair(float* s, long distance) => Vector256.Create(Vector128.Load(s), Vector128.Load(s + distance));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d, float* t, long ts)
    {
        Vector256<float> lowAC = Avx.UnpackLow(a, c), highAC = Avx.UnpackHigh(a, c);
        Vector256<float> lowBD = Avx.UnpackLow(b, d), highBD = Avx.UnpackHigh(b, d);
        Avx.UnpackLow(lowAC, lowBD).Store(t);
        Avx.UnpackHigh(lowAC, lowBD).Store(t + ts);
        Avx.UnpackLow(highAC, highBD).Store(t + (2 * ts));
        Avx.UnpackHigh(highAC, highBD).Store(t + (3 * ts));
    }

    /// <summary>A 4 x 4 block of 4-byte elements: unpack pairs of rows, then pairs of pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(float* s, long ss, float* t, long ts)
    {
        Vector128<float> a = Vector128.Load(s), b = Vector128.Load(s + ss), c = Vector128.Load(s + (2 * ss)), d = Vector128.Load(s + (3 * ss));
        if (Sse.IsSupported)
        {
            Vector128<float> lowAC = Sse.UnpackLow(a, c), highAC = Sse.UnpackHigh(a, c);
            Vector128<float> lowBD = Sse.UnpackLow(b, d), highBD = Sse.UnpackHigh(b, d);
            Sse.UnpackLow(lowAC, lowBD).Store(t);
            Sse.UnpackHigh(lowAC, lowBD).Store(t + ts);
            Sse.UnpackLow(highAC, highBD).Store(t + (2 * ts));
            Sse.UnpackHigh(highAC, highBD).Store(t + (3 * ts));
            return;
        }

        Vector128.Create(a[0], b[0], c[0], d[0]).Store(t);
        Vector128.Create(a[1], b[1], c[1], d[1]).Store(t + ts);
        Vector128.Create(a[2], b[2], c[2], d[2]).Store(t + (2 * ts));
        Vector128.Create(a[3], b[3], c[3], d[3]).Store(t + (3 * ts));
    }
}
