using System.Runtime.Intrinsics;
using Decant.Kernels.Conv;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Quantized;

/// <summary>
/// Transposed convolutions of integers: every input pixel is multiplied with all taps at once, and each line of the output gathers its
/// products. Geometries are of the convolution of which this is the transpose: its input is the output here.
/// </summary>
public static unsafe class IntegerTransposeConv
{
    /// <summary>Products that are kept for a band of the output: 1 MB.</summary>
    private const long MostProducts = 1 << 18;

    /// <summary>Integers behind a line of sums that may be read.</summary>
    private const int Room = 32;

    /// <summary>Products of one line of the input, and sums of one of the output, that are kept at most.</summary>
    private const long MostLine = 1 << 24;

    /// <summary>Whether lines are of a size that can be kept beside, and windows are whole ones.</summary>
    public static bool Takes(in ConvGeometry g) =>
        g is { Groups: 1, Depth: { Input: 1, Output: 1 }, Height.Dilation: 1, Width.Dilation: 1, OutChannels: > 0 }
        && (long)g.Width.Output * g.Taps * g.InChannels * ((g.Height.Kernel / g.Height.Stride) + 2) <= MostLine && (long)g.Width.Input * g.InChannels <= MostLine;

    /// <summary>Packs a filter [channels of the output, height, width, channels of the activations].</summary>
    public static IntegerMatrix[] Pack(ReadOnlySpan<byte> filter, bool isSigned, int zeroPoint, in ConvGeometry geometry, bool isWide = false)
    {
        Guard.Length(filter, geometry.FilterCount);
        int taps = geometry.Taps, depth = geometry.OutChannels, channels = geometry.InChannels;
        byte[] tapsFirst = new byte[geometry.FilterCount];
        for (int o = 0; o < channels; o++)
        {
            for (int t = 0; t < taps; t++)
                filter.Slice(((o * taps) + t) * depth, depth).CopyTo(tapsFirst.AsSpan(((t * channels) + o) * depth));
        }

        return [IntegerMatrix.Pack(tapsFirst, isSigned, zeroPoint, depth, taps * channels, isWide)];
    }

    /// <summary>What requantizers need to know: of the taps of each channel of the output together. Zero points are off the sums before.</summary>
    public static WeightSums Weights(IntegerMatrix[] filter, in ConvGeometry geometry)
    {
        int channels = geometry.InChannels;
        var sums = new WeightSums(new int[channels], new long[channels], DotForm.Pairs);
        for (int i = 0; i < filter[0].N; i++)
        {
            sums.Sums[i % channels] += filter[0].Sums[i];
            sums.AbsoluteSums[i % channels] += filter[0].AbsoluteSums[i];
        }

        return sums;
    }

    /// <summary>y = requantize(transposed convolution of x).</summary>
    /// <param name="x">The bytes of the activations, the geometry's output.</param>
    /// <param name="form">What they are.</param>
    /// <param name="geometry">A geometry that <see cref="Takes"/> allows.</param>
    /// <param name="filter">The packed weights.</param>
    /// <param name="requantizer">Made for <see cref="Weights"/>.</param>
    /// <param name="y">The bytes of the geometry's input.</param>
    /// <param name="pool">The threads.</param>
    /// <exception cref="ArgumentException">A span is shorter than the geometry needs.</exception>
    public static void Run(ReadOnlySpan<byte> x, ActivationForm form, in ConvGeometry geometry, IntegerMatrix[] filter, Requantizer requantizer, Span<byte> y, WorkerPool pool)
    {
        Guard.Length(x, geometry.OutputCount * form.Size);
        Guard.Length(y, geometry.InputCount * requantizer.Output.Size);
        fixed (byte* px = x, py = y)
            Run(px, form, geometry, filter, new QuantizedFinish(requantizer, py, geometry.InChannels), pool);
    }

    /// <summary>As the other for 16-bit activations whose sums fit 32 bits and get biases of 64.</summary>
    public static void Run(ReadOnlySpan<short> x, in ConvGeometry geometry, IntegerMatrix[] filter, LongRequantizer requantizer, Span<byte> y, WorkerPool pool)
    {
        Guard.Length(x, geometry.OutputCount);
        Guard.Length(y, geometry.InputCount * requantizer.Output.Size);
        fixed (short* px = x)
        fixed (byte* py = y)
            Run((byte*)px, new ActivationForm(IntegerKind.Int16, 0), geometry, filter, new LongFinish(requantizer, py, geometry.InChannels), pool);
    }

    private static void Run<TFinish>(byte* x, ActivationForm form, in ConvGeometry g, IntegerMatrix[] filter, in TFinish finish, WorkerPool pool)
        where TFinish : struct, IDotFinish
    {
        if (!Takes(g) || filter is not [var b] || b.K != g.OutChannels || b.N != g.Taps * g.InChannels)
            throw new ArgumentException($"the filter is not packed for {g.OutChannels} x {g.Taps * g.InChannels}, or the geometry is not taken", nameof(filter));
        if (g.InputCount == 0)
            return;
        int lines = (int)Math.Clamp(MostProducts / Math.Max(1, (long)g.Width.Output * b.N), 1, Math.Max(1, g.Height.Output / pool.Threads));
        int band = (int)Math.Min((long)lines * g.Height.Stride, g.Height.Input), bands = (g.Height.Input + band - 1) / band;
        pool.For(checked(g.Batch * bands), 1, new Job<TFinish>(x, form, g, filter, finish, band, bands));
    }

    private readonly struct Job<TFinish>(byte* x, ActivationForm form, ConvGeometry g, IntegerMatrix[] filter, TFinish finish, int band, int bands) : IRangeJob
        where TFinish : struct, IDotFinish
    {
        public void Run(int start, int end)
        {
            IntegerMatrix b = filter[0];
            int lineSums = g.Width.Input * g.InChannels;
            int* sums = Scratch.Get<int>((long)lineSums + Room, 2);
            for (int i = start; i < end; i++)
            {
                (int n, int first) = Math.DivRem(i, bands);
                first *= band;
                int last = Math.Min(first + band, g.Height.Input);

                // Lines of the activations whose windows reach the band.
                int top = Math.Max(0, CeilingOf(first + g.Height.PadBefore - g.Height.Kernel + 1, g.Height.Stride));
                int bottom = Math.Min(g.Height.Output - 1, FloorOf(last - 1 + g.Height.PadBefore, g.Height.Stride));
                int rows = Math.Max(0, bottom - top + 1) * g.Width.Output;
                int* products = Scratch.Get<int>(Math.Max(1, (long)rows * b.N), 3);
                if (rows > 0)
                {
                    byte* from = x + ((((nint)n * g.Height.Output) + top) * g.Width.Output * g.OutChannels * form.Size);
                    IntegerProduct.Run(from, form, null, IntegerConv.Rows(rows, b.K, b.N), filter, new PlainFinish(b, form, products), WorkerPool.Inline);
                }

                for (int oy = first; oy < last; oy++)
                {
                    new Span<int>(sums, lineSums).Clear();
                    for (int iy = top; iy <= bottom; iy++)
                    {
                        int ky = oy + g.Height.PadBefore - (iy * g.Height.Stride);
                        if ((uint)ky < (uint)g.Height.Kernel)
                            Gather(products + (((nint)(iy - top) * g.Width.Output * g.Taps) + (ky * g.Width.Kernel)) * g.InChannels, sums);
                    }

                    finish.Rows(new DotSums { Row = ((n * g.Height.Input) + oy) * g.Width.Input, RowCount = g.Width.Input, Count = g.InChannels, Values = sums, Stride = g.InChannels });
                }
            }
        }

        private static int FloorOf(int a, int b) => a >= 0 ? a / b : -((b - 1 - a) / b);

        private static int CeilingOf(int a, int b) => -FloorOf(-a, b);

        /// <summary>Adds the products of a line of taps to a line of sums: those of the taps of a window lie one after another in both.</summary>
        private void Gather(int* products, int* sums)
        {
            int channels = g.InChannels;
            for (int ix = 0; ix < g.Width.Output; ix++, products += g.Taps * channels)
            {
                int ox = (ix * g.Width.Stride) - g.Width.PadBefore, left = Math.Max(0, -ox), right = Math.Min(g.Width.Kernel, g.Width.Input - ox);
                if (left >= right)
                    continue;
                int* from = products + (left * channels), to = sums + ((nint)(ox + left) * channels);
                int count = (right - left) * channels, i = 0;
                for (; i <= count - Vector256<int>.Count; i += Vector256<int>.Count)
                    (Vector256.Load(to + i) + Vector256.Load(from + i)).Store(to + i);
                for (; i < count; i++)
                    to[i] = unchecked(to[i] + from[i]);
            }
        }
    }

    /// <summary>Stores sums of products without zero points.</summary>
    private readonly struct PlainFinish(IntegerMatrix filter, ActivationForm form, int* to) : IDotFinish
    {
        public void Rows(in DotSums sums)
        {
            int zero = form.StoredZeroPoint(filter.Kernel.Form);
            ReadOnlySpan<int> weights = filter.Sums.AsSpan(sums.Channel, sums.Count);
            for (int r = 0; r < sums.RowCount; r++)
            {
                int* from = sums.Values + (r * sums.Stride), target = to + ((nint)(sums.Row + r) * filter.N) + sums.Channel;
                int term = sums.Terms == null ? 0 : sums.Terms[r];
                int i = 0;
                for (; i <= sums.Count - Vector256<int>.Count; i += Vector256<int>.Count)
                    (Vector256.Load(from + i) - Vector256.Create(term) - (Vector256.Create(weights[i..]) * Vector256.Create(zero))).Store(target + i);
                for (; i < sums.Count; i++)
                    target[i] = unchecked(from[i] - term - (weights[i] * zero));
            }
        }
    }
}
