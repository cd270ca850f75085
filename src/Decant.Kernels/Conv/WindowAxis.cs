using System.Runtime.CompilerServices;

namespace Decant.Kernels.Conv;

/// <summary>
/// One spatial axis of a sliding window: output o and tap t read input o·Stride - PadBefore + t·Dilation, if it is within [0, Input).
/// </summary>
public readonly record struct WindowAxis(int Input, int Kernel, int Stride, int Dilation, int PadBefore, int Output)
{
    /// <summary>An axis that is not there: size 1 everywhere.</summary>
    public static WindowAxis One => new(1, 1, 1, 1, 0, 1);

    /// <summary>The input span of one window.</summary>
    public int Extent => ((Kernel - 1) * Dilation) + 1;

    /// <summary>TensorFlow's SAME: output = ceil(input / stride), the odd padding at the end.</summary>
    public static WindowAxis Same(int input, int kernel, int stride, int dilation = 1)
    {
        int output = (int)(((long)input + stride - 1) / stride);
        long extent = ((long)(kernel - 1) * dilation) + 1;
        long total = Math.Max(0, ((long)(output - 1) * stride) + extent - input);
        return new(input, kernel, stride, dilation, (int)(total / 2), output);
    }

    /// <summary>TensorFlow's VALID: windows wholly inside the input.</summary>
    public static WindowAxis Valid(int input, int kernel, int stride, int dilation = 1) => Explicit(input, kernel, stride, 0, 0, dilation);

    /// <summary>Padding given before and after.</summary>
    public static WindowAxis Explicit(int input, int kernel, int stride, int before, int after, int dilation = 1)
    {
        long extent = ((long)(kernel - 1) * dilation) + 1;
        long room = (long)input + before + after - extent;
        return new(input, kernel, stride, dilation, before, room < 0 ? 0 : (int)((room / stride) + 1));
    }

    /// <summary>The taps [first, end) of output <paramref name="o"/> that read inside the input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal (int First, int End) Taps(int o)
    {
        int start = (o * Stride) - PadBefore;
        int first = start >= 0 ? 0 : (-start + Dilation - 1) / Dilation;
        int end = start >= Input ? 0 : Math.Min(Kernel, ((Input - 1 - start) / Dilation) + 1);
        return (Math.Min(first, end), end);
    }
}
