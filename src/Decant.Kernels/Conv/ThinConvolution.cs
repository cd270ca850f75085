using System.Runtime.Intrinsics;
using Decant.Kernels.Gemm;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Conv;

/// <summary>
/// A convolution of few output channels. Registers along the channels would be mostly empty, so they lie along the lines of the
/// window, which are read where they are; windows that reach into the padding are copied together first.
/// </summary>
internal static unsafe class ThinConvolution
{
    /// <summary>Outputs of a line that a thread takes at once.</summary>
    private const int Run1D = 64;

    public static void Run(float* x, ThinFilter filter, float* y, in ConvGeometry geometry, TileFinish finish, float* residual, WorkerPool pool)
    {
        switch (filter.Lanes)
        {
            case 16:
                Run<Lanes512<float>>(x, filter, y, geometry, finish, residual, pool);
                break;
            case 8:
                Run<Lanes256<float>>(x, filter, y, geometry, finish, residual, pool);
                break;
            default:
                Run<Lanes128<float>>(x, filter, y, geometry, finish, residual, pool);
                break;
        }
    }

    private static void Run<V>(float* x, ThinFilter filter, float* y, in ConvGeometry geometry, TileFinish finish, float* residual, WorkerPool pool)
        where V : struct, ILanes<V, float>
    {
        if (geometry.OutputPixels == 0)
            return;
        int runs = (geometry.Width.Output + Run1D - 1) / Run1D;
        int lines = checked(geometry.Batch * geometry.Depth.Output * geometry.Height.Output);
        long work = (long)Math.Min(Run1D, geometry.Width.Output) * filter.Vectors * filter.Lanes * filter.N;
        pool.For(checked(lines * runs), (int)Math.Max(1, 262144 / work), new Job<V>(x, filter, y, geometry, finish, residual, runs));
    }

    private readonly struct Job<V>(float* x, ThinFilter filter, float* y, ConvGeometry geometry, TileFinish finish, float* residual, int runs) : IRangeJob
        where V : struct, ILanes<V, float>
    {
        public void Run(int start, int end)
        {
            int windows = ThinFilter.Windows;
            float* gathered = Scratch.Get<float>((long)windows * filter.Lines * filter.LineLength, 2);
            float* tails = Scratch.Get<float>((long)windows * filter.TailVectors * V.Count, 3);
            new Span<float>(tails, windows * filter.TailVectors * V.Count).Clear();
            float** lines = stackalloc float*[filter.Lines];
            int outputs = windows * filter.N;
            float* sums = stackalloc float[(windows * ThinFilter.MostColumns) + outputs];
            // Bias and slopes of a block's outputs, which lie one after another.
            float* columns = stackalloc float[2 * outputs];
            for (int j = 0; j < outputs; j++)
            {
                columns[j] = finish.Bias == null ? -0f : finish.Bias[j % filter.N];
                columns[outputs + j] = finish.Slopes == null ? 1 : finish.Slopes[j % filter.N];
            }

            TileFinish last = new(columns, finish.Activation, finish.Slopes == null ? null : columns + outputs);
            for (int i = start; i < end; i++)
            {
                (int line, int run) = Math.DivRem(i, runs);
                (int slice, int h) = Math.DivRem(line, geometry.Height.Output);
                (int batch, int d) = Math.DivRem(slice, geometry.Depth.Output);
                bool isWhole = Lines(batch, d, h, lines);
                int end1D = Math.Min(geometry.Width.Output, (run + 1) * Run1D);
                for (int w = run * Run1D; w < end1D; w += windows)
                    Block(lines, isWhole, w, Math.Min(windows, end1D - w), gathered, tails, sums, last, y + ((((long)line * geometry.Width.Output) + w) * filter.N));
            }
        }

        /// <summary>Where the lines of the windows of one output line begin, as if the input had no left edge; false when some lie in the padding (null).</summary>
        private bool Lines(int batch, int d, int h, float** lines)
        {
            bool isWhole = true;
            for (int a = 0; a < geometry.Depth.Kernel; a++)
            {
                int z = (d * geometry.Depth.Stride) - geometry.Depth.PadBefore + (a * geometry.Depth.Dilation);
                for (int b = 0; b < geometry.Height.Kernel; b++)
                {
                    int row = (h * geometry.Height.Stride) - geometry.Height.PadBefore + (b * geometry.Height.Dilation);
                    bool isInside = (uint)z < (uint)geometry.Depth.Input && (uint)row < (uint)geometry.Height.Input;
                    isWhole &= isInside;
                    *lines++ = isInside ? x + (((((long)batch * geometry.Depth.Input) + z) * geometry.Height.Input) + row) * geometry.Width.Input * geometry.InChannels : null;
                }
            }

            return isWhole;
        }

        /// <summary>Up to eight outputs of a line from the <paramref name="w"/>-th on.</summary>
        private void Block(float** inputs, bool isWhole, int w, int count, float* gathered, float* tails, float* sums, TileFinish last, float* target)
        {
            int windows = ThinFilter.Windows, length = filter.LineLength, channels = geometry.InChannels;
            // The last block of a line begins with outputs that the one before has given; these are computed again and not stored.
            int again = count < windows && w + count >= windows && IsInside(w + count - windows) ? windows - count : 0;
            int first = ((w - again) * geometry.Width.Stride) - geometry.Width.PadBefore;
            bool isInside = isWhole && again + count == windows && IsInside(w - again);
            nint stride = isInside ? (nint)geometry.Width.Stride * channels : (nint)filter.Lines * length;
            float** lines = stackalloc float*[filter.Lines];
            for (int l = 0; l < filter.Lines; l++)
                lines[l] = isInside ? inputs[l] + ((long)first * channels) : gathered + ((long)l * length);
            if (!isInside)
                Gather(inputs, first, again + count, gathered);
            int tail = filter.Tail;
            if (tail > 0)
            {
                for (int window = 0; window < windows; window++)
                {
                    float* to = tails + ((long)window * filter.TailVectors * V.Count);
                    for (int l = 0; l < filter.Lines; l++, to += tail)
                    {
                        float* from = lines[l] + (window * stride) + (length - tail);
                        int j = 0;
                        for (; j <= tail - Vector128<float>.Count; j += Vector128<float>.Count)
                            Vector128.Load(from + j).Store(to + j);
                        for (; j < tail; j++)
                            to[j] = from[j];
                    }
                }
            }

            float* outputs = sums + (windows * ThinFilter.MostColumns);
            for (int column = 0; column < filter.N;)
            {
                int columns = filter.Columns(column);
                ThinTile<V>.Run(lines, filter.Lines, filter.Body, stride, tails, filter.TailVectors, filter.Data + ((long)column * filter.Vectors * V.Count), columns, sums);
                for (int window = 0; window < count; window++)
                {
                    for (int c = 0; c < columns; c++)
                        outputs[(window * filter.N) + column + c] = sums[((again + window) * columns) + c];
                }

                column += columns;
            }

            GemmFinish.Row(outputs, residual == null ? null : residual + (target - y), target, count * filter.N, last);
            if (last.Slopes != null)
                GemmFinish.Slope(target, 0, 1, count * filter.N, last.Slopes);
        }

        /// <summary>Whether the windows of the output <paramref name="w"/> of a line and of those behind it lie between the ends of the lines.</summary>
        private bool IsInside(int w)
        {
            int first = (w * geometry.Width.Stride) - geometry.Width.PadBefore;
            return first >= 0 && first + ((ThinFilter.Windows - 1) * geometry.Width.Stride) + geometry.Width.Kernel <= geometry.Width.Input;
        }

        /// <summary>Copies windows together, zeros for what lies in the padding and for windows beyond the last.</summary>
        private void Gather(float** inputs, int first, int count, float* gathered)
        {
            int channels = geometry.InChannels, taps = geometry.Width.Kernel;
            for (int window = 0; window < ThinFilter.Windows; window++)
            {
                int at = first + (window * geometry.Width.Stride);
                int skip = Math.Clamp(-at, 0, taps);
                int end = Math.Clamp(geometry.Width.Input - at, skip, taps);
                for (int l = 0; l < filter.Lines; l++, gathered += filter.LineLength)
                {
                    Span<float> to = new(gathered, filter.LineLength);
                    if (window >= count || inputs[l] == null)
                    {
                        to.Clear();
                        continue;
                    }

                    to[..(skip * channels)].Clear();
                    new ReadOnlySpan<float>(inputs[l] + ((long)(at + skip) * channels), (end - skip) * channels).CopyTo(to[(skip * channels)..]);
                    to[(end * channels)..].Clear();
                }
            }
        }
    }
}
