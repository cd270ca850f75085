using Decant.Kernels.Gemm;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Conv;

/// <summary>
/// The engine of dense convolutions: the source values under the taps of each grid point are a row of a matrix, which is multiplied by packed
/// weights [taps · channels, N] straight into the target.
/// </summary>
internal readonly unsafe struct WindowGemm(int batch, TapGrid depth, TapGrid height, TapGrid width, int sourceChannels, int channels)
{
    /// <summary>Taps times channels: the rows of the weight matrix.</summary>
    public int K { get; } = depth.Offsets.Length * height.Offsets.Length * width.Offsets.Length * channels;

    public long Points => (long)batch * depth.Count * height.Count * width.Count;

    /// <summary>Whether the source rows themselves are the matrix: one tap that reads each pixel in place.</summary>
    private bool IsDirect => IsIdentity(depth) && IsIdentity(height) && IsIdentity(width);

    /// <summary>
    /// target[point] = finish(window · weights). <paramref name="source"/> points at the group's first channel; pixels of the source lie
    /// <c>sourceChannels</c> apart. Target strides are in elements; those of <see cref="Product.Stride"/> are set here.
    /// </summary>
    public void Run(float* source, in Product product, TargetStrides strides, WorkerPool pool)
    {
        if (Points == 0 || product.N == 0)
            return;
        Product strided = product;
        strided.Stride = strides.Width;
        bool isDense = strides.IsDense(depth.Count, height.Count, width.Count);
        if (IsDirect && isDense)
            GemmBlock.Run(new MatrixRows(source, sourceChannels, checked((int)Points), K, strides.Width), strided, pool);
        else if (isDense && channels == sourceChannels && width.IsConsecutive)
            GemmBlock.Run(new LineRows(source, batch, depth, height, width, channels, strides.Width), strided, pool);
        else
            GemmBlock.Run(new TapRows(source, batch, depth, height, width, sourceChannels, channels, strides, isDense), strided, pool);
    }

    private static bool IsIdentity(TapGrid grid) =>
        grid.Offsets.Length == 1 && grid.Offsets[0] == 0 && grid.Step == 1 && grid.Count == grid.Source;

    /// <summary>Where grid points lie in the target: element strides per axis.</summary>
    public readonly record struct TargetStrides(long Batch, long Depth, long Height, int Width)
    {
        /// <summary>Whether all points lie one Width stride after another.</summary>
        public bool IsDense(int depth, int height, int width) =>
            Height == (long)width * Width && Depth == height * Height && Batch == depth * Depth;
    }
}
