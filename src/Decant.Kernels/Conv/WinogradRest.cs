using Decant.Kernels.Gemm;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Conv;

/// <summary>
/// What Winograd's form cannot compute: tiles with inputs that are infinite or NaN, or too large for the transforms. They are left out, and made
/// as plain sums of products when the rest is done.
/// </summary>
internal sealed unsafe class WinogradRest
{
    private readonly List<(int Image, int Row, int Column, int Channel)> parts = [];

    /// <summary>Leaves out some channels of a tile; called from any thread.</summary>
    public void Add(int image, int row, int column, int channel)
    {
        lock (parts)
            parts.Add((image, row, column, channel));
    }

    /// <summary>Computes what was left out, <paramref name="channels"/> channels each.</summary>
    public void Run(float* x, WinogradFilter filter, float* y, in ConvGeometry geometry, TileFinish finish, float* residual, int channels, WorkerPool pool)
    {
        if (parts.Count == 0)
            return;
        float[] weights = filter.Plain();
        fixed (float* pw = weights)
            pool.For(parts.Count, 1, new Job(parts, x, pw, y, geometry, finish, residual, channels));
        parts.Clear();
    }

    private readonly struct Job(List<(int Image, int Row, int Column, int Channel)> parts, float* x, float* weights, float* y, ConvGeometry g, TileFinish finish, float* residual, int channels) : IRangeJob
    {
        public void Run(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                (int image, int row, int column, int channel) = parts[i];
                for (int h = row; h < Math.Min(row + WinogradFilter.Outputs, g.Height.Output); h++)
                {
                    for (int w = column; w < Math.Min(column + WinogradFilter.Outputs, g.Width.Output); w++)
                        Pixel(image, h, w, channel);
                }
            }
        }

        private void Pixel(int image, int row, int column, int channel)
        {
            Span<float> sums = stackalloc float[channels];
            sums.Clear();
            for (int tap = 0; tap < WinogradFilter.Taps; tap++)
            {
                int h = row - g.Height.PadBefore + (tap / 3), w = column - g.Width.PadBefore + (tap % 3);
                if ((uint)h >= (uint)g.Height.Input || (uint)w >= (uint)g.Width.Input)
                    continue;
                float* pixel = x + ((((((long)image * g.Height.Input) + h) * g.Width.Input) + w) * g.InChannels);
                for (int i = 0; i < g.InChannels; i++)
                {
                    float* factors = weights + ((((long)tap * g.InChannels) + i) * g.OutChannels) + channel;
                    for (int c = 0; c < sums.Length; c++)
                        sums[c] = MathF.FusedMultiplyAdd(pixel[i], factors[c], sums[c]);
                }
            }

            long at = ((((((long)image * g.Height.Output) + row) * g.Width.Output) + column) * g.OutChannels) + channel;
            for (int c = 0; c < sums.Length; c++)
            {
                float sum = sums[c] + (finish.Bias == null ? 0 : finish.Bias[channel + c]);
                y[at + c] = finish.Last(residual == null ? sum : sum + residual[at + c], channel + c);
            }
        }
    }
}
