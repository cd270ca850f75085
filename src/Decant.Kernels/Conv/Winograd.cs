using Decant.Kernels.Gemm;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Conv;

/// <summary>
/// 3x3 convolutions of stride 1 by Winograd's F(4x4, 3x3): 36 products of matrices in place of 144 for each 4 x 4 outputs. While the weights fit
/// the L2 cache each thread takes blocks of tiles through all three steps; otherwise all threads share out each step, so that
/// weights are read once. Tiles with an input that is infinite or NaN are computed again by plain sums.
/// </summary>
internal static unsafe class Winograd
{
    /// <summary>
    /// How far a result may be off, in units of the largest input times the sum of the absolute weights of its channel: twice what was found on
    /// shapes with 16 to 512 channels. Plain sums of as many products were off by two thirds of that.
    /// </summary>
    public const double Tolerance = 5e-7;

    private const int Side = WinogradFilter.Side;
    private const int Points = Side * Side;
    private const int Outputs = WinogradFilter.Outputs;

    /// <summary>Floats of weights that leave room in the L2 cache for tiles: 1 MB.</summary>
    private const long NearFloats = 262144;

    /// <summary>Floats of transformed tiles: half a MB of the L2 cache for a thread, or 3 MB for all.</summary>
    private const long BlockFloats = 131072;
    private const long SharedFloats = 786432;

    /// <summary>Rows of transformed values are this much longer than their channels, or whole points would meet in the same sets of the cache.</summary>
    private const int Pad = 16;

    public static void Run(float* x, WinogradFilter filter, float* y, in ConvGeometry geometry, TileFinish finish, float* residual, WorkerPool pool)
    {
        int bits = LaneWidth.Current;
        if (bits >= 512)
            Run<Lanes512<float>>(x, filter, y, geometry, finish, residual, pool);
        else if (bits >= 256)
            Run<Lanes256<float>>(x, filter, y, geometry, finish, residual, pool);
        else
            Run<Lanes128<float>>(x, filter, y, geometry, finish, residual, pool);
    }

    private static void Run<V>(float* x, WinogradFilter filter, float* y, in ConvGeometry geometry, TileFinish finish, float* residual, WorkerPool pool)
        where V : struct, ILanes<V, float>
    {
        int down = (int)WinogradFilter.Tiles(geometry.Height), across = (int)WinogradFilter.Tiles(geometry.Width);
        int tiles = checked(geometry.Batch * geometry.Depth.Output * down * across);
        if (tiles == 0)
            return;
        bool isNear = (long)Points * filter.In * filter.Out <= NearFloats;
        long most = (isNear ? BlockFloats : SharedFloats) / (Points * (filter.In + filter.Out)) / GemmKernel.MostRows * GemmKernel.MostRows;
        int blocks = (int)((tiles + Math.Max(GemmKernel.MostRows, most) - 1) / Math.Max(GemmKernel.MostRows, most));
        if (isNear && blocks % pool.Threads != 0 && tiles >= pool.Threads * GemmKernel.MostRows)
            blocks += pool.Threads - (blocks % pool.Threads);
        int block = (tiles + blocks - 1) / blocks;
        WinogradRest rest = filter.TakeRest();
        Steps<V> steps = new(x, filter, y, geometry, finish, residual, rest, down, across, block);
        if (isNear)
            pool.For((tiles + block - 1) / block, 1, new BlockJob<V>(steps, tiles));
        else
            Together(steps, tiles, block, pool);
        rest.Run(x, filter, y, geometry, finish, residual, V.Count, pool);
        filter.GiveRest(rest);
    }

    private static void Together<V>(in Steps<V> steps, int tiles, int block, WorkerPool pool)
        where V : struct, ILanes<V, float>
    {
        float* memory = Scratch.Get<float>(steps.Floats, 0);
        for (int first = 0; first < tiles; first += block)
        {
            int count = Math.Min(block, tiles - first);
            pool.For(count, 2, new InputJob<V>(steps, first, memory));
            pool.For(Points, 1, new ProductJob<V>(steps, count, memory));
            pool.For(count, 2, new OutputJob<V>(steps, first, memory));
        }
    }

    private readonly struct BlockJob<V>(Steps<V> steps, int tiles) : IRangeJob
        where V : struct, ILanes<V, float>
    {
        public void Run(int start, int end)
        {
            float* memory = Scratch.Get<float>(steps.Floats, 3);
            for (int i = start; i < end; i++)
            {
                int first = i * steps.Block, count = Math.Min(steps.Block, tiles - first);
                steps.Input(first, 0, count, memory);
                steps.Multiply(0, Points, count, memory);
                steps.Output(first, 0, count, memory);
            }
        }
    }

    private readonly struct InputJob<V>(Steps<V> steps, int first, float* memory) : IRangeJob
        where V : struct, ILanes<V, float>
    {
        public void Run(int start, int end) => steps.Input(first, start, end, memory);
    }

    private readonly struct ProductJob<V>(Steps<V> steps, int count, float* memory) : IRangeJob
        where V : struct, ILanes<V, float>
    {
        public void Run(int start, int end) => steps.Multiply(start, end, count, memory);
    }

    private readonly struct OutputJob<V>(Steps<V> steps, int first, float* memory) : IRangeJob
        where V : struct, ILanes<V, float>
    {
        public void Run(int start, int end) => steps.Output(first, start, end, memory);
    }

    /// <summary>The three steps on a block of tiles: [point][tile][channels in] of transformed inputs, then as many of products with channels out.</summary>
    private readonly struct Steps<V>(float* x, WinogradFilter filter, float* y, ConvGeometry g, TileFinish finish, float* residual, WinogradRest rest, int down, int across, int block)
        where V : struct, ILanes<V, float>
    {
        public int Block => block;

        public long Floats => (long)Points * (StrideIn + StrideOut);

        private nint StrideIn => ((nint)block * filter.In) + Pad;

        private nint StrideOut => ((nint)block * filter.Out) + Pad;

        public void Input(int first, int start, int end, float* memory)
        {
            float* zeros = Scratch.Get<float>(filter.In, 2);
            new Span<float>(zeros, filter.In).Clear();
            float** pixels = stackalloc float*[Points];
            for (int i = start; i < end; i++)
            {
                (int image, int row, int column) = Place(first + i);
                int top = row - g.Height.PadBefore, left = column - g.Width.PadBefore;
                for (int point = 0; point < Points; point++)
                {
                    int h = top + (point / Side), w = left + (point % Side);
                    bool isInside = (uint)h < (uint)g.Height.Input && (uint)w < (uint)g.Width.Input;
                    pixels[point] = isInside ? x + (((((long)image * g.Height.Input) + h) * g.Width.Input) + w) * filter.In : zeros;
                }

                WinogradTile<V>.Input(pixels, filter.In, memory + ((nint)i * filter.In), StrideIn);
            }
        }

        public void Multiply(int start, int end, int count, float* memory)
        {
            const int Most = GemmKernel.MostRows;
            (int whole, int rest) = Math.DivRem(count, Most);
            nint* targets = Scratch.Get<nint>((whole + 1L) * (1 + GemmKernel.PointerRows), 2);
            float** rows = (float**)(targets + whole + 1);
            for (int tile = 0; tile <= whole; tile++)
                targets[tile] = (nint)tile * Most * filter.Out;
            PackedMatrix[] points = filter.Points;
            Panels panels = points[0].Kernel.Panels(filter.Out);
            nint* table = points[0].Kernel.Table;
            TileTask task = new() { TilePointers = GemmKernel.PointerRows, Segments = 1, Run = filter.In, Ahead = Most * filter.In, Stride = filter.Out };
            for (int point = start; point < end; point++)
            {
                float* source = memory + (point * StrideIn), target = memory + (Points * StrideIn) + (point * StrideOut);
                for (int row = 0; row < count; row++)
                    rows[(row / Most * GemmKernel.PointerRows) + (row % Most)] = source + ((nint)row * filter.In);
                for (int panel = 0; panel < panels.Count; panel++)
                {
                    int column = panels.First(panel), width = panels.Width(panel);
                    nint* tiles = table + (((width / panels.Lanes) - 1) * Most);
                    task.Panel = points[point].Data + ((long)column * filter.In);
                    task.Columns = Math.Min(width, filter.Out - column);
                    task.C = target + column;
                    task.Rows = rows;
                    task.Targets = targets;
                    task.Tiles = whole;
                    ((delegate*<TileTask*, void>)tiles[Most - 1])(&task);
                    if (rest == 0)
                        continue;
                    task.Rows += (nint)whole * GemmKernel.PointerRows;
                    task.Targets += whole;
                    task.Tiles = 1;
                    ((delegate*<TileTask*, void>)tiles[rest - 1])(&task);
                }
            }
        }

        public void Output(int first, int start, int end, float* memory)
        {
            float* products = memory + (Points * StrideIn);
            for (int i = start; i < end; i++)
            {
                (int Image, int Row, int Column) place = Place(first + i);
                (int image, int row, int column) = place;
                nint at = (nint)((((((long)image * g.Height.Output) + row) * g.Width.Output) + column) * filter.Out);
                WinogradTile<V>.Output(
                    products + ((nint)i * filter.Out), StrideOut, filter.Out, y + at, (nint)g.Width.Output * filter.Out,
                    Math.Min(Outputs, g.Height.Output - row), Math.Min(Outputs, g.Width.Output - column), finish, residual == null ? null : residual + at,
                    rest, place);
            }
        }

        /// <summary>The image of a tile, and its first output.</summary>
        private (int Image, int Row, int Column) Place(int tile)
        {
            (int line, int column) = Math.DivRem(tile, across);
            (int image, int row) = Math.DivRem(line, down);
            return (image, row * Outputs, column * Outputs);
        }
    }
}
