using System.Runtime.InteropServices;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Conv;

/// <summary>
/// The weights of a convolution of few output channels, for <see cref="ThinConvolution"/>: registers along the taps and input
/// channels of a line of the window, which lie one after another in the input too. What a line has beyond whole registers follows
/// the last line, the rests of all lines one after another and zeros up to a whole register.
/// </summary>
internal sealed unsafe class ThinFilter : IDisposable
{
    /// <summary>With more output channels than this, or as many as fill registers, these lie better along the channels.</summary>
    private const int MostChannels = 8;

    /// <summary>Fewer products than this for each output do not pay for summing up a register, where the other form has mostly empty ones.</summary>
    private const int LeastK = 48;

    /// <summary>The same for more than two output channels: the other form then fills its registers better.</summary>
    private const int LeastKOfMany = 192;

    /// <summary>Outputs of a line that a tile computes at once; lines of fewer would leave parts of it empty.</summary>
    public const int Windows = 8;

    /// <summary>Columns of a tile.</summary>
    public const int MostColumns = 4;

    /// <summary>Pointers to the lines of a window lie on the stack.</summary>
    private const int MostLines = 256;

    private void* memory;

    private ThinFilter(int n, int lines, int lineLength, int lanes)
    {
        N = n;
        Lines = lines;
        LineLength = lineLength;
        Lanes = lanes;
        TailVectors = ((Tail * lines) + lanes - 1) / lanes;
        Bytes = checked((long)n * Vectors * lanes * sizeof(float));
        memory = NativeMemory.AlignedAlloc((nuint)Math.Max(64, Bytes), 64);
    }

    ~ThinFilter() => Free();

    /// <summary>Output channels.</summary>
    public int N { get; }

    /// <summary>Lines of the window: its depth times its height.</summary>
    public int Lines { get; }

    /// <summary>Taps of a line times input channels.</summary>
    public int LineLength { get; }

    /// <summary>Floats of a register.</summary>
    public int Lanes { get; }

    /// <summary>Whole registers of a line.</summary>
    public int Body => LineLength / Lanes;

    /// <summary>Floats of a line beyond them.</summary>
    public int Tail => LineLength % Lanes;

    /// <summary>Registers that hold the rests of all lines.</summary>
    public int TailVectors { get; }

    /// <summary>Registers for one output channel.</summary>
    public int Vectors => (Lines * Body) + TailVectors;

    public long Bytes { get; }

    public float* Data => (float*)memory;

    /// <summary>
    /// Whether this form is the faster one, and its order of summation will do. Filters of one channel are those of audio front ends:
    /// what they suppress is a small rest of large products, of which a logarithm follows, and which agrees with other runtimes only
    /// where the products are summed up in the same order, that of the taps.
    /// </summary>
    public static bool Fits(in ConvGeometry geometry) =>
        LaneWidth.Current > 0 && geometry.Groups == 1 && geometry.InChannels > 1 && geometry.OutChannels <= MostChannels && geometry.OutChannels % (LaneWidth.Current / 32) != 0 && geometry.Width.Dilation == 1 && geometry.Width.Output >= Windows
        && (long)geometry.Depth.Kernel * geometry.Height.Kernel <= MostLines
        && (long)geometry.Taps * geometry.InChannels >= (geometry.OutChannels > 2 ? LeastKOfMany : LeastK) && (long)geometry.Width.Kernel * geometry.InChannels <= int.MaxValue / 64;

    /// <summary>The columns that one tile computes, from <paramref name="column"/> on: 4, 2 or 1.</summary>
    public int Columns(int column) => N - column >= MostColumns ? MostColumns : N - column >= 2 ? 2 : 1;

    /// <summary>Packs a [KD, KH, KW, InChannels, OutChannels] filter.</summary>
    public static ThinFilter Pack(float* filter, in ConvGeometry geometry)
    {
        ThinFilter packed = new(geometry.OutChannels, geometry.Depth.Kernel * geometry.Height.Kernel, geometry.Width.Kernel * geometry.InChannels, LaneWidth.Current / 32);
        int n = packed.N, lanes = packed.Lanes, body = packed.Body * lanes;
        new Span<float>(packed.Data, n * packed.Vectors * lanes).Clear();
        for (int column = 0; column < n; column += packed.Columns(column))
        {
            // Of each group of columns: for each register, that of the first column, of the second, ...
            int columns = packed.Columns(column);
            float* group = packed.Data + ((long)column * packed.Vectors * lanes);
            float* tails = group + ((long)packed.Lines * packed.Body * columns * lanes);
            for (int line = 0; line < packed.Lines; line++)
            {
                for (int i = 0; i < packed.LineLength; i++)
                {
                    bool isTail = i >= body;
                    int at = isTail ? (line * packed.Tail) + i - body : (line * body) + i;
                    float* to = (isTail ? tails : group) + ((long)at / lanes * columns * lanes) + (at % lanes);
                    for (int c = 0; c < columns; c++)
                        to[c * lanes] = filter[(((long)line * packed.LineLength) + i) * n + column + c];
                }
            }
        }

        return packed;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(memory);
        memory = null;
    }
}
