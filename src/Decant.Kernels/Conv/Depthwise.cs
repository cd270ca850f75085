using System.Buffers;
using System.Runtime.CompilerServices;
using Decant.Kernels.Gemm;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Conv;

/// <summary>The float32 depthwise convolution, direct, lanes over channels; only taps inside the input are visited.</summary>
public static unsafe class Depthwise
{
    /// <summary>y = activation(depthwise(x, filter) + bias[Channels · Multiplier]), and then what the epilogue has last.</summary>
    /// <exception cref="ArgumentException">A span is shorter than the geometry needs.</exception>
    public static void Run(ReadOnlySpan<float> x, ReadOnlySpan<float> filter, Span<float> y, in DepthwiseGeometry geometry, in Epilogue<float> epilogue, WorkerPool pool)
    {
        DepthwiseGeometry g = geometry;
        Guard.Length(x, g.InputCount);
        Guard.Length(filter, g.FilterCount);
        Guard.Length(y, g.OutputCount);
        if (!epilogue.Bias.IsEmpty)
            Guard.Length(epilogue.Bias, g.OutChannels);
        if (!epilogue.Scale.IsEmpty)
        {
            Guard.Length(epilogue.Scale, g.OutChannels);
            Guard.Length(epilogue.Shift, g.OutChannels);
        }

        if (!epilogue.Residual.IsEmpty)
            throw new ArgumentException("a depthwise convolution takes no residual", nameof(epilogue));
        if (g.OutputCount == 0)
            return;
        if (g.Multiplier > 1)
        {
            RunExpanded(x, filter, y, g, epilogue, pool);
            return;
        }

        fixed (float* px = x, pf = filter, py = y, bias = epilogue.Bias, scale = epilogue.Scale, shift = epilogue.Shift)
        {
            Run(px, pf, py, g, new TileFinish(bias, epilogue.Activation), pool);
            new LastPass(scale, shift, epilogue.Swish.Offset, epilogue.Swish.Factor).Run(py, g.OutputCount / g.OutChannels, g.OutChannels, pool);
        }
    }

    private static void Run(float* x, float* filter, float* y, in DepthwiseGeometry g, TileFinish finish, WorkerPool pool)
    {
        if (DepthwiseFlat.Fits(g))
        {
            DepthwiseFlat.Run(x, filter, y, g, finish, pool);
            return;
        }

        if (Depthwise3x3.Fits(g))
        {
            Depthwise3x3.Run(x, filter, y, g, finish, pool);
            return;
        }

        int rows = g.Batch * g.Height.Output;
        int grain = (int)Math.Max(1, 16384 / Math.Max(1, g.FilterCount * g.Width.Output));
        int bits = LaneWidth.Current;
        if (bits >= 512 && g.Channels >= 16)
            pool.For(rows, grain, new Job<Lanes512<float>>(x, filter, y, g, finish));
        else if (bits >= 256 && g.Channels >= 8)
            pool.For(rows, grain, new Job<Lanes256<float>>(x, filter, y, g, finish));
        else
            pool.For(rows, grain, new Job<Lanes128<float>>(x, filter, y, g, finish));
    }

    /// <summary>Repeats each input channel Multiplier times, which makes the multiplier 1.</summary>
    private static void RunExpanded(ReadOnlySpan<float> x, ReadOnlySpan<float> filter, Span<float> y, in DepthwiseGeometry g, in Epilogue<float> epilogue, WorkerPool pool)
    {
        int count = checked((int)(g.InputCount * g.Multiplier));
        float[] expanded = ArrayPool<float>.Shared.Rent(count);
        try
        {
            for (int i = 0; i < g.InputCount; i++)
                expanded.AsSpan(i * g.Multiplier, g.Multiplier).Fill(x[i]);
            Run(expanded, filter, y, g with { Channels = g.OutChannels, Multiplier = 1 }, epilogue, pool);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(expanded);
        }
    }

    private readonly struct Job<V>(float* x, float* filter, float* y, DepthwiseGeometry g, TileFinish finish) : IRangeJob
        where V : struct, ILanes<V, float>
    {
        public void Run(int start, int end)
        {
            for (int row = start; row < end; row++)
            {
                int oh = row % g.Height.Output;
                int n = row / g.Height.Output;
                (int h0, int h1) = g.Height.Taps(oh);
                long line = (long)g.Width.Input * g.Channels;
                float* image = x + (n * g.Height.Input * line) + (((oh * g.Height.Stride) - g.Height.PadBefore) * line);
                Row(image, h0, h1, line, y + ((long)row * g.Width.Output * g.Channels));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Row(float* image, int h0, int h1, long line, float* target)
        {
            int channels = g.Channels;
            int w = V.Count;
            nint lineStep = (nint)(line * g.Height.Dilation);
            nint pixelStep = (nint)channels * g.Width.Dilation;
            nint advance = (nint)channels * g.Width.Stride;
            for (int ow = 0; ow < g.Width.Output;)
            {
                (int w0, int w1) = g.Width.Taps(ow);
                bool four = ow + 4 <= g.Width.Output && w0 == 0 && w1 == g.Width.Kernel && g.Width.Taps(ow + 3) == (0, g.Width.Kernel);
                nint first = ((nint)(ow * g.Width.Stride) - g.Width.PadBefore) * channels;
                float* pixel = image + first;
                float* outPixel = target + ((nint)ow * channels);
                int c = 0;
                if (four)
                {
                    for (; c <= channels - (2 * w); c += 2 * w)
                        FourByTwo(pixel + c, filter + c, c, h0, h1, g.Width.Kernel, channels, lineStep, pixelStep, advance, outPixel + c);
                    for (; c <= channels - w; c += w)
                        Four(pixel + c, c, h0, h1, lineStep, pixelStep, advance, outPixel + c);
                    for (int p = 0; p < 4 && c < channels; p++)
                        Tail(pixel + (p * advance), c, h0, h1, w0, w1, lineStep, pixelStep, outPixel + (p * (nint)channels));
                    ow += 4;
                    continue;
                }

                for (; c <= channels - w; c += w)
                    One(pixel + c, c, h0, h1, w0, w1, lineStep, pixelStep, outPixel + c);
                Tail(pixel, c, h0, h1, w0, w1, lineStep, pixelStep, outPixel);
                ow++;
            }
        }

        /// <summary>Four neighbouring output pixels by two registers of channels: eight chains hide the latency of FMA.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void FourByTwo(float* pixel, float* weights, int c, int h0, int h1, int kernelWidth, nint channels, nint lineStep, nint pixelStep, nint advance, float* target)
        {
            int w = V.Count;
            V a0 = V.Constant(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
            weights += h0 * kernelWidth * channels;
            pixel += h0 * lineStep;
            for (int kh = h0; kh < h1; kh++, pixel += lineStep)
            {
                float* p = pixel;
                float* q = pixel + (2 * advance);
                for (int kw = 0; kw < kernelWidth; kw++)
                {
                    V k = V.Load(weights), m = V.Load(weights + w);
                    a0 = V.Fma(V.Load(p), k, a0);
                    b0 = V.Fma(V.Load(p + w), m, b0);
                    a1 = V.Fma(V.Load(p + advance), k, a1);
                    b1 = V.Fma(V.Load(p + advance + w), m, b1);
                    a2 = V.Fma(V.Load(q), k, a2);
                    b2 = V.Fma(V.Load(q + w), m, b2);
                    a3 = V.Fma(V.Load(q + advance), k, a3);
                    b3 = V.Fma(V.Load(q + advance + w), m, b3);
                    p += pixelStep;
                    q += pixelStep;
                    weights += channels;
                }
            }

            a0.Store(target);
            b0.Store(target + w);
            a1.Store(target + channels);
            b1.Store(target + channels + w);
            a2.Store(target + (2 * channels));
            b2.Store(target + (2 * channels) + w);
            a3.Store(target + (3 * channels));
            b3.Store(target + (3 * channels) + w);
            if (!finish.IsNothing)
                GemmFinish.Run(target, channels, 4, 2 * w, new TileFinish(finish.Bias == null ? null : finish.Bias + c, finish.Activation));
        }

        /// <summary>Four neighbouring output pixels, all taps of the width inside the input.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Four(float* pixel, int c, int h0, int h1, nint lineStep, nint pixelStep, nint advance, float* target)
        {
            V s0 = V.Constant(0), s1 = s0, s2 = s0, s3 = s0;
            int kernelWidth = g.Width.Kernel;
            nint channels = g.Channels;
            float* weights = filter + (h0 * kernelWidth * channels) + c;
            for (int kh = h0; kh < h1; kh++)
            {
                float* p = pixel + (kh * lineStep);
                for (int kw = 0; kw < kernelWidth; kw++)
                {
                    V k = V.Load(weights);
                    s0 = V.Fma(V.Load(p), k, s0);
                    s1 = V.Fma(V.Load(p + advance), k, s1);
                    s2 = V.Fma(V.Load(p + (2 * advance)), k, s2);
                    s3 = V.Fma(V.Load(p + (3 * advance)), k, s3);
                    p += pixelStep;
                    weights += channels;
                }
            }

            Finish(s0, c).Store(target);
            Finish(s1, c).Store(target + channels);
            Finish(s2, c).Store(target + (2 * channels));
            Finish(s3, c).Store(target + (3 * channels));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void One(float* pixel, int c, int h0, int h1, int w0, int w1, nint lineStep, nint pixelStep, float* target)
        {
            V sum = V.Constant(0);
            for (int kh = h0; kh < h1; kh++)
            {
                for (int kw = w0; kw < w1; kw++)
                    sum = V.Fma(V.Load(pixel + (kh * lineStep) + (kw * pixelStep)), V.Load(filter + (((nint)kh * g.Width.Kernel) + kw) * g.Channels + c), sum);
            }

            Finish(sum, c).Store(target);
        }

        private void Tail(float* pixel, int c, int h0, int h1, int w0, int w1, nint lineStep, nint pixelStep, float* target)
        {
            for (; c < g.Channels; c++)
            {
                float sum = 0;
                for (int kh = h0; kh < h1; kh++)
                {
                    for (int kw = w0; kw < w1; kw++)
                        sum = MathF.FusedMultiplyAdd(pixel[(kh * lineStep) + (kw * pixelStep) + c], filter[((((nint)kh * g.Width.Kernel) + kw) * g.Channels) + c], sum);
                }

                if (finish.Bias != null)
                    sum += finish.Bias[c];
                target[c] = GemmReference.Activate(sum, finish.Activation);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private V Finish(V sum, int c)
        {
            if (finish.Bias != null)
                sum += V.Load(finish.Bias + c);
            if (finish.Activation == Activation.None)
                return sum;
            V low = V.Create(finish.Low), high = V.Create(finish.High);
            return V.Select(V.Less(sum, low), low, V.Select(V.Less(high, sum), high, sum));
        }
    }
}
