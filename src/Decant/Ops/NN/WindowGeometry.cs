using Decant.IR;
using Decant.Kernels.Conv;
using Decant.Kernels.Pool;

namespace Decant.Ops.NN;

/// <summary>
/// The sizes of a windowed op over an input [batch, spatial.., InChannels] (in either layout) to an output
/// [batch, spatial.., OutChannels]. Facts may leave dimensions unknown (-1); kernels know them all, and channels last.
/// </summary>
internal sealed record WindowGeometry(Node Node, Layout Layout, long Batch, Window[] Windows, long InChannels, long OutChannels)
{
    public Shape Input => Layout.Shape(Batch, [.. Windows.Select(w => w.Input)], InChannels);

    public Shape Output { get; } = Layout.Shape(Batch, [.. Windows.Select(w => w.Output)], OutChannels);

    public ConvGeometry Convolution(long groups) =>
        new(Fit(Batch), Axis(2), Axis(1), Axis(0), Fit(InChannels), Fit(OutChannels), Fit(groups));

    public DepthwiseGeometry Depthwise() =>
        new(Fit(Batch), Axis(1), Axis(0), Fit(InChannels), InChannels == 0 ? 1 : Fit(OutChannels / InChannels));

    public PoolGeometry Pool() => new(Fit(Batch), Axis(2), Axis(1), Axis(0), Fit(InChannels));

    private WindowAxis Axis(int fromInnermost)
    {
        if (fromInnermost >= Windows.Length)
            return WindowAxis.One;
        Window w = Windows[^(fromInnermost + 1)];
        return new WindowAxis(Fit(w.Input), Fit(w.Size), Fit(w.Stride), Fit(w.Dilation), Fit(w.Before), Fit(w.Output));
    }

    private int Fit(long size) => size is >= 0 and <= int.MaxValue ? (int)size
        : throw OpErrors.BadInput.At(Node.At(), $"has a dimension of {size}, expected at most {int.MaxValue}");
}
