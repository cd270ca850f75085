using System.Runtime.CompilerServices;
using Decant.Kernels.Gemm;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Conv;

/// <summary>
/// A convolution of one channel to one, the filter of a signal: registers lie along the outputs of a line, for which the inputs are
/// split by their residue of the stride. Each output sums its products in the order of the taps, as the general path does, with the
/// same bits.
/// </summary>
internal static unsafe class SignalConvolution
{
    /// <summary>Outputs of a line that a thread takes at once.</summary>
    private const int RunLength = 1024;

    private const int LeastTaps = 16;
    private const int MostStride = 16;

    public static bool Fits(in ConvGeometry geometry) =>
        LaneWidth.Current > 0 && geometry.Groups == 1 && geometry.InChannels == 1 && geometry.OutChannels == 1 && geometry.Width.Dilation == 1
        && geometry.Width.Stride <= MostStride && geometry.Width.Kernel is >= LeastTaps and <= 1 << 16 && (long)geometry.Depth.Kernel * geometry.Height.Kernel <= 64;

    public static void Run(float* x, float* filter, float* y, in ConvGeometry geometry, TileFinish finish, float* residual, WorkerPool pool)
    {
        int bits = LaneWidth.Current;
        if (bits >= 512)
            Run<Lanes512<float>>(x, filter, y, geometry, finish, residual, pool);
        else if (bits >= 256)
            Run<Lanes256<float>>(x, filter, y, geometry, finish, residual, pool);
        else
            Run<Lanes128<float>>(x, filter, y, geometry, finish, residual, pool);
    }

    private static void Run<V>(float* x, float* filter, float* y, in ConvGeometry geometry, TileFinish finish, float* residual, WorkerPool pool)
        where V : struct, ILanes<V, float>
    {
        if (geometry.OutputPixels == 0)
            return;
        int runs = (geometry.Width.Output + RunLength - 1) / RunLength;
        int lines = checked(geometry.Batch * geometry.Depth.Output * geometry.Height.Output);
        long work = (long)Math.Min(RunLength, geometry.Width.Output) * geometry.Taps;
        pool.For(checked(lines * runs), (int)Math.Max(1, 65536 / work), new Job<V>(x, filter, y, geometry, finish, residual, runs));
    }

    private readonly struct Job<V>(float* x, float* filter, float* y, ConvGeometry geometry, TileFinish finish, float* residual, int runs) : IRangeJob
        where V : struct, ILanes<V, float>
    {
        private const int Unroll = 4;

        public void Run(int start, int end)
        {
            int stride = geometry.Width.Stride, kernel = geometry.Width.Kernel;
            // Of each residue, the inputs of a run of outputs, of the taps behind it and of registers that are not full.
            nint length = RunLength + ((kernel - 1) / stride) + (Unroll * V.Count);
            float* split = Scratch.Get<float>(length * stride * geometry.Depth.Kernel * geometry.Height.Kernel, 2);
            float* sums = stackalloc float[Unroll * V.Count];
            for (int i = start; i < end; i++)
            {
                (int line, int run) = Math.DivRem(i, runs);
                int first = run * RunLength, count = Math.Min(RunLength, geometry.Width.Output - first);
                Split(line, first, split, length);
                float* target = y + ((long)line * geometry.Width.Output) + first;
                for (int o = 0; o < count; o += Unroll * V.Count)
                {
                    Sum(split + o, length, sums);
                    for (int j = 0; j < Math.Min(Unroll * V.Count, count - o); j++)
                    {
                        float sum = finish.Bias == null ? sums[j] : sums[j] + finish.Bias[0];
                        float* at = target + o + j;
                        *at = finish.Last(residual == null ? sum : sum + residual[at - y], 0);
                    }
                }
            }
        }

        /// <summary>split[line of the window][residue][j] = the input at (first + j)·stride + residue - padding, 0 outside.</summary>
        private void Split(int line, int first, float* split, nint length)
        {
            (int slice, int h) = Math.DivRem(line, geometry.Height.Output);
            (int batch, int d) = Math.DivRem(slice, geometry.Depth.Output);
            int stride = geometry.Width.Stride;
            for (int a = 0; a < geometry.Depth.Kernel; a++)
            {
                int z = (d * geometry.Depth.Stride) - geometry.Depth.PadBefore + (a * geometry.Depth.Dilation);
                for (int b = 0; b < geometry.Height.Kernel; b++)
                {
                    int row = (h * geometry.Height.Stride) - geometry.Height.PadBefore + (b * geometry.Height.Dilation);
                    bool isInside = (uint)z < (uint)geometry.Depth.Input && (uint)row < (uint)geometry.Height.Input;
                    float* source = x + (((((long)batch * geometry.Depth.Input) + z) * geometry.Height.Input) + row) * geometry.Width.Input;
                    for (int residue = 0; residue < stride; residue++, split += length)
                    {
                        long at = ((long)first * stride) + residue - geometry.Width.PadBefore;
                        for (nint j = 0; j < length; j++, at += stride)
                            split[j] = isInside && (ulong)at < (ulong)geometry.Width.Input ? source[at] : 0;
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Sum(float* split, nint length, float* sums)
        {
            int stride = geometry.Width.Stride, kernel = geometry.Width.Kernel, lines = geometry.Depth.Kernel * geometry.Height.Kernel;
            V s0 = V.Constant(0), s1 = s0, s2 = s0, s3 = s0;
            float* w = filter;
            for (int line = 0; line < lines; line++, split += length * stride)
            {
                for (int tap = 0, shift = 0; tap < kernel; shift++)
                {
                    float* p = split + shift;
                    for (int residue = 0; residue < stride && tap < kernel; residue++, tap++, p += length)
                    {
                        V weight = V.Create(*w++);
                        s0 = V.Fma(weight, V.Load(p), s0);
                        s1 = V.Fma(weight, V.Load(p + V.Count), s1);
                        s2 = V.Fma(weight, V.Load(p + (2 * V.Count)), s2);
                        s3 = V.Fma(weight, V.Load(p + (3 * V.Count)), s3);
                    }
                }
            }

            s0.Store(sums);
            s1.Store(sums + V.Count);
            s2.Store(sums + (2 * V.Count));
            s3.Store(sums + (3 * V.Count));
        }
    }
}
