using Decant.Kernels.Conv;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Quantized;

/// <summary>
/// The engine of integer convolutions and products. Of a chunk of panels of B, which stays in the L2 cache, each tile of rows of A meets all
/// panels; the sums go to a buffer in the L1 cache, and from there, row by row, through the finish.
/// </summary>
internal static unsafe class IntegerProduct
{
    private const long ChunkBytes = 1 << 20;

    /// <summary>Bytes of rows of A, or of a small B, that stay in the L1 cache.</summary>
    private const int GroupBytes = 14 << 10;

    private const int SumBytes = 6 << 10;

    /// <summary>Tiles that meet a panel one after another.</summary>
    private const int MostGroup = 4;

    /// <summary>As many where B is small, so that sums are not read again while they are still being stored.</summary>
    private const int MostSmallGroup = 16;

    /// <summary>Products that pay for handing out a piece.</summary>
    private const long PieceWork = 131072;

    private const int PiecesPerThread = 4;

    /// <summary>Units per thread from which on their number divides evenly enough.</summary>
    private const int FineUnits = 16;

    /// <summary>Bytes of a vector by which rows of A are summed.</summary>
    internal const int RowAlign = 32;

    public static void Run<TFinish>(byte* x, ActivationForm form, int* zeroPoints, in ConvGeometry geometry, IntegerMatrix[] groups, in TFinish finish, WorkerPool pool)
        where TFinish : struct, IDotFinish
    {
        DotForm dot = groups[0].Kernel.Form;
        switch (form.Kind)
        {
            case IntegerKind.Int16:
                Groups<WideCopy, TFinish>(x, form, zeroPoints, geometry, groups, finish, pool);
                break;
            case IntegerKind.Int8 when dot == DotForm.Pairs:
                Groups<WidenCopy<sbyte>, TFinish>(x, form, zeroPoints, geometry, groups, finish, pool);
                break;
            case IntegerKind.UInt8 when dot == DotForm.Pairs:
                Groups<WidenCopy<byte>, TFinish>(x, form, zeroPoints, geometry, groups, finish, pool);
                break;
            default:
                Groups<FlipCopy, TFinish>(x, form, zeroPoints, geometry, groups, finish, pool);
                break;
        }
    }

    private static void Groups<TCopy, TFinish>(byte* x, ActivationForm form, int* zeroPoints, in ConvGeometry g, IntegerMatrix[] groups, in TFinish finish, WorkerPool pool)
        where TCopy : struct, IElementCopy
        where TFinish : struct, IDotFinish
    {
        for (int group = 0; group < groups.Length; group++)
        {
            IntegerMatrix b = groups[group];
            if (b.K != g.Taps * g.GroupIn || b.N != g.GroupOut)
                throw new ArgumentException($"the filter is packed as {b.K} x {b.N}, the geometry needs {g.Taps * g.GroupIn} x {g.GroupOut}", nameof(groups));
            if (b.IsInStretches)
            {
                IntegerLines.Run<TCopy, TFinish>(x, form, zeroPoints, g, b, finish, pool);
                continue;
            }

            var plan = new ProductPlan(checked((int)g.OutputPixels), b, pool.Threads);
            var rows = new WindowCopy<TCopy>(x, form, zeroPoints, b.Kernel.Form, g, group);
            bool isDirect = rows.IsPlain && (form.Kind == IntegerKind.Int16 || (b.Kernel.Form != DotForm.Pairs && form.Flip(b.Kernel.Form) == 0)) && b.K % b.Kernel.Group == 0 && (b.ZeroPoint == 0 || b.K % RowAlign == 0);
            pool.For(plan.Pieces, 1, new Job<TCopy, TFinish>(rows, isDirect ? x : null, b.K * TCopy.ToBytes, plan, b, finish, group * g.GroupOut));
        }
    }

    /// <summary>How a product is cut: chunks of panels times tiles of rows, dealt out in pieces.</summary>
    internal readonly record struct ProductPlan
    {
        private readonly int least, larger;

        public ProductPlan(int rows, IntegerMatrix b, int threads)
        {
            Tiles = (int)(((long)rows + b.Kernel.TileRows - 1) / b.Kernel.TileRows);
            (least, larger) = Math.DivRem(rows, Math.Max(1, Tiles));
            long most = Math.Max(1, ChunkBytes / Math.Max(1, (long)b.PanelBytes));
            // Few tiles do not divide evenly: panels are shared too.
            int parts = threads == 1 ? 1 : ((threads * FineUnits) + Tiles - 1) / Math.Max(1, Tiles);
            most = Math.Min(most, Math.Max(1, b.Panels / parts));
            Chunk = (int)Math.Min(most, Math.Max(1, b.Panels));
            Chunks = (b.Panels + Chunk - 1) / Chunk;
            long units = (long)Chunks * Tiles;
            long pieces = Math.Clamp((long)rows * b.K * b.N / PieceWork, 1, Math.Min(units, (long)threads * PiecesPerThread));
            Pieces = rows == 0 || b.N == 0 ? 0 : (int)(pieces > threads ? pieces - (pieces % threads) : pieces);
        }

        public int Tiles { get; }

        public int Chunk { get; }

        public int Chunks { get; }

        public int Pieces { get; }

        /// <summary>The first row of a tile; tiles are as even as can be.</summary>
        public int First(int tile) => (tile * least) + Math.Min(tile, larger);
    }

    private readonly struct Job<TCopy, TFinish>(WindowCopy<TCopy> rows, byte* direct, int rowBytes, ProductPlan plan, IntegerMatrix b, TFinish finish, int firstChannel) : IRangeJob
        where TCopy : struct, IElementCopy
        where TFinish : struct, IDotFinish
    {
        public void Run(int start, int end)
        {
            (int columns, int tileRows) = (b.Kernel.Columns, b.Kernel.TileRows);
            bool isPacked = direct != null || (rows.IsPlain && b.ZeroPoint == 0 && rowBytes % DotKernel.GroupBytes == 0);
            nint stride = isPacked ? rowBytes : (rowBytes + RowAlign - 1) & ~(RowAlign - 1), sumStride = (nint)plan.Chunk * columns;

            // As many tiles at once as leave a panel beside them in the L1 cache; a small B stays there anyhow, and so do sums.
            nint fitting = GroupBytes / (tileRows * Math.Max(1, stride));
            int group = (int)Math.Clamp(fitting, 1, MostGroup);
            if (b.PanelBytes * plan.Chunk <= GroupBytes)
                group = (int)Math.Clamp(Math.Min(fitting, SumBytes / (tileRows * sumStride * sizeof(int))), 1, MostSmallGroup);
            byte* copied = direct != null ? null : Scratch.Get<byte>((group * tileRows * stride) + ElementCopy.FewBytes, 0);
            int* sums = Scratch.Get<int>((group * tileRows * sumStride) + 1, 1);
            for (int r = 0; copied != null && r < group * tileRows; r++)
                new Span<byte>(copied + (r * stride) + rowBytes, (int)stride - rowBytes).Clear();
            int* terms = stackalloc int[MostSmallGroup * tileRows];
            long units = (long)plan.Chunks * plan.Tiles, last = units * end / plan.Pieces;
            for (long unit = units * start / plan.Pieces; unit < last;)
            {
                (int chunk, int tile) = ((int)(unit / plan.Tiles), (int)(unit % plan.Tiles));
                int tiles = (int)Math.Min(Math.Min(group, plan.Tiles - tile), last - unit);
                int row = plan.First(tile), count = plan.First(tile + tiles) - row;
                byte* a = direct + (row * stride);
                if (direct == null)
                {
                    rows.Rows(row, count, copied, stride);
                    a = copied;
                }

                int panel0 = chunk * plan.Chunk, panels = Math.Min(plan.Chunk, b.Panels - panel0), column = panel0 * columns;
                Panels(a, stride, tile, tiles, sums, sumStride, panel0, panels);
                for (int r = 0; r < count && b.ZeroPoint != 0; r++)
                    terms[r] = b.ZeroPoint * RowSum.Of(a + (r * stride), stride, b.Kernel.Form);
                finish.Rows(new DotSums { Row = row, RowCount = count, Channel = firstChannel + column, Count = Math.Min(panels * columns, b.N - column), Values = sums, Stride = sumStride, Terms = b.ZeroPoint == 0 ? null : terms });
                unit += tiles;
            }
        }

        private void Panels(byte* a, nint stride, int tile, int tiles, int* sums, nint sumStride, int panel0, int panels)
        {
            byte* start = a;
            DotTask task = new() { Stretches = &start, StretchCount = 1, Stride = stride, Groups = b.Groups, SumStride = sumStride };
            int first = plan.First(tile);
            for (int p = 0; p < panels; p++)
            {
                task.Panel = b.Data + ((panel0 + p) * b.PanelBytes);
                for (int t = 0; t < tiles; t++)
                {
                    int row = plan.First(tile + t), count = plan.First(tile + t + 1) - row;
                    task.Offset = (row - first) * stride;
                    task.Sums = sums + ((row - first) * sumStride) + ((nint)p * b.Kernel.Columns);
                    ((delegate*<DotTask*, void>)b.Kernel.Table[count - 1])(&task);
                }
            }
        }
    }
}
