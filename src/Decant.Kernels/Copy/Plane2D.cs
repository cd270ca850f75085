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

        if (sizeof(T) == 4 && Tile64.Fits(sourceStride, rows, columns))
        {
            int wholeRows = rows / Tile64.Size * Tile64.Size, wholeColumns = columns / Tile64.Size * Tile64.Size;
            Tile64.Blocks((float*)source, sourceStride, (float*)target, targetStride, wholeRows, wholeColumns);
            Blocks(source + (wholeColumns * sourceStride), sourceStride, target + wholeColumns, targetStride, wholeRows, columns - wholeColumns);
            Blocks(source + wholeRows, sourceStride, target + (wholeRows * targetStride), targetStride, rows - wholeRows, columns);
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
                if (sizeof(T) == 4 && Tile8.IsSupported && c1 - c0 == Block)
                {
                    for (; r <= r1 - Tile8.Size; r += Tile8.Size)
                    {
                        for (int c = c0; c < c1; c += Tile8.Size)
                            Tile8.Block((float*)(source + (c * sourceStride) + r), sourceStride, (float*)(target + (r * targetStride) + c), targetStride);
                    }
                }

                int side = Side<T>();
                if (sizeof(T) == 8 && side > 1 && c1 - c0 == Block)
                {
                    // Two squares below each other, a line of the source: lines a power of two apart drive each other out before they are read again.
                    for (; r <= r1 - (2 * side); r += 2 * side)
                    {
                        for (int c = c0; c < c1; c += side)
                        {
                            Square(source + (c * sourceStride) + r, sourceStride, target + (r * targetStride) + c, targetStride);
                            Square(source + (c * sourceStride) + r + side, sourceStride, target + ((r + side) * targetStride) + c, targetStride);
                        }
                    }
                }

                for (; side > 1 && r <= r1 - side; r += side)
                {
                    int c = c0;
                    for (; c <= c1 - side; c += side)
                        Square(source + (c * sourceStride) + r, sourceStride, target + (r * targetStride) + c, targetStride);
                    for (; c < c1; c++)
                    {
                        for (int i = r; i < r + side; i++)
                            target[(i * targetStride) + c] = source[(c * sourceStride) + i];
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

    /// <summary>The side of the squares that are transposed in registers of 128 bits, or of two of these; 1 for elements without.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Side<T>()
        where T : unmanaged => sizeof(T) switch
        {
            1 or 2 when Sse2.IsSupported => 8,
            4 when Vector128.IsHardwareAccelerated => 4,
            8 when Avx.IsSupported => 4,
            _ => 1,
        };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square<T>(T* s, long ss, T* t, long ts)
        where T : unmanaged
    {
        if (sizeof(T) == 1)
            Bytes((byte*)s, ss, (byte*)t, ts);
        else if (sizeof(T) == 2)
            Words((ushort*)s, ss, (ushort*)t, ts);
        else if (sizeof(T) == 8)
            Doubles((double*)s, ss, (double*)t, ts);
        else if (sizeof(T) == 4)
            Four((float*)s, ss, (float*)t, ts);
    }

    /// <summary>An 8 x 8 block of bytes: pairs of rows, pairs of pairs, then two rows of the target in each register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Bytes(byte* s, long ss, byte* t, long ts)
    {
        Vector128<ushort> ab = Two(s, ss), cd = Two(s + (2 * ss), ss), ef = Two(s + (4 * ss), ss), gh = Two(s + (6 * ss), ss);
        Vector128<uint> lowAD = Sse2.UnpackLow(ab, cd).AsUInt32(), highAD = Sse2.UnpackHigh(ab, cd).AsUInt32();
        Vector128<uint> lowEH = Sse2.UnpackLow(ef, gh).AsUInt32(), highEH = Sse2.UnpackHigh(ef, gh).AsUInt32();
        Store(Sse2.UnpackLow(lowAD, lowEH), t, ts);
        Store(Sse2.UnpackHigh(lowAD, lowEH), t + (2 * ts), ts);
        Store(Sse2.UnpackLow(highAD, highEH), t + (4 * ts), ts);
        Store(Sse2.UnpackHigh(highAD, highEH), t + (6 * ts), ts);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<ushort> Two(byte* s, long ss) =>
            Sse2.UnpackLow(Vector128.CreateScalarUnsafe(*(ulong*)s).AsByte(), Vector128.CreateScalarUnsafe(*(ulong*)(s + ss)).AsByte()).AsUInt16();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Store(Vector128<uint> rows, byte* t, long ts)
        {
            *(ulong*)t = rows.AsUInt64().ToScalar();
            *(ulong*)(t + ts) = rows.AsUInt64().GetElement(1);
        }
    }

    /// <summary>An 8 x 8 block of 2-byte elements, as two of 4 rows of the target.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Words(ushort* s, long ss, ushort* t, long ts)
    {
        Vector128<ushort> a = Vector128.Load(s), b = Vector128.Load(s + ss), c = Vector128.Load(s + (2 * ss)), d = Vector128.Load(s + (3 * ss));
        Vector128<ushort> e = Vector128.Load(s + (4 * ss)), f = Vector128.Load(s + (5 * ss)), g = Vector128.Load(s + (6 * ss)), h = Vector128.Load(s + (7 * ss));
        Rows(Sse2.UnpackLow(a, b), Sse2.UnpackLow(c, d), Sse2.UnpackLow(e, f), Sse2.UnpackLow(g, h), t, ts);
        Rows(Sse2.UnpackHigh(a, b), Sse2.UnpackHigh(c, d), Sse2.UnpackHigh(e, f), Sse2.UnpackHigh(g, h), t + (4 * ts), ts);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Rows(Vector128<ushort> ab, Vector128<ushort> cd, Vector128<ushort> ef, Vector128<ushort> gh, ushort* t, long ts)
        {
            Vector128<ulong> lowAD = Sse2.UnpackLow(ab.AsUInt32(), cd.AsUInt32()).AsUInt64(), highAD = Sse2.UnpackHigh(ab.AsUInt32(), cd.AsUInt32()).AsUInt64();
            Vector128<ulong> lowEH = Sse2.UnpackLow(ef.AsUInt32(), gh.AsUInt32()).AsUInt64(), highEH = Sse2.UnpackHigh(ef.AsUInt32(), gh.AsUInt32()).AsUInt64();
            Sse2.UnpackLow(lowAD, lowEH).AsUInt16().Store(t);
            Sse2.UnpackHigh(lowAD, lowEH).AsUInt16().Store(t + ts);
            Sse2.UnpackLow(highAD, highEH).AsUInt16().Store(t + (2 * ts));
            Sse2.UnpackHigh(highAD, highEH).AsUInt16().Store(t + (3 * ts));
        }
    }

    /// <summary>A 4 x 4 block of 8-byte elements: rows i and i + 2 side by side, two columns at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Doubles(double* s, long ss, double* t, long ts)
    {
        for (int r = 0; r < 4; r += 2, s += 2, t += 2 * ts)
        {
            Vector256<double> even = Vector256.Create(Vector128.Load(s), Vector128.Load(s + (2 * ss)));
            Vector256<double> odd = Vector256.Create(Vector128.Load(s + ss), Vector128.Load(s + (3 * ss)));
            Avx.UnpackLow(even, odd).Store(t);
            Avx.UnpackHigh(even, odd).Store(t + ts);
        }
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
