using Decant.Kernels.Conv;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Quantized;

/// <summary>
/// Depthwise convolutions of integers. The lines of the input that a row of the output needs are copied, padded, into a ring in the L1 or L2
/// cache, in the form of the micro-kernel: so no pixel of the output is a special case.
/// </summary>
public static unsafe class IntegerDepthwise
{
    /// <summary>Sums kept at once: 16 KB.</summary>
    private const int MostSums = 4096;

    /// <summary>Bytes behind a line that may be read.</summary>
    private const int LineRoom = 64;

    private const long PieceWork = 32768;

    /// <summary>Products of 2^15 · 2^8 whose sum stays below 2^31.</summary>
    private const long MostTaps = 255;

    /// <summary>Elements of the lines that are copied.</summary>
    private const long MostLines = 1 << 25;

    /// <summary>Whether the lines under a row of windows are of a size that can be kept beside; multipliers above 1 are not taken.</summary>
    public static bool Takes(in DepthwiseGeometry g) =>
        g.Multiplier == 1 && g.Height.Kernel * (long)g.Width.Kernel <= MostTaps && (((g.Width.Output - 1L) * g.Width.Stride) + (((g.Width.Kernel - 1L) * g.Width.Dilation) + 1)) * g.Channels * g.Height.Kernel <= MostLines;

    /// <summary>y = requantize(x * filter).</summary>
    /// <param name="x">The bytes of the input, [batch, height, width, channels].</param>
    /// <param name="form">What they are.</param>
    /// <param name="geometry">The convolution, of multiplier 1.</param>
    /// <param name="filter">The packed weights.</param>
    /// <param name="requantizer">Made for these weights and this form.</param>
    /// <param name="y">The bytes of the output.</param>
    /// <param name="pool">The threads.</param>
    /// <exception cref="ArgumentException">A span is shorter than the geometry needs.</exception>
    public static void Run(ReadOnlySpan<byte> x, ActivationForm form, in DepthwiseGeometry geometry, IntegerDepthwiseFilter filter, Requantizer requantizer, Span<byte> y, WorkerPool pool)
    {
        Guard.Length(x, geometry.InputCount * form.Size);
        Guard.Length(y, geometry.OutputCount * requantizer.Output.Size);
        fixed (byte* px = x, py = y)
            Run(px, form, null, geometry, filter, new QuantizedFinish(requantizer, py, geometry.OutChannels), pool);
    }

    /// <summary>As the other for 16-bit activations whose sums get biases of 64 bits.</summary>
    public static void Run(ReadOnlySpan<short> x, in DepthwiseGeometry geometry, IntegerDepthwiseFilter filter, LongRequantizer requantizer, Span<byte> y, WorkerPool pool)
    {
        Guard.Length(x, geometry.InputCount);
        Guard.Length(y, geometry.OutputCount * requantizer.Output.Size);
        fixed (short* px = x)
        fixed (byte* py = y)
            Run((byte*)px, new ActivationForm(IntegerKind.Int16, 0), null, geometry, filter, new LongFinish(requantizer, py, geometry.OutChannels), pool);
    }

    /// <summary>As the other for activations that were quantized per batch: sums times a scale per batch and channel, plus the bias.</summary>
    public static void RunHybrid(ReadOnlySpan<sbyte> x, ReadOnlySpan<int> zeroPoints, ReadOnlySpan<float> scales, in DepthwiseGeometry geometry, IntegerDepthwiseFilter filter, in HybridFinish finish, Span<float> y, WorkerPool pool)
    {
        Guard.Length(x, geometry.InputCount);
        Guard.Length(y, geometry.OutputCount);
        finish.Guard(geometry.OutChannels, scales.Length, zeroPoints.Length, geometry.Batch);
        fixed (sbyte* px = x)
        fixed (float* py = y, rowScales = scales, channelScales = finish.Scales, bias = finish.Bias)
        fixed (int* zeros = zeroPoints)
        {
            var real = new RealFinish(py, geometry.OutChannels, (long)geometry.Height.Output * geometry.Width.Output, finish, rowScales, zeros, channelScales, bias);
            Run((byte*)px, new ActivationForm(IntegerKind.Int8, 0), zeros, geometry, filter, real, pool);
        }
    }

    private static void Run<TFinish>(byte* x, ActivationForm form, int* zeroPoints, in DepthwiseGeometry g, IntegerDepthwiseFilter filter, in TFinish finish, WorkerPool pool)
        where TFinish : struct, IDotFinish
    {
        if (filter.Channels != g.Channels || g.Multiplier != 1 || filter.Taps != g.Height.Kernel * g.Width.Kernel)
            throw new ArgumentException($"the filter is packed for {filter.Taps} taps of {filter.Channels} channels, the geometry has another", nameof(filter));
        switch (form.Kind)
        {
            case IntegerKind.Int16:
                Rows<WideCopy, TFinish>(x, form, zeroPoints, g, filter, finish, pool);
                break;
            case IntegerKind.Int8 when filter.Kernel.Form == DotForm.Pairs:
                Rows<WidenCopy<sbyte>, TFinish>(x, form, zeroPoints, g, filter, finish, pool);
                break;
            case IntegerKind.UInt8 when filter.Kernel.Form == DotForm.Pairs:
                Rows<WidenCopy<byte>, TFinish>(x, form, zeroPoints, g, filter, finish, pool);
                break;
            default:
                Rows<FlipCopy, TFinish>(x, form, zeroPoints, g, filter, finish, pool);
                break;
        }
    }

    private static void Rows<TCopy, TFinish>(byte* x, ActivationForm form, int* zeroPoints, in DepthwiseGeometry g, IntegerDepthwiseFilter filter, in TFinish finish, WorkerPool pool)
        where TCopy : struct, IElementCopy
        where TFinish : struct, IDotFinish
    {
        int rows = checked(g.Batch * g.Height.Output);
        long work = Math.Max(1, (long)g.Width.Output * filter.TapCount * g.Channels);
        pool.For(rows, (int)Math.Clamp(PieceWork / work, 1, Math.Max(1, rows)), new Job<TCopy, TFinish>(x, form, zeroPoints, g, filter, finish));
    }

    private readonly struct Job<TCopy, TFinish>(byte* x, ActivationForm form, int* zeroPoints, DepthwiseGeometry g, IntegerDepthwiseFilter filter, TFinish finish) : IRangeJob
        where TCopy : struct, IElementCopy
        where TFinish : struct, IDotFinish
    {
        public void Run(int start, int end)
        {
            // Of a line what windows reach, and one line that is all padding; lines of the ring are those of the input modulo its length.
            int reach = ((g.Width.Output - 1) * g.Width.Stride) + g.Width.Extent, ring = Math.Min(g.Height.Extent, g.Height.Input);
            nint pixelBytes = (nint)g.Channels * TCopy.ToBytes, lineBytes = ((reach * pixelBytes) + LineRoom + 63) & ~63;
            byte* lines = Scratch.Get<byte>(lineBytes * (ring + 1), 0);
            int together = Math.Max(1, MostSums / (filter.Blocks * filter.Kernel.Channels));
            int sumStride = filter.Blocks * filter.Kernel.Channels;
            int* sums = Scratch.Get<int>(((long)Math.Min(together, g.Width.Output) * sumStride), 1);
            nint* taps = Scratch.Get<nint>(filter.TapCount + ring, 2);
            nint* held = taps + filter.TapCount;
            int batch = -1;
            fixed (int* zeros = filter.ZeroBytes)
            {
                DepthwiseTask task = new() { Taps = (byte**)taps, TapCount = filter.TapCount, Step = g.Width.Stride * pixelBytes, Blocks = filter.Blocks, Weights = filter.Data, Zeros = zeros, SumStride = sumStride };
                for (int row = start; row < end; row++)
                {
                    (int n, int oy) = Math.DivRem(row, g.Height.Output);
                    if (n != batch)
                    {
                        batch = n;
                        new Span<nint>(held, ring).Fill(-1);
                        new Span<byte>(lines + (ring * lineBytes), (int)lineBytes).Fill(Zero(n));
                    }

                    Place(n, oy, lines, lineBytes, ring, held, (byte**)taps, pixelBytes, reach);
                    for (int ox = 0; ox < g.Width.Output; ox += together)
                    {
                        task.Pixels = Math.Min(together, g.Width.Output - ox);
                        task.Sums = sums;
                        filter.Kernel.Run(task);
                        finish.Rows(new DotSums { Row = (row * g.Width.Output) + ox, RowCount = task.Pixels, Count = g.Channels, Values = sums, Stride = sumStride });
                        for (int t = 0; t < filter.TapCount; t++)
                            taps[t] += task.Pixels * task.Step;
                    }
                }
            }
        }

        private byte Zero(int n) => (byte)Here(n).StoredZeroPoint(filter.Kernel.Form);

        private ActivationForm Here(int n) => zeroPoints == null ? form : form with { ZeroPoint = zeroPoints[n] };

        /// <summary>Brings the lines into the ring that a row of the output needs, and points the taps at them.</summary>
        private void Place(int n, int oy, byte* lines, nint lineBytes, int ring, nint* held, byte** taps, nint pixelBytes, int reach)
        {
            int kernel = g.Width.Kernel;
            for (int ky = 0; ky < g.Height.Kernel; ky++)
            {
                int iy = (oy * g.Height.Stride) - g.Height.PadBefore + (ky * g.Height.Dilation), slot = ring;
                if ((uint)iy < (uint)g.Height.Input)
                {
                    slot = iy % ring;
                    if (held[slot] != iy)
                        Fill(n, iy, lines + (slot * lineBytes), pixelBytes, reach);
                    held[slot] = iy;
                }

                for (int kx = 0; kx < kernel; kx++)
                    taps[(ky * kernel) + kx] = lines + (slot * lineBytes) + (kx * g.Width.Dilation * pixelBytes);
            }

            for (int t = filter.Taps; t < filter.TapCount; t++)
                taps[t] = taps[0];
        }

        private void Fill(int n, int iy, byte* line, nint pixelBytes, int reach)
        {
            int left = Math.Min(g.Width.PadBefore, reach), right = Math.Clamp(reach - left, 0, g.Width.Input);
            new Span<byte>(line, (int)(left * pixelBytes)).Fill(Zero(n));
            byte* from = x + ((((nint)n * g.Height.Input) + iy) * g.Width.Input * g.Channels * TCopy.FromBytes);
            int change = filter.Kernel.Form == DotForm.Pairs ? Here(n).ZeroPoint : Here(n).Flip(filter.Kernel.Form);
            TCopy.Copy(from, line + (left * pixelBytes), (nint)right * g.Channels, change);
            new Span<byte>(line + ((left + right) * pixelBytes), (int)((reach - left - right) * pixelBytes)).Fill(Zero(n));
        }
    }
}
