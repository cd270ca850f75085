using Decant.Kernels.Conv;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Quantized;

/// <summary>
/// Convolutions of integers whose windows are read where they lie: the sum of a window is that of a stretch of each line under it, and pixels
/// side by side have stretches that begin a step apart. So only lines are copied, and not windows.
/// </summary>
internal static unsafe class IntegerLines
{
    /// <summary>Sums kept at once: 16 KB.</summary>
    private const int MostSums = 4096;

    /// <summary>Pixels of a row that fill a tile well enough.</summary>
    private const int LeastPixels = 4;

    /// <summary>Weights that are quickly read again from the L2 cache for each row; with more of them, windows that are copied meet each panel more often.</summary>
    private const long MostWeights = 1 << 18;

    private const long MostLines = 1 << 25;

    private const long PieceWork = 131072;

    /// <summary>The elements that lie one after another under a window.</summary>
    public static int Stretch(in ConvGeometry g) => (g.Width.Dilation == 1 ? g.Width.Kernel : 1) * g.InChannels;

    /// <summary>Whether lines are the better way for a geometry, as far as the weights allow.</summary>
    public static bool Takes(in ConvGeometry g) =>
        g is { Groups: 1, Depth.Input: 1, Depth.Output: 1 } && (g.Taps > 1 || g.Width.Stride > 1 || g.Height.Stride > 1) && g.Width.Output >= LeastPixels
        && g.FilterCount <= MostWeights && LineRing<WideCopy>.Elements(g.Height, g.Width, g.InChannels) <= MostLines;

    public static void Run<TCopy, TFinish>(byte* x, ActivationForm form, int* zeroPoints, in ConvGeometry g, IntegerMatrix b, in TFinish finish, WorkerPool pool)
        where TCopy : struct, IElementCopy
        where TFinish : struct, IDotFinish
    {
        int rows = checked(g.Batch * g.Height.Output);
        pool.For(rows, (int)Math.Clamp(PieceWork / Math.Max(1, (long)g.Width.Output * b.K * b.N), 1, Math.Max(1, rows)), new Job<TCopy, TFinish>(x, form, zeroPoints, g, b, finish));
    }

    private readonly struct Job<TCopy, TFinish>(byte* x, ActivationForm form, int* zeroPoints, ConvGeometry g, IntegerMatrix b, TFinish finish) : IRangeJob
        where TCopy : struct, IElementCopy
        where TFinish : struct, IDotFinish
    {
        public void Run(int start, int end)
        {
            var ring = new LineRing<TCopy>(x, form, zeroPoints, b.Kernel.Form, g.Height, g.Width, g.InChannels, 0);
            int columns = b.Kernel.Columns, chunk = Math.Clamp(MostSums / (b.Kernel.TileRows * columns), 1, b.Panels), sumStride = chunk * columns;
            int together = Math.Min(g.Width.Output, MostSums / sumStride);
            int* sums = Scratch.Get<int>(((long)together * sumStride) + 1, 1);
            int taps = b.Stretches / b.Parts / g.Height.Kernel;
            nint tapStep = g.Width.Dilation * ring.PixelBytes;
            byte** lines = (byte**)Scratch.Get<nint>(g.Height.Kernel + b.Stretches, 2), stretches = lines + g.Height.Kernel;
            DotTask task = new() { Stretches = stretches, StretchCount = b.Stretches, Groups = b.Groups / b.Stretches, Stride = g.Width.Stride * ring.PixelBytes, SumStride = sumStride };
            for (int row = start; row < end; row++)
            {
                (int n, int oy) = Math.DivRem(row, g.Height.Output);
                ring.Place(n, oy, lines);
                for (int s = 0, line = 0; s < b.Stretches; line++)
                {
                    for (int tap = 0; tap < taps; tap++)
                        stretches[s++] = lines[line % g.Height.Kernel] + (tap * tapStep);
                }

                for (int ox = 0; ox < g.Width.Output; ox += together)
                {
                    int pixels = Math.Min(together, g.Width.Output - ox);
                    for (int panel = 0; panel < b.Panels; panel += chunk)
                    {
                        int panels = Math.Min(chunk, b.Panels - panel), column = panel * columns;
                        Panels(task, panel, panels, ox, pixels, sums);
                        finish.Rows(new DotSums { Row = (row * g.Width.Output) + ox, RowCount = pixels, Channel = column, Count = Math.Min(panels * columns, b.N - column), Values = sums, Stride = sumStride });
                    }
                }
            }
        }

        private void Panels(DotTask task, int panel, int panels, int ox, int pixels, int* sums)
        {
            (int tiles, int columns) = ((pixels + b.Kernel.TileRows - 1) / b.Kernel.TileRows, b.Kernel.Columns);
            (int least, int larger) = Math.DivRem(pixels, tiles);
            for (int p = 0; p < panels; p++)
            {
                task.Panel = b.Data + ((panel + p) * b.PanelBytes);
                for (int tile = 0, pixel = 0; tile < tiles; tile++)
                {
                    int count = least + (tile < larger ? 1 : 0);
                    task.Offset = (ox + pixel) * task.Stride;
                    task.Sums = sums + (pixel * task.SumStride) + (p * columns);
                    ((delegate*<DotTask*, void>)b.Kernel.Table[count - 1])(&task);
                    pixel += count;
                }
            }
        }
    }
}
