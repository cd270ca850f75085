using System.Runtime.CompilerServices;
using Decant.Kernels.Gemm;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Conv;

/// <summary>
/// A depthwise convolution of fewer channels than a register has lanes, of stride 1 along the width: registers lie along the line
/// of pixels and channels, where a tap is as far from its output everywhere. The weights of a tap repeat every Channels lanes.
/// </summary>
internal static unsafe class DepthwiseFlat
{
    public static bool Fits(in DepthwiseGeometry g)
    {
        int lanes = LaneWidth.Current / 32;
        return g.Multiplier == 1 && g.Width is { Stride: 1, Dilation: 1 } && g.Channels < lanes && (long)g.Width.Output * g.Channels >= lanes && (long)g.Width.Kernel * g.Channels < int.MaxValue / 4;
    }

    public static void Run(float* x, float* filter, float* y, in DepthwiseGeometry g, TileFinish finish, WorkerPool pool)
    {
        int bits = LaneWidth.Current;
        if (bits >= 512)
            Run<Lanes512<float>>(x, filter, y, g, finish, pool);
        else if (bits >= 256)
            Run<Lanes256<float>>(x, filter, y, g, finish, pool);
        else
            Run<Lanes128<float>>(x, filter, y, g, finish, pool);
    }

    private static void Run<V>(float* x, float* filter, float* y, in DepthwiseGeometry g, TileFinish finish, WorkerPool pool)
        where V : struct, ILanes<V, float>
    {
        // Of each tap, and of the bias, as many repeated values as a register from any channel on needs.
        int taps = g.Height.Kernel * g.Width.Kernel, period = g.Channels + V.Count;
        float* repeated = Scratch.Get<float>((taps + 1L) * period, 1);
        for (int tap = 0; tap <= taps; tap++)
        {
            for (int i = 0; i < period; i++)
                repeated[((long)tap * period) + i] = tap < taps ? filter[((long)tap * g.Channels) + (i % g.Channels)] : finish.Bias == null ? -0f : finish.Bias[i % g.Channels];
        }

        long work = (long)taps * g.Width.Output * g.Channels;
        pool.For(checked(g.Batch * g.Height.Output), (int)Math.Max(1, 16384 / Math.Max(1, work)), new Job<V>(x, repeated, y, g, finish));
    }

    private readonly struct Job<V>(float* x, float* repeated, float* y, DepthwiseGeometry g, TileFinish finish) : IRangeJob
        where V : struct, ILanes<V, float>
    {
        public void Run(int start, int end)
        {
            // Each line with its padding, as long as the last register of the last tap reaches.
            long length = ((long)g.Width.Output + g.Width.Kernel) * g.Channels;
            float* lines = Scratch.Get<float>(length * g.Height.Kernel, 2);
            int from = Math.Min(g.Width.PadBefore * g.Channels, (int)length), inside = (int)Math.Min((long)g.Width.Input * g.Channels, length - from);
            for (int row = start; row < end; row++)
            {
                (int batch, int h) = Math.DivRem(row, g.Height.Output);
                (int first, int last) = g.Height.Taps(h);
                for (int tap = first; tap < last; tap++)
                {
                    long source = ((long)batch * g.Height.Input) + ((long)h * g.Height.Stride) - g.Height.PadBefore + ((long)tap * g.Height.Dilation);
                    float* line = lines + (tap * length);
                    new Span<float>(line, from).Clear();
                    new ReadOnlySpan<float>(x + (source * g.Width.Input * g.Channels), inside).CopyTo(new Span<float>(line + from, inside));
                    new Span<float>(line + from + inside, (int)length - from - inside).Clear();
                }

                Line(lines, (nint)length, first, last, y + ((long)row * g.Width.Output * g.Channels));
            }
        }

        // The last register ends at the last element, and computes some of those before again.
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Line(float* lines, nint length, int first, int last, float* target)
        {
            int n = g.Width.Output * g.Channels, channels = g.Channels, kernel = g.Width.Kernel, period = channels + V.Count;
            V low = V.Create(finish.Low), high = V.Create(finish.High);
            for (int i = 0; i < n; i += V.Count)
            {
                int at = Math.Min(i, n - V.Count);
                float* weights = repeated + (at % channels) + ((nint)first * kernel * period);
                V sum = V.Constant(0);
                for (int tap = first; tap < last; tap++)
                {
                    float* p = lines + (tap * length) + at;
                    for (int t = 0; t < kernel; t++, p += channels, weights += period)
                        sum = V.Fma(V.Load(p), V.Load(weights), sum);
                }

                sum += V.Load(repeated + (at % channels) + ((nint)g.Height.Kernel * kernel * period));
                if (finish.Activation != Activation.None)
                    sum = V.Select(V.Less(sum, low), low, V.Select(V.Less(high, sum), high, sum));
                sum.Store(target + at);
            }
        }
    }
}
