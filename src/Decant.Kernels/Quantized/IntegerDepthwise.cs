using Decant.Kernels.Conv;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Quantized;

/// <summary>
/// Depthwise convolutions of integers, on lines of the input that are copied, padded, in the form of the micro-kernel.
/// </summary>
public static unsafe class IntegerDepthwise
{
    /// <summary>Sums kept at once: 16 KB.</summary>
    private const int MostSums = 4096;

    private const long PieceWork = 32768;

    /// <summary>Products of 2^15 · 2^8 whose sum stays below 2^31.</summary>
    private const long MostTaps = 255;

    /// <summary>Elements of the lines that are copied.</summary>
    private const long MostLines = 1 << 25;

    /// <summary>Whether the lines under a row of windows are of a size that can be kept beside; multipliers above 1 are not taken.</summary>
    public static bool Takes(in DepthwiseGeometry g) =>
        g.Multiplier == 1 && g.Height.Kernel * (long)g.Width.Kernel <= MostTaps && LineRing<WideCopy>.Elements(g.Height, g.Width, g.Channels) <= MostLines;

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
        if (filter.Channels != g.Channels || g.Multiplier != 1 || filter.Height != g.Height.Kernel || filter.Width != g.Width.Kernel)
            throw new ArgumentException($"the filter is packed for windows of {filter.Height} x {filter.Width} and {filter.Channels} channels, the geometry has another", nameof(filter));
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
            var ring = new LineRing<TCopy>(x, form, zeroPoints, filter.Kernel.Form, g.Height, g.Width, g.Channels, 0);
            int lanes = filter.Kernel.Channels;

            // Few channels: pixels side by side fill a register.
            bool isFlat = g.Width.Stride == 1 && filter.IsRepeated;
            bool isInColumns = filter.IsInColumns && !isFlat && g.Width is { Stride: 1, Dilation: 1 };
            int sumStride = isFlat ? g.Channels : filter.Blocks * lanes, together = Math.Min(Math.Max(1, MostSums / sumStride), g.Width.Output);
            int* sums = Scratch.Get<int>(((long)together * sumStride) + lanes, 1);
            byte** taps = (byte**)Scratch.Get<nint>(filter.TapCount + g.Height.Kernel, 2), lines = taps + filter.TapCount;
            nint pixelStep = g.Width.Stride * ring.PixelBytes, tapStep = g.Width.Dilation * ring.PixelBytes;
            fixed (int* zeros = filter.ZeroBytes)
            {
                DepthwiseTask task = new() { Taps = taps, TapCount = filter.TapCount, Blocks = filter.Blocks, Weights = filter.Data, Zeros = zeros };
                (task.Step, task.SumStride) = isFlat ? (lanes * (nint)TCopy.ToBytes, lanes) : (pixelStep, sumStride);
                for (int row = start; row < end; row++)
                {
                    (int n, int oy) = Math.DivRem(row, g.Height.Output);
                    ring.Place(n, oy, lines);
                    for (int t = 0; t < filter.TapCount; t++)
                        taps[t] = lines[0];
                    for (int ky = 0; ky < g.Height.Kernel; ky++)
                    {
                        for (int kx = 0; kx < g.Width.Kernel; kx++)
                            taps[filter.Place(ky, kx)] = lines[ky] + (kx * tapStep);
                    }

                    for (int ox = 0; ox < g.Width.Output; ox += together)
                    {
                        int pixels = Math.Min(together, g.Width.Output - ox);
                        task.Pixels = isFlat ? ((pixels * g.Channels) + lanes - 1) / lanes : pixels;
                        task.Sums = sums;
                        if (isInColumns)
                            filter.Kernel.RunColumns(task);
                        else
                            filter.Kernel.Run(task);
                        finish.Rows(new DotSums { Row = (row * g.Width.Output) + ox, RowCount = pixels, Count = g.Channels, Values = sums, Stride = sumStride });
                        for (int t = 0; t < filter.TapCount && ox + together < g.Width.Output; t++)
                            taps[t] += pixels * pixelStep;
                    }
                }
            }
        }
    }
}
