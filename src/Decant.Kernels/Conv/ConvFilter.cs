using Decant.Kernels.Gemm;

namespace Decant.Kernels.Conv;

/// <summary>The weights of a float32 convolution packed for the micro-kernel, one matrix per group; made once for constant filters.</summary>
public sealed unsafe class ConvFilter : IDisposable
{
    private ConvFilter(PackedMatrix[] groups, ThinFilter? thin = null, float[]? signal = null, WinogradFilter? winograd = null) => (Groups, Thin, Signal, Winograd) = (groups, thin, signal, winograd);

    /// <summary>Bytes of memory that it takes.</summary>
    public long Bytes => (Winograd?.Points ?? Groups).Sum(m => m.Bytes) + (Thin?.Bytes ?? 0) + ((Signal?.Length ?? 0) * sizeof(float));

    internal PackedMatrix[] Groups { get; }

    /// <summary>The form for few output channels, in place of the groups.</summary>
    internal ThinFilter? Thin { get; }

    /// <summary>The taps of a filter of one channel to one, in place of the groups.</summary>
    internal float[]? Signal { get; }

    /// <summary>The form for 3x3 windows of stride 1, in place of the groups.</summary>
    internal WinogradFilter? Winograd { get; }

    /// <summary>What tells the form that <see cref="Pack(ReadOnlySpan{float}, in ConvGeometry, Func{float[]}?)"/> gives a filter from the others; equal for equal ones.</summary>
    public static (int Groups, bool IsSignal, bool IsWinograd, bool IsThin) FormFor(in ConvGeometry geometry) =>
        (geometry.Groups, SignalConvolution.Fits(geometry), WinogradFilter.Fits(geometry), ThinFilter.Fits(geometry));

    /// <summary>
    /// Packs a [KD, KH, KW, InChannels / Groups, OutChannels] filter. A form that rounds the weights asks <paramref name="plain"/> for them again
    /// when it meets inputs that are infinite or NaN; without it the filter is held.
    /// </summary>
    public static ConvFilter Pack(ReadOnlySpan<float> filter, in ConvGeometry geometry, Func<float[]>? plain = null) => Pack(filter, geometry, isKept: true, plain);

    /// <summary>A filter that is not kept takes the form that is quickly packed.</summary>
    internal static ConvFilter Pack(ReadOnlySpan<float> filter, in ConvGeometry geometry, bool isKept, Func<float[]>? plain = null)
    {
        Guard.Length(filter, geometry.FilterCount);
        if (SignalConvolution.Fits(geometry))
            return new ConvFilter([], signal: filter[..(int)geometry.FilterCount].ToArray());
        if (isKept && WinogradFilter.Fits(geometry))
        {
            float[]? held = plain is null ? filter[..(int)geometry.FilterCount].ToArray() : null;
            return new ConvFilter([], winograd: WinogradFilter.Pack(filter, geometry, plain ?? (() => held!)));
        }

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

    /// <summary>A filter in Winograd's form, whether or not that is the faster one.</summary>
    internal static ConvFilter Of(WinogradFilter winograd) => new([], winograd: winograd);

    public void Dispose()
    {
        foreach (PackedMatrix group in Groups)
            group.Dispose();
        Thin?.Dispose();
        Winograd?.Dispose();
    }
}
