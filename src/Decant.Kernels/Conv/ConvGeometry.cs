namespace Decant.Kernels.Conv;

/// <summary>
/// A convolution: input [Batch, Depth.Input, Height.Input, Width.Input, InChannels] (NDHWC; NHWC with Depth one), filter
/// [KD, KH, KW, InChannels / Groups, OutChannels] (HWIO), output [Batch, Depth.Output, Height.Output, Width.Output, OutChannels].
/// Group g reads and writes the g-th slice of channels.
/// </summary>
public readonly record struct ConvGeometry(int Batch, WindowAxis Depth, WindowAxis Height, WindowAxis Width, int InChannels, int OutChannels, int Groups = 1)
{
    public long InputCount => (long)Batch * Depth.Input * Height.Input * Width.Input * InChannels;

    public long OutputPixels => (long)Batch * Depth.Output * Height.Output * Width.Output;

    public long OutputCount => OutputPixels * OutChannels;

    public int Taps => Depth.Kernel * Height.Kernel * Width.Kernel;

    /// <summary>Input channels of one group.</summary>
    public int GroupIn => InChannels / Groups;

    /// <summary>Output channels of one group.</summary>
    public int GroupOut => OutChannels / Groups;

    /// <summary>Whether each pixel of the input is multiplied by one matrix, and gives the pixel of the output at its place.</summary>
    public bool IsProduct => Groups == 1 && IsWhole(Depth) && IsWhole(Height) && IsWhole(Width);

    public long FilterCount => (long)Taps * GroupIn * OutChannels;

    /// <summary>A two-dimensional convolution.</summary>
    public static ConvGeometry Create2D(int batch, WindowAxis height, WindowAxis width, int inChannels, int outChannels, int groups = 1) =>
        new(batch, WindowAxis.One, height, width, inChannels, outChannels, groups);

    private static bool IsWhole(WindowAxis axis) => axis.Kernel == 1 && axis.PadBefore == 0 && (axis.Stride == 1 || axis.Input == 1) && axis.Output == axis.Input;
}
