using Decant.Kernels.Conv;

namespace Decant.Kernels.Quantized;

/// <summary>
/// The lines of the input that a row of windows needs, padded, in the form of a micro-kernel: so that no pixel of the output is a special
/// case. They are a ring in the L1 or L2 cache, in which line i of the input is at i modulo the length; a line that is all padding lies behind.
/// </summary>
internal unsafe struct LineRing<TCopy>
    where TCopy : struct, IElementCopy
{
    /// <summary>Bytes behind a line that may be read.</summary>
    private const int LineRoom = 64;

    private readonly byte* source;
    private readonly ActivationForm form;
    private readonly int* zeroPoints;
    private readonly DotForm dot;
    private readonly WindowAxis height;
    private readonly WindowAxis width;
    private readonly int channels;
    private readonly int reach;
    private readonly int ring;
    private readonly nint lineBytes;
    private readonly byte* lines;
    private readonly nint* held;
    private int batch = -1;

    /// <summary>A ring in a slot of the thread's scratch memory.</summary>
    public LineRing(byte* source, ActivationForm form, int* zeroPoints, DotForm dot, in WindowAxis height, in WindowAxis width, int channels, int slot)
    {
        this.source = source;
        this.zeroPoints = zeroPoints;
        (this.form, this.dot, this.height, this.width, this.channels) = (form, dot, height, width, channels);
        reach = ((width.Output - 1) * width.Stride) + width.Extent;
        ring = Math.Min(height.Extent, height.Input);
        lineBytes = ((reach * PixelBytes) + LineRoom + 63) & ~63;
        lines = Scratch.Get<byte>((lineBytes * (ring + 1)) + (ring * sizeof(nint)), slot);
        held = (nint*)(lines + (lineBytes * (ring + 1)));
    }

    /// <summary>Bytes of a pixel in a line.</summary>
    public readonly nint PixelBytes => (nint)channels * TCopy.ToBytes;

    /// <summary>Elements of the lines under a row of windows.</summary>
    public static long Elements(in WindowAxis height, in WindowAxis width, int channels) =>
        (((width.Output - 1L) * width.Stride) + ((width.Kernel - 1L) * width.Dilation) + 1) * channels * (((height.Kernel - 1L) * height.Dilation) + 1);

    /// <summary>Brings the lines into the ring that a row of the output needs, and says where each tap of the height finds its own.</summary>
    public void Place(int n, int oy, byte** to)
    {
        if (n != batch)
        {
            batch = n;
            new Span<nint>(held, ring).Fill(-1);
            new Span<byte>(lines + (ring * lineBytes), (int)lineBytes).Fill(Zero);
        }

        for (int ky = 0; ky < height.Kernel; ky++)
        {
            int iy = (oy * height.Stride) - height.PadBefore + (ky * height.Dilation), slot = ring;
            if ((uint)iy < (uint)height.Input)
            {
                slot = iy % ring;
                if (held[slot] != iy)
                    Fill(iy, lines + (slot * lineBytes));
                held[slot] = iy;
            }

            to[ky] = lines + (slot * lineBytes);
        }
    }

    private readonly ActivationForm Here => zeroPoints == null ? form : form with { ZeroPoint = zeroPoints[batch] };

    private readonly byte Zero => (byte)Here.StoredZeroPoint(dot);

    private readonly void Fill(int iy, byte* line)
    {
        int left = Math.Min(width.PadBefore, reach), right = Math.Clamp(reach - left, 0, width.Input);
        new Span<byte>(line, (int)(left * PixelBytes)).Fill(Zero);
        byte* from = source + ((((nint)batch * height.Input) + iy) * width.Input * channels * TCopy.FromBytes);
        TCopy.Copy(from, line + (left * PixelBytes), (nint)right * channels, dot == DotForm.Pairs ? Here.ZeroPoint : Here.Flip(dot));
        new Span<byte>(line + ((left + right) * PixelBytes), (int)((reach - left - right) * PixelBytes)).Fill(Zero);
    }
}
