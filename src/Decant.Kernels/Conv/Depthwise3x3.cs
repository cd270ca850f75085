using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Kernels.Gemm;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Conv;

/// <summary>
/// Splits the output of a 3x3 depthwise convolution of stride 1 or 2 into the blocks of <see cref="DepthwiseTile{V}"/>. The outputs of a block lie as far
/// from one another as the taps do, so that dilated windows overlap as others do.
/// </summary>
internal static unsafe class Depthwise3x3
{
    // Pointers: up to 25 inputs, and 8 outputs after them, in whole registers of eight.
    private const int Inputs = 32;
    private const int Outputs = 8;

    /// <summary>Bands per thread up to which they are parted.</summary>
    private const int PartedBands = 8;

    private const int MostDilation = 64;

    public static bool Fits(in DepthwiseGeometry g) =>
        LaneWidth.Current > 0 && g.Multiplier == 1 && g.Channels >= 4 && g.Height is { Kernel: 3, Stride: 1 or 2 } && g.Width is { Kernel: 3 } && g.Width.Stride == g.Height.Stride
        && (g is { Height.Dilation: 1, Width.Dilation: 1 } || g is { Height: { Stride: 1, Dilation: <= MostDilation }, Width.Dilation: <= MostDilation });

    public static void Run(float* x, float* filter, float* y, in DepthwiseGeometry g, TileFinish finish, WorkerPool pool)
    {
        int bits = LaneWidth.Current;
        if (bits >= 512 && g.Channels >= 16)
            Run<Lanes512<float>>(x, filter, y, g, finish, pool);
        else if (bits >= 256 && g.Channels >= 8)
            Run<Lanes256<float>>(x, filter, y, g, finish, pool);
        else
            Run<Lanes128<float>>(x, filter, y, g, finish, pool);
    }

    private static void Run<V>(float* x, float* filter, float* y, in DepthwiseGeometry g, TileFinish finish, WorkerPool pool)
        where V : struct, ILanes<V, float>
    {
        const int rows = 2;
        int columns = g.Height.Stride == 2 ? 2 : 4;
        int apart = rows * g.Height.Dilation, bands = (g.Height.Output + apart - 1) / apart * g.Height.Dilation;
        long work = 9L * rows * g.Width.Output * g.Channels;
        // Few bands do not divide evenly; parts of them do.
        int parts = g.Width.Dilation == 1 && pool.Threads > 1 && g.Batch * (long)bands < pool.Threads * PartedBands && g.Width.Output >= 2 * columns ? 2 : 1;
        pool.For(checked(g.Batch * bands * parts), (int)Math.Max(1, 16384 * parts / Math.Max(1, work)), new Job<V>(x, filter, y, g, finish, rows, columns, bands, parts));
    }

    private readonly struct Job<V>(float* x, float* filter, float* y, DepthwiseGeometry g, TileFinish finish, int rows, int columns, int bands, int parts) : IRangeJob
        where V : struct, ILanes<V, float>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run(int start, int end)
        {
            // Zeros to read for the padding, then room for outputs beyond the edge.
            float* zeros = Scratch.Get<float>(2L * g.Channels, 2);
            new Span<float>(zeros, g.Channels).Clear();
            // A load from a store that lies across lines of the cache waits for it.
            nint* unaligned = stackalloc nint[Inputs + Outputs + Vector512<long>.Count];
            float** patch = (float**)(((nint)unaligned + 63) & ~63);
            float** outputs = patch + Inputs;
            new Span<nint>(patch, Inputs + Outputs).Clear();
            int stride = g.Height.Stride, down = g.Height.Dilation, right = g.Width.Dilation, step = columns * right;
            int height = ((rows - 1) * stride) + 3, width = ((columns - 1) * stride) + 3;
            Vector512<long> outputAdvance = Vector512.Create((long)step * g.Channels * sizeof(float)), advance = outputAdvance * stride;
            int across = (g.Width.Output + columns - 1) / columns;
            for (int unit = start; unit < end; unit++)
            {
                (int band, int part) = Math.DivRem(unit, parts);
                (int batch, int within) = Math.DivRem(band, bands);
                int first = (within / down * rows * down) + (within % down);
                if (first >= g.Height.Output)
                    continue;
                float* image = x + ((long)batch * g.Height.Input * g.Width.Input * g.Channels);
                float* target = y + ((long)batch * g.Height.Output * g.Width.Output * g.Channels);
                int top = (first * stride) - g.Height.PadBefore;
                // Where all rows are inside, so are the columns between these, and their pointers advance together.
                bool areRowsInside = top >= 0 && top + ((height - 1) * down) < g.Height.Input && first + ((rows - 1) * down) < g.Height.Output;
                int leftmost = areRowsInside ? (g.Width.PadBefore + stride - 1) / stride : int.MaxValue;
                int rightmost = Math.Min(g.Width.Output - 1 - ((columns - 1) * right), (g.Width.Input - 1 - ((width - 1) * right) + g.Width.PadBefore) / stride);
                int firstColumn = across * part / parts * columns, lastColumn = Math.Min(g.Width.Output, across * (part + 1) / parts * columns);
                for (int phase = 0; phase < right; phase++)
                {
                    bool isPlaced = false;
                    for (int column = firstColumn + phase; column < lastColumn; column += step)
                    {
                        bool isInside = column >= leftmost && column <= rightmost;
                        if (isInside && isPlaced)
                        {
                            for (int i = 0; i < Inputs; i += Vector512<long>.Count)
                                (Vector512.Load((long*)patch + i) + advance).Store((long*)patch + i);
                            (Vector512.Load((long*)outputs) + outputAdvance).Store((long*)outputs);
                        }
                        else
                        {
                            Place(image, target, first, column, patch, outputs, zeros);
                            isPlaced = isInside;
                        }

                        Tile(patch, outputs, column + (2 * right) >= lastColumn);
                    }
                }
            }
        }

        /// <summary>Pointers to a tile's inputs and outputs: a register of them for each row, over whose end the next is written.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Place(float* image, float* target, int first, int column, float** patch, float** outputs, float* zeros)
        {
            int stride = g.Height.Stride, down = g.Height.Dilation, right = g.Width.Dilation;
            int top = (first * stride) - g.Height.PadBefore, left = (column * stride) - g.Width.PadBefore;
            nint pixel = (nint)g.Channels * sizeof(float);
            Vector512<long> apart = Vector512<long>.Indices * right, bytes = apart * pixel;
            Vector512<long> columnsIn = apart + Vector512.Create((long)left), none = Vector512.Create((long)zeros);
            Vector512<long> isInside = Vector512.GreaterThanOrEqual(columnsIn, Vector512<long>.Zero) & Vector512.LessThan(columnsIn, Vector512.Create((long)g.Width.Input));
            long* pointers = (long*)patch;
            for (int r = 0; r < ((rows - 1) * stride) + 3; r++, pointers += ((columns - 1) * stride) + 3)
            {
                int row = top + (r * down);
                long line = (long)image + ((((long)row * g.Width.Input) + left) * pixel);
                ((uint)row < (uint)g.Height.Input ? Vector512.ConditionalSelect(isInside, bytes + Vector512.Create(line), none) : none).Store(pointers);
            }

            Vector256<long> nowhere = Vector256.Create((long)(zeros + g.Channels)), isThere = Vector256.LessThan(apart.GetLower() + Vector256.Create((long)column), Vector256.Create((long)g.Width.Output));
            pointers = (long*)outputs;
            for (int r = 0; r < rows; r++, pointers += columns)
            {
                int row = first + (r * down);
                long line = (long)target + ((((long)row * g.Width.Output) + column) * pixel);
                (row < g.Height.Output ? Vector256.ConditionalSelect(isThere, bytes.GetLower() + Vector256.Create(line), nowhere) : nowhere).Store(pointers);
            }
        }

        /// <summary>Of a half no more than the first two columns are outputs.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Tile(float** patch, float** outputs, bool isHalf)
        {
            bool clamps = finish.Activation != Activation.None;
            if (g.Height.Stride == 2)
                DepthwiseTile<V>.Two2(patch, outputs, filter, g.Channels, finish.Bias, clamps, finish.Low, finish.High);
            else if (isHalf)
                DepthwiseTile<V>.HalfOfTwo4(patch, outputs, filter, g.Channels, finish.Bias, clamps, finish.Low, finish.High);
            else
                DepthwiseTile<V>.Two4(patch, outputs, filter, g.Channels, finish.Bias, clamps, finish.Low, finish.High);
        }
    }
}
