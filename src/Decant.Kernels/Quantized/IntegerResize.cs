using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Quantized;

/// <summary>Where the two neighbours of a row or column of the output lie, and how the blend weighs them.</summary>
/// <param name="Lower">The neighbour before.</param>
/// <param name="Upper">The neighbour behind.</param>
/// <param name="Fixed">The weight of <paramref name="Upper"/> in 1024ths; may leave [0, 1024] at an edge.</param>
/// <param name="Real">The same as a real number.</param>
public readonly record struct ResizeNeighbours(int Lower, int Upper, int Fixed, float Real);

/// <summary>Bilinear resizing of integers as TensorFlow Lite does it: of signed ones in fixed point, of unsigned bytes in float.</summary>
public static unsafe class IntegerResize
{
    private const int One = 1 << 10;
    private const int Half = 1 << 19;
    private const int Grain = 16384;

    /// <summary>y [batch, rows, columns, channels] = a blend of x [batch, height, width, channels].</summary>
    public static void Bilinear<T>(ReadOnlySpan<T> x, Span<T> y, int batch, int height, int width, int channels, ReadOnlySpan<ResizeNeighbours> rows, ReadOnlySpan<ResizeNeighbours> columns, WorkerPool pool)
        where T : unmanaged
    {
        Guard.Length(x, (long)batch * height * width * channels);
        Guard.Length(y, (long)batch * rows.Length * columns.Length * channels);
        if (y.IsEmpty)
            return;
        fixed (T* px = x, py = y)
        fixed (ResizeNeighbours* pr = rows, pc = columns)
            pool.For(batch * rows.Length, 1 + (Grain / Math.Max(1, columns.Length * channels)), new Job<T>(px, py, height, width, channels, pr, rows.Length, pc, columns.Length));
    }

    private static void Real(byte* a, byte* b, byte* c, byte* d, byte* y, int channels, float fy, float fx)
    {
        int i = 0;
        if (IntegerLanes256.IsSupported && channels >= Vector256<float>.Count)
        {
            Vector256<float> upY = Vector256.Create(fy), upX = Vector256.Create(fx), downY = Vector256.Create(1 - fy), downX = Vector256.Create(1 - fx), half = Vector256.Create(0.5f);
            for (; i < channels; i += Vector256<float>.Count)
            {
                i = Math.Min(i, channels - Vector256<float>.Count);
                Vector256<float> sum = (Load(a + i) * downY * downX) + (Load(c + i) * upY * downX) + (Load(b + i) * downY * upX) + (Load(d + i) * upY * upX) + half;
                IntegerLanes256.StoreBytes(Vector256.ConvertToInt32(sum), y + i);
            }
        }

        for (; i < channels; i++)
            y[i] = (byte)(int)((a[i] * (1 - fy) * (1 - fx)) + (c[i] * fy * (1 - fx)) + (b[i] * (1 - fy) * fx) + (d[i] * fy * fx) + 0.5f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load(byte* from) => Vector256.ConvertToSingle(IntegerLanes256.LoadBytes(from, false));

    // Of 20 fractional bits; rounded half away from zero.
    private static void Fixed(sbyte* a, sbyte* b, sbyte* c, sbyte* d, sbyte* y, int channels, int fy, int fx)
    {
        int i = 0;
        (int w00, int w01, int w10, int w11) = ((One - fy) * (One - fx), (One - fy) * fx, fy * (One - fx), fy * fx);
        if (IntegerLanes256.IsSupported && channels >= Vector256<int>.Count)
        {
            Vector256<int> v00 = Vector256.Create(w00), v01 = Vector256.Create(w01), v10 = Vector256.Create(w10), v11 = Vector256.Create(w11);
            for (; i < channels; i += Vector256<int>.Count)
            {
                i = Math.Min(i, channels - Vector256<int>.Count);
                Vector256<int> sum = (Load(a + i) * v00) + (Load(b + i) * v01) + (Load(c + i) * v10) + (Load(d + i) * v11);
                Vector256<int> rounded = sum + Vector256.ConditionalSelect(Vector256.GreaterThan(sum, Vector256<int>.Zero), Vector256.Create(Half), Vector256.Create(-Half));
                IntegerLanes256.StoreBytes((rounded + ((rounded >> 31) & Vector256.Create((1 << 20) - 1))) >> 20, (byte*)y + i);
            }
        }

        for (; i < channels; i++)
        {
            int sum = (w00 * a[i]) + (w01 * b[i]) + (w10 * c[i]) + (w11 * d[i]);
            y[i] = (sbyte)((sum + (sum > 0 ? Half : -Half)) / (1 << 20));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Load(sbyte* from) => IntegerLanes256.LoadBytes((byte*)from, true);

    private static void Fixed(short* a, short* b, short* c, short* d, short* y, int channels, int fy, int fx)
    {
        for (int i = 0; i < channels; i++)
        {
            long sum = ((One - fy) * (((long)(One - fx) * a[i]) + ((long)fx * b[i]))) + (fy * (((long)(One - fx) * c[i]) + ((long)fx * d[i])));
            y[i] = (short)((sum + (sum > 0 ? Half : -Half)) / (1 << 20));
        }
    }

    private readonly struct Job<T>(T* x, T* y, int height, int width, int channels, ResizeNeighbours* rows, int rowCount, ResizeNeighbours* columns, int columnCount) : IRangeJob
        where T : unmanaged
    {
        public void Run(int start, int end)
        {
            for (int row = start; row < end; row++)
            {
                (int n, int oy) = Math.DivRem(row, rowCount);
                ResizeNeighbours r = rows[oy];
                T* upper = x + ((((nint)n * height) + r.Lower) * width * channels), lower = x + ((((nint)n * height) + r.Upper) * width * channels);
                T* to = y + ((nint)row * columnCount * channels);
                for (int ox = 0; ox < columnCount; ox++, to += channels)
                {
                    ResizeNeighbours c = columns[ox];
                    nint left = (nint)c.Lower * channels, right = (nint)c.Upper * channels;
                    if (typeof(T) == typeof(byte))
                        Real((byte*)(upper + left), (byte*)(upper + right), (byte*)(lower + left), (byte*)(lower + right), (byte*)to, channels, r.Real, c.Real);
                    else if (typeof(T) == typeof(sbyte))
                        Fixed((sbyte*)(upper + left), (sbyte*)(upper + right), (sbyte*)(lower + left), (sbyte*)(lower + right), (sbyte*)to, channels, r.Fixed, c.Fixed);
                    else
                        Fixed((short*)(upper + left), (short*)(upper + right), (short*)(lower + left), (short*)(lower + right), (short*)to, channels, r.Fixed, c.Fixed);
                }
            }
        }
    }
}
