using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Conv;

/// <summary>
/// The transposed convolution whose windows lie side by side and cover up to four results each, as of the last layer of a segmentation: a result is the
/// scalar product of a pixel with a row of the filter, and registers lie along both. As a matrix product it would have too few columns.
/// </summary>
internal static unsafe class SpreadPixels
{
    /// <summary>Results of a window, for which one register takes the sums.</summary>
    private const int Most = 4;

    private const int Lanes = 8;

    public static bool Fits(in ConvGeometry g) =>
        LaneWidth.Current >= 256 && Avx.IsSupported && Fma.IsSupported && g.Groups == 1 && g.Depth == WindowAxis.One && IsApart(g.Height) && IsApart(g.Width)
        && (long)g.Height.Kernel * g.Width.Kernel * g.InChannels <= Most && g.OutChannels >= Lanes && g.OutChannels % Lanes == 0;

    /// <summary>dx[geometry's input] = dy[geometry's output] transposed-convolved with filter.</summary>
    public static void Run(float* dy, float* filter, float* dx, in ConvGeometry geometry, WorkerPool pool)
    {
        long work = (long)geometry.Width.Output * geometry.OutChannels * Most;
        pool.For(checked(geometry.Batch * geometry.Height.Output), (int)Math.Max(1, 65536 / Math.Max(1, work)), new Job(dy, filter, dx, geometry));
    }

    private static bool IsApart(WindowAxis axis) =>
        axis.Kernel == axis.Stride && axis.Dilation == 1 && axis.PadBefore == 0 && axis.Input == (long)axis.Output * axis.Stride;

    private readonly struct Job(float* dy, float* filter, float* dx, ConvGeometry g) : IRangeJob
    {
        public void Run(int start, int end)
        {
            int width = g.Width.Output, heights = g.Height.Kernel, run = g.Width.Kernel * g.InChannels;
            float* sums = Scratch.Get<float>((long)width * Most, 2);
            for (int line = start; line < end; line++)
            {
                Line(dy + ((long)line * width * g.OutChannels), sums);
                for (int h = 0; h < heights; h++)
                    Spread(sums + (h * run), width, run, dx + ((((long)line * heights) + h) * width * run));
            }
        }

        /// <summary>The results of each pixel of a line, four of them also where there are fewer.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Line(float* x, float* sums)
        {
            nint channels = g.OutChannels;
            int results = g.Height.Kernel * g.Width.Kernel * g.InChannels;
            float* f0 = filter;
            float* f1 = filter + (results > 1 ? channels : 0);
            float* f2 = filter + (results > 2 ? 2 * channels : 0);
            float* f3 = filter + (results > 3 ? 3 * channels : 0);
            for (int pixel = 0; pixel < g.Width.Output; pixel++, x += channels, sums += Most)
            {
                Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
                for (nint c = 0; c < channels; c += Lanes)
                {
                    Vector256<float> v = Vector256.Load(x + c);
                    s0 = Fma.MultiplyAdd(v, Vector256.Load(f0 + c), s0);
                    s1 = Fma.MultiplyAdd(v, Vector256.Load(f1 + c), s1);
                    s2 = Fma.MultiplyAdd(v, Vector256.Load(f2 + c), s2);
                    s3 = Fma.MultiplyAdd(v, Vector256.Load(f3 + c), s3);
                }

                Vector256<float> all = Avx.HorizontalAdd(Avx.HorizontalAdd(s0, s1), Avx.HorizontalAdd(s2, s3));
                (all.GetLower() + all.GetUpper()).Store(sums);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Spread(float* sums, int pixels, int run, float* target)
        {
            for (int pixel = 0; pixel < pixels; pixel++, sums += Most, target += run)
            {
                if (run == 2)
                {
                    *(double*)target = *(double*)sums;
                    continue;
                }

                for (int i = 0; i < run; i++)
                    target[i] = sums[i];
            }
        }
    }
}
