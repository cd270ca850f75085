using Decant.Kernels.Gemm;

namespace Decant.Kernels.Conv;

/// <summary>The weights of a float32 convolution packed for the micro-kernel, one matrix per group; made once for constant filters.</summary>
public sealed unsafe class ConvFilter : IDisposable
{
    private ConvFilter(PackedMatrix[] groups, ThinFilter? thin = null, float[]? signal = null) => (Groups, Thin, Signal) = (groups, thin, signal);

    internal PackedMatrix[] Groups { get; }

    /// <summary>The form for few output channels, in place of the groups.</summary>
    internal ThinFilter? Thin { get; }

    /// <summary>The taps of a filter of one channel to one, in place of the groups.</summary>
    internal float[]? Signal { get; }

    /// <summary>Packs a [KD, KH, KW, InChannels / Groups, OutChannels] filter.</summary>
    public static ConvFilter Pack(ReadOnlySpan<float> filter, in ConvGeometry geometry)
    {
        Guard.Length(filter, geometry.FilterCount);
        if (SignalConvolution.Fits(geometry))
            return new ConvFilter([], signal: filter[..(int)geometry.FilterCount].ToArray());
        PackedMatrix[] groups = new PackedMatrix[geometry.Groups];
        fixed (float* p = filter)
        {
            if (ThinFilter.Fits(geometry))
                return new ConvFilter([], ThinFilter.Pack(p, geometry));
            for (int g = 0; g < groups.Length; g++)
                groups[g] = PackedMatrix.Pack(p + (g * geometry.GroupOut), geometry.OutChannels, geometry.Taps * geometry.GroupIn, geometry.GroupOut);
        }

        return new ConvFilter(groups);
    }

    public void Dispose()
    {
        foreach (PackedMatrix group in Groups)
            group.Dispose();
        Thin?.Dispose();
    }
}
