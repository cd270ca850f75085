using Decant.Kernels.Conv;

namespace Decant.Kernels.Quantized;

/// <summary>
/// The windows of an integer convolution's input as rows of a matrix, [taps · channels of a group] each, in the form of a micro-kernel. What
/// lies beyond the edges is the zero point.
/// </summary>
internal readonly unsafe struct WindowCopy<TCopy>
    where TCopy : struct, IElementCopy
{
    private readonly byte* source;
    private readonly ActivationForm form;
    private readonly int* zeroPoints;
    private readonly DotForm dot;
    private readonly ConvGeometry g;
    private readonly int group;

    /// <summary>Whether the taps of a line lie one after another.</summary>
    private readonly bool isRun;

    /// <summary>Where few elements may be read at the latest; null where the taps of a line are more than few.</summary>
    private readonly byte* lastFew;

    private readonly (int Change, byte Zero) plain;

    public WindowCopy(byte* source, ActivationForm form, int* zeroPoints, DotForm dot, in ConvGeometry g, int group)
    {
        this.source = source;
        this.zeroPoints = zeroPoints;
        (this.form, this.dot, this.g, this.group) = (form, dot, g, group);
        isRun = g.Width.Dilation == 1 && g.Groups == 1;
        IsPlain = g is { Taps: 1, Groups: 1, Height: { Stride: 1, PadBefore: 0 }, Width: { Stride: 1, PadBefore: 0 } } && g.Height.Output == g.Height.Input && g.Width.Output == g.Width.Input;
        plain = Change(form);
        if (isRun && g.Width.Kernel * (long)g.InChannels <= ElementCopy.Few && g.InputCount >= ElementCopy.Few)
            lastFew = source + ((g.InputCount - ElementCopy.Few) * TCopy.FromBytes);
    }

    /// <summary>Whether the pixels of the input are the rows.</summary>
    public bool IsPlain { get; }

    /// <summary>Writes rows, the first of which is that of an output pixel, stride bytes apart; there is room for <see cref="ElementCopy.FewBytes"/> behind them.</summary>
    public void Rows(int first, int count, byte* to, nint stride)
    {
        nint rowBytes = (nint)g.InChannels * TCopy.ToBytes;
        if (IsPlain && zeroPoints == null && rowBytes == stride)
        {
            TCopy.Copy(source + ((nint)first * g.InChannels * TCopy.FromBytes), to, (nint)count * g.InChannels, plain.Change);
            return;
        }

        (int line, int ox) = Math.DivRem(first, g.Width.Output);
        (int n, int oy) = Math.DivRem(line, g.Height.Output);
        for (int r = 0; r < count; r++, to += stride)
        {
            (int change, byte zero) = zeroPoints == null ? plain : Change(form with { ZeroPoint = zeroPoints[n] });
            if (isRun)
                Run(n, oy, ox, to, change, zero);
            else
                Taps(n, oy, ox, to, change, zero);
            if (++ox < g.Width.Output)
                continue;
            ox = 0;
            if (++oy == g.Height.Output)
                (oy, n) = (0, n + 1);
        }
    }

    private (int, byte) Change(ActivationForm here) => (dot == DotForm.Pairs ? here.ZeroPoint : here.Flip(dot), (byte)here.StoredZeroPoint(dot));

    private void Run(int n, int oy, int ox, byte* to, int change, byte zero)
    {
        int channels = g.InChannels, kernel = g.Width.Kernel;
        int ix = (ox * g.Width.Stride) - g.Width.PadBefore, iy = (oy * g.Height.Stride) - g.Height.PadBefore;
        int left = ix >= 0 ? 0 : Math.Min(-ix, kernel), right = Math.Clamp(g.Width.Input - ix, left, kernel);
        nint tapBytes = (nint)channels * TCopy.ToBytes, lineBytes = (nint)g.Width.Input * channels * TCopy.FromBytes, count = (nint)(right - left) * channels;
        byte* from = source + ((((nint)n * g.Height.Input) + iy) * lineBytes) + (((nint)ix + left) * channels * TCopy.FromBytes);
        for (int ky = g.Height.Kernel; ky > 0; ky--, iy += g.Height.Dilation, from += g.Height.Dilation * lineBytes, to += kernel * tapBytes)
        {
            if ((uint)iy >= (uint)g.Height.Input)
            {
                new Span<byte>(to, (int)(kernel * tapBytes)).Fill(zero);
                continue;
            }

            if (left > 0)
                new Span<byte>(to, (int)(left * tapBytes)).Fill(zero);
            if (count > 0 && from <= lastFew)
                TCopy.CopyFew(from, to + (left * tapBytes), (int)count, change);
            else
                TCopy.Copy(from, to + (left * tapBytes), count, change);
            if (right < kernel)
                new Span<byte>(to + (right * tapBytes), (int)((kernel - right) * tapBytes)).Fill(zero);
        }
    }

    private void Taps(int n, int oy, int ox, byte* to, int change, byte zero)
    {
        int channels = g.GroupIn, iy = (oy * g.Height.Stride) - g.Height.PadBefore;
        nint tapBytes = (nint)channels * TCopy.ToBytes, pixelBytes = (nint)g.InChannels * TCopy.FromBytes;
        for (int ky = 0; ky < g.Height.Kernel; ky++, iy += g.Height.Dilation)
        {
            int ix = (ox * g.Width.Stride) - g.Width.PadBefore;
            byte* slice = source + ((((nint)n * g.Height.Input) + iy) * g.Width.Input * pixelBytes) + ((nint)group * channels * TCopy.FromBytes);
            for (int kx = 0; kx < g.Width.Kernel; kx++, ix += g.Width.Dilation, to += tapBytes)
            {
                if ((uint)iy < (uint)g.Height.Input && (uint)ix < (uint)g.Width.Input)
                    TCopy.Copy(slice + (ix * pixelBytes), to, channels, change);
                else
                    new Span<byte>(to, (int)tapBytes).Fill(zero);
            }
        }
    }
}
