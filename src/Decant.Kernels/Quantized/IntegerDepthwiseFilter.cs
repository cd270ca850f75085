using System.Runtime.InteropServices;
using Decant.Kernels.Conv;

namespace Decant.Kernels.Quantized;

/// <summary>The weights of an integer depthwise convolution, stored for the micro-kernel in force. Made once for constant weights.</summary>
public sealed unsafe class IntegerDepthwiseFilter : IDisposable
{
    private readonly int[]? zeros;
    private void* memory;

    private IntegerDepthwiseFilter(ReadOnlySpan<byte> filter, bool isSigned, int zeroPoint, int height, int width, int channels, bool isWide)
    {
        (int least, int greatest, int taps) = (0, 0, height * width);
        int[] sums = new int[channels];
        long[] absolute = new long[channels];
        for (int i = 0; i < taps * channels; i++)
        {
            int element = (isSigned ? (sbyte)filter[i] : filter[i]) - zeroPoint;
            (least, greatest) = (Math.Min(least, element), Math.Max(greatest, element));
            sums[i % channels] += element;
            absolute[i % channels] += Math.Abs(element);
        }

        // Bytes are stored without their zero point, or else as near to it as they fit; the rest is a byte that all weights share.
        int shift = greatest > sbyte.MaxValue ? sbyte.MaxValue - greatest : least < sbyte.MinValue ? sbyte.MinValue - least : 0;
        bool fits = least + shift >= sbyte.MinValue && greatest + shift <= sbyte.MaxValue && shift is > sbyte.MinValue and <= sbyte.MaxValue + 1;
        Kernel = DepthwiseKernel.Choose(!isWide && fits);
        (Height, Width, Taps, Channels) = (height, width, taps, channels);
        IsInColumns = Kernel.TakesColumns(height, width);
        Weights = new WeightSums(sums, absolute, Kernel.Form);
        Blocks = (channels + Kernel.Channels - 1) / Kernel.Channels;
        TapCount = IsInColumns && Kernel.Form != DotForm.Pairs ? 4 * width : (taps + Kernel.Together - 1) / Kernel.Together * Kernel.Together;
        nuint bytes = checked((nuint)Blocks * (nuint)Kernel.Channels * (nuint)TapCount * (nuint)(4 / Kernel.Together));
        memory = NativeMemory.AlignedAlloc(Math.Max(64, bytes), 64);
        NativeMemory.Clear(memory, bytes);
        if (Kernel.Form != DotForm.Pairs && shift != 0)
            zeros = Zeros(-shift);
        for (int tap = 0; tap < taps; tap++)
        {
            for (int c = 0; c < (IsRepeated ? Kernel.Channels : channels); c++)
                Set(tap, c, (isSigned ? (sbyte)filter[(tap * channels) + (c % channels)] : filter[(tap * channels) + (c % channels)]) - zeroPoint, shift);
        }
    }

    ~IntegerDepthwiseFilter() => Free();

    /// <summary>What is known of the weights.</summary>
    public WeightSums Weights { get; }

    internal DepthwiseKernel Kernel { get; }

    internal int Height { get; }

    internal int Width { get; }

    internal int Taps { get; }

    /// <summary>Whether taps are stored by the columns of the window.</summary>
    internal bool IsInColumns { get; }

    /// <summary>Taps with those of weight 0 that fill a group.</summary>
    internal int TapCount { get; }

    internal int Channels { get; }

    internal int Blocks { get; }

    /// <summary>Whether few channels are repeated until they fill the block.</summary>
    internal bool IsRepeated => Channels > 0 && Channels < Kernel.Channels && Kernel.Channels % Channels == 0;

    internal byte* Data => (byte*)memory;

    /// <summary>For each group of four taps four bytes that take off what the weights are stored with; null where that is nothing.</summary>
    internal ReadOnlySpan<int> ZeroBytes => zeros;

    /// <summary>Packs a filter [height, width, channels] of bytes.</summary>
    /// <param name="filter">The elements.</param>
    /// <param name="isSigned">Whether they are signed.</param>
    /// <param name="zeroPoint">What stands for 0.</param>
    /// <param name="geometry">The convolution, of multiplier 1.</param>
    /// <param name="isWide">Whether activations have 16 bits.</param>
    public static IntegerDepthwiseFilter Pack(ReadOnlySpan<byte> filter, bool isSigned, int zeroPoint, in DepthwiseGeometry geometry, bool isWide = false)
    {
        Guard.Length(filter, geometry.FilterCount);
        return new IntegerDepthwiseFilter(filter, isSigned, zeroPoint, geometry.Height.Kernel, geometry.Width.Kernel, geometry.Channels, isWide);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private int[] Zeros(int value)
    {
        int[] groups = new int[TapCount / 4];
        for (int tap = 0; tap < Taps; tap++)
            groups[Place(tap) / 4] |= (value & 0xFF) << (8 * (Place(tap) % 4));
        return groups;
    }

    /// <summary>Where a tap is among those that are stored.</summary>
    private int Place(int tap) => Place(tap / Width, tap % Width);

    /// <summary>The same for a tap of a line and a column of the window.</summary>
    internal int Place(int line, int column) => IsInColumns ? Kernel.Place(line, column) : (line * Width) + column;

    private void Set(int tap, int channel, int element, int shift)
    {
        (int block, int c) = Math.DivRem(channel, Kernel.Channels);
        tap = Place(tap);
        if (Kernel.Together == 1)
        {
            ((int*)memory)[(((nint)block * TapCount) + tap) * Kernel.Channels + c] = element;
            return;
        }

        // The order that DepthwiseBytes and DepthwisePairs tell.
        int together = Kernel.Together, half = Kernel.Channels / 2, register = c % half / 4, lane = (c % 4) + (c / half * 4);
        nint at = ((((nint)block * (TapCount / together)) + (tap / together)) * Kernel.Channels * together) + (((register * 8) + lane) * together) + (tap % together);
        if (Kernel.Form == DotForm.Pairs)
            ((short*)memory)[at] = (short)element;
        else
            ((sbyte*)memory)[at] = (sbyte)(element + shift);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(memory);
        memory = null;
    }
}
