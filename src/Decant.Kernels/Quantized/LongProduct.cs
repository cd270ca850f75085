using System.Runtime.Intrinsics;
using Decant.Kernels.Conv;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Quantized;

/// <summary>
/// Convolutions and products of 16-bit activations whose sums have 64 bits: stretches that cannot overflow 32 bits go through the
/// micro-kernels, and are added up.
/// </summary>
internal static unsafe class LongProduct
{
    /// <summary>A convolution, with the biases apart, as they may have 64 bits.</summary>
    public static void Run(short* x, in ConvGeometry g, IntegerMatrix[] groups, LongRequantizer requantizer, byte* y, WorkerPool pool)
    {
        for (int group = 0; group < groups.Length; group++)
        {
            IntegerMatrix b = groups[group];
            int rows = checked((int)g.OutputPixels);
            var windows = new WindowCopy<WideCopy>((byte*)x, new ActivationForm(IntegerKind.Int16, 0), null, DotForm.Pairs, g, group);
            pool.For(rows, (int)Math.Clamp(131072 / Math.Max(1, (long)b.K * b.N), 1, rows), new Job(windows, windows.IsPlain && b.K % b.Kernel.Group == 0 ? (byte*)x : null, b, requantizer, y, g.OutChannels, group * g.GroupOut));
        }
    }

    private readonly struct Job(WindowCopy<WideCopy> windows, byte* direct, IntegerMatrix b, LongRequantizer requantizer, byte* y, int channels, int firstChannel) : IRangeJob
    {
        /// <summary>Groups of two products each whose sum stays below 2^31.</summary>
        private readonly int stretch = Math.Max(1, ushort.MaxValue / (2 * Math.Max(1, b.Magnitude)));

        public void Run(int start, int end)
        {
            int columns = b.Kernel.Columns, tileRows = b.Kernel.TileRows, width = b.Panels * columns;
            nint rowBytes = (nint)b.K * 2, stride = (rowBytes + DotKernel.GroupBytes - 1) & ~(DotKernel.GroupBytes - 1);
            byte* copied = direct != null ? null : Scratch.Get<byte>((tileRows * stride) + ElementCopy.FewBytes, 0);
            for (int r = 0; copied != null && r < tileRows; r++)
                new Span<byte>(copied + (r * stride) + rowBytes, (int)(stride - rowBytes)).Clear();
            int* sums = Scratch.Get<int>((long)tileRows * columns, 1);
            long* totals = Scratch.Get<long>((long)tileRows * width, 2);
            for (int row = start; row < end; row += tileRows)
            {
                int count = Math.Min(tileRows, end - row);
                byte* rows = direct + (row * stride);
                if (direct == null)
                {
                    windows.Rows(row, count, copied, stride);
                    rows = copied;
                }

                new Span<long>(totals, count * width).Clear();
                for (int panel = 0; panel < b.Panels; panel++)
                    Panel(panel, count, rows, stride, sums, totals, width);
                for (int r = 0; r < count; r++)
                    requantizer.Store(firstChannel, new ReadOnlySpan<long>(totals + ((nint)r * width), b.N), y + ((((nint)(row + r) * channels) + firstChannel) * requantizer.Output.Size));
            }
        }

        private static Vector256<long> Widened(Vector128<int> x) => Vector256.Create(Vector128.WidenLower(x), Vector128.WidenUpper(x));

        private void Panel(int panel, int count, byte* rows, nint stride, int* sums, long* totals, int width)
        {
            int columns = b.Kernel.Columns;
            for (int g = 0; g < b.Groups; g += stretch)
            {
                byte* start = rows + (g * DotKernel.GroupBytes);
                DotTask task = new()
                {
                    Stretches = &start,
                    StretchCount = 1,
                    Stride = stride,
                    Groups = Math.Min(stretch, b.Groups - g),
                    Panel = b.Data + (panel * b.PanelBytes) + ((nint)g * columns * DotKernel.GroupBytes),
                    Sums = sums,
                    SumStride = columns,
                };
                ((delegate*<DotTask*, void>)b.Kernel.Table[count - 1])(&task);
                for (int r = 0; r < count; r++)
                {
                    long* to = totals + ((nint)r * width) + ((nint)panel * columns);
                    int* from = sums + (r * columns);
                    int c = 0;
                    for (; c <= columns - Vector128<int>.Count; c += Vector128<int>.Count)
                        (Vector256.Load(to + c) + Widened(Vector128.Load(from + c))).Store(to + c);
                    for (; c < columns; c++)
                        to[c] += from[c];
                }
            }
        }
    }
}
