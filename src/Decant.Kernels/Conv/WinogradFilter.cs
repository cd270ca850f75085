using Decant.Kernels.Gemm;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Conv;

/// <summary>
/// The weights of a 3x3 convolution for Winograd's F(4x4, 3x3): at each of the 6 x 6 points of G·g·Gᵀ a matrix [InChannels, OutChannels], four
/// times the floats of the filter (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks).
/// </summary>
internal sealed class WinogradFilter : IDisposable
{
    /// <summary>
    /// The points are 0, ±A, ±B and infinity. Of those whose powers float32 holds exactly these gave the least errors, 1.6 times those of the
    /// plain sum; the customary 1 and 2 gave 3.4 times.
    /// </summary>
    public const double A = 5 / 8.0;
    public const double B = 3 / 2.0;

    /// <summary>Points along an axis.</summary>
    public const int Side = 6;

    /// <summary>Weights of a filter for one channel to another.</summary>
    public const int Taps = 9;

    /// <summary>Outputs along an axis of a tile.</summary>
    public const int Outputs = 4;

    /// <summary>Channels that the transforms take at once at the widest.</summary>
    private const int ChannelStep = 16;

    /// <summary>Fewer tiles do not pay for reading four times the weights: 7 x 7 outputs took as long as plain sums, or longer.</summary>
    private const int LeastTiles = 12;

    /// <summary>Fewer multiply-adds of a tile's point do not pay for its transforms: 16 channels to 16.</summary>
    private const int LeastProducts = 256;

    /// <summary>10 MB of weights: of 256 channels to 256 the products took 0.4 to 0.6 times the plain sums, of 512 to 512 0.7, for 28 MB more.</summary>
    private const long MostFloats = 10 * 262144;

    private static readonly double[,] Transform = MakeTransform();

    private readonly Func<float[]> plain;
    private readonly WeakReference<float[]?> read = new(null);
    private WinogradRest? idle;

    private WinogradFilter(PackedMatrix[] points, Func<float[]> plain) => (Points, this.plain) = (points, plain);

    /// <summary>The matrices, row by row of the 6 x 6 points.</summary>
    public PackedMatrix[] Points { get; }

    public int In => Points[0].K;

    public int Out => Points[0].N;

    /// <summary>Whether this form computes the same convolution.</summary>
    public static bool Takes(in ConvGeometry g) =>
        g.Groups == 1 && g.Depth.Kernel == 1 && g.Depth.Stride == 1 && g.Depth.PadBefore == 0 && g.Depth.Output == g.Depth.Input
        && Takes(g.Height) && Takes(g.Width) && g.InChannels % ChannelStep == 0 && g.OutChannels % ChannelStep == 0;

    /// <summary>Whether this form is the faster one.</summary>
    public static bool Fits(in ConvGeometry g) =>
        WinogradRow.Current.IsOn && LaneWidth.Current > 0 && GemmKernel.Current != GemmKernel.Rows[^1] && Takes(g)
        && (long)g.InChannels * g.OutChannels is >= LeastProducts and <= MostFloats / (Side * Side)
        && Tiles(g.Height) * Tiles(g.Width) * g.Batch * g.Depth.Output >= LeastTiles;

    /// <summary>Tiles along an axis.</summary>
    public static long Tiles(in WindowAxis axis) => ((long)axis.Output + Outputs - 1) / Outputs;

    /// <summary>Packs a [3, 3, InChannels, OutChannels] filter, which <paramref name="plain"/> gives again.</summary>
    public static WinogradFilter Pack(ReadOnlySpan<float> filter, in ConvGeometry geometry, Func<float[]> plain)
    {
        int count = geometry.InChannels * geometry.OutChannels;
        PackedMatrix[] points = new PackedMatrix[Side * Side];
        float[] matrix = new float[count];
        double[] weights = new double[Taps];
        for (int point = 0; point < points.Length; point++)
        {
            (int row, int column) = Math.DivRem(point, Side);
            for (int tap = 0; tap < weights.Length; tap++)
                weights[tap] = Transform[row, tap / 3] * Transform[column, tap % 3];
            for (int i = 0; i < count; i++)
            {
                double sum = 0;
                for (int tap = 0; tap < weights.Length; tap++)
                    sum += weights[tap] * filter[(tap * count) + i];
                matrix[i] = (float)sum;
            }

            points[point] = PackedMatrix.Pack(matrix, geometry.InChannels, geometry.OutChannels);
        }

        return new WinogradFilter(points, plain);
    }

    /// <summary>The list of what a run leaves out, to be given back.</summary>
    public WinogradRest TakeRest() => Interlocked.Exchange(ref idle, null) ?? new WinogradRest();

    public void GiveRest(WinogradRest rest) => idle = rest;

    /// <summary>The filter as it was packed: it is read for inputs that are not finite, and not held.</summary>
    public float[] Plain()
    {
        lock (read)
        {
            if (!read.TryGetTarget(out float[]? weights))
                read.SetTarget(weights = plain());
            return weights;
        }
    }

    public void Dispose()
    {
        foreach (PackedMatrix point in Points)
            point.Dispose();
    }

    /// <summary>G: the powers of a point, divided by the product of its distances to the others.</summary>
    private static double[,] MakeTransform()
    {
        double[] points = [0, A, -A, B, -B];
        double[,] transform = new double[Side, 3];
        for (int i = 0; i < points.Length; i++)
        {
            double distances = 1;
            for (int j = 0; j < points.Length; j++)
                distances *= i == j ? 1 : points[i] - points[j];
            (transform[i, 0], transform[i, 1], transform[i, 2]) = (1 / distances, points[i] / distances, points[i] * points[i] / distances);
        }

        transform[points.Length, 2] = 1;
        return transform;
    }

    private static bool Takes(in WindowAxis axis) => axis is { Kernel: 3, Stride: 1, Dilation: 1 };
}
