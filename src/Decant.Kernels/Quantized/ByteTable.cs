using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Quantized;

/// <summary>Functions of bytes by a table of their 256 results.</summary>
public static unsafe class ByteTable
{
    private const int Grain = 16384;

    /// <summary>y[i] = table[x[i]]; y may be x.</summary>
    /// <exception cref="ArgumentException">The table has not 256 entries, or y is shorter than x.</exception>
    public static void Run(ReadOnlySpan<byte> x, ReadOnlySpan<byte> table, Span<byte> y, WorkerPool pool)
    {
        Guard.Length(table, 256);
        Guard.Length(y, x.Length);
        fixed (byte* px = x, pt = table, py = y)
            pool.For(x.Length, Grain, new Job(px, pt, py));
    }

    /// <summary>y[i, c] = tables[c, x[i, c]]; y may be x.</summary>
    /// <exception cref="ArgumentException">There are not 256 entries for each channel, x has not whole rows, or y is shorter than x.</exception>
    public static void RunChannels(ReadOnlySpan<byte> x, ReadOnlySpan<byte> tables, int channels, Span<byte> y, WorkerPool pool)
    {
        Guard.Length(tables, 256L * channels);
        Guard.Length(y, x.Length);
        if (channels == 0 || x.Length % channels != 0)
            throw new ArgumentException($"{x.Length} elements are no rows of {channels}", nameof(x));
        fixed (byte* px = x, pt = tables, py = y)
            pool.For(x.Length / channels, Math.Max(1, Grain / channels), new ChannelJob(px, pt, channels, py));
    }

    private readonly struct ChannelJob(byte* x, byte* tables, int channels, byte* y) : IRangeJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int start, int end)
        {
            for (nint row = (nint)start * channels; row < (nint)end * channels; row += channels)
            {
                byte* table = tables;
                for (nint i = row; i < row + channels; i++, table += 256)
                    y[i] = table[x[i]];
            }
        }
    }

    private readonly struct Job(byte* x, byte* table, byte* y) : IRangeJob
    {
        public void Run(int start, int end)
        {
            int i = Avx512Vbmi.IsSupported && Vector512.IsHardwareAccelerated ? Permute(x, table, y, start, end) : Avx2.IsSupported ? Shuffle(x, table, y, start, end) : start;
            for (; i < end; i++)
                y[i] = table[x[i]];
        }

        // Each half of the table is two registers; the top bit of the element chooses the half.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static int Permute(byte* x, byte* table, byte* y, int start, int end)
        {
            Vector512<byte> t0 = Vector512.Load(table), t1 = Vector512.Load(table + 64), t2 = Vector512.Load(table + 128), t3 = Vector512.Load(table + 192);
            int i = start;
            for (; i <= end - Vector512<byte>.Count; i += Vector512<byte>.Count)
            {
                Vector512<byte> v = Vector512.Load(x + i);
                Vector512<byte> low = Avx512Vbmi.PermuteVar64x8x2(t0, v, t1), high = Avx512Vbmi.PermuteVar64x8x2(t2, v, t3);
                Vector512.ConditionalSelect(Vector512.LessThan(v.AsSByte(), Vector512<sbyte>.Zero).AsByte(), high, low).Store(y + i);
            }

            return i;
        }

        // 64 elements at a time, each looked up in all 16 rows of 16 entries: 16 less for each row, an element is below 16 in its own alone, and
        // elsewhere has its top bit set once 0x70 is added, for which the shuffle gives 0. The scalar equivalent is the loop above, which also takes what
        // is left over.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static int Shuffle(byte* x, byte* table, byte* y, int start, int end)
        {
            Vector256<byte> above = Vector256.Create((byte)0x70), entries = Vector256.Create((byte)16);
            int i = start;
            for (; i <= end - (2 * Vector256<byte>.Count); i += 2 * Vector256<byte>.Count)
            {
                Vector256<byte> v0 = Vector256.Load(x + i), v1 = Vector256.Load(x + i + Vector256<byte>.Count), y0 = Vector256<byte>.Zero, y1 = y0;
                for (byte* row = table; row < table + 256; row += 16)
                {
                    Vector256<byte> values = Avx2.BroadcastVector128ToVector256(row);
                    y0 |= Avx2.Shuffle(values, Avx2.AddSaturate(v0, above));
                    y1 |= Avx2.Shuffle(values, Avx2.AddSaturate(v1, above));
                    v0 -= entries;
                    v1 -= entries;
                }

                y0.Store(y + i);
                y1.Store(y + i + Vector256<byte>.Count);
            }

            return i;
        }
    }
}
