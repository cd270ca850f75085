using System.Collections.Concurrent;

namespace Decant.Kernels.Conv;

/// <summary>
/// One axis of a gather: grid point j and tap t read source j·Step + Offsets[t], if within [0, Source). A convolution is one grid; its
/// input gradient is one grid per residue of the stride.
/// </summary>
internal sealed record TapGrid(int Count, int Source, int Step, int[] Offsets, int[] Taps)
{
    /// <summary>Networks have few geometries; beyond this many they are made anew.</summary>
    private const int MostKept = 4096;

    // By axis and phase; the grid of the outputs has none.
    private static readonly ConcurrentDictionary<(WindowAxis Axis, int Phase), TapGrid> Kept = new();

    /// <summary>Whether the taps read one source after another.</summary>
    public bool IsConsecutive { get; } = Offsets.Length > 0 && Offsets.Select((offset, i) => offset == Offsets[0] + i).All(isNext => isNext);

    /// <summary>The grid of the outputs of a convolution.</summary>
    public static TapGrid Forward(in WindowAxis axis) => Find(axis, -1);

    /// <summary>
    /// The inputs i = phase + stride·j, reading outputs: i = o·stride - pad + t·dilation gives o = j + (phase + pad - t·dilation) / stride
    /// for the taps where the division is exact.
    /// </summary>
    public static TapGrid Backward(in WindowAxis axis, int phase) => Find(axis, phase);

    private static TapGrid Find(in WindowAxis axis, int phase)
    {
        if (Kept.TryGetValue((axis, phase), out TapGrid? kept))
            return kept;
        TapGrid grid = phase < 0 ? MakeForward(axis) : MakeBackward(axis, phase);
        if (Kept.Count < MostKept)
            Kept.TryAdd((axis, phase), grid);
        return grid;
    }

    private static TapGrid MakeForward(in WindowAxis axis)
    {
        int[] offsets = new int[axis.Kernel], taps = new int[axis.Kernel];
        for (int t = 0; t < axis.Kernel; t++)
        {
            offsets[t] = (t * axis.Dilation) - axis.PadBefore;
            taps[t] = t;
        }

        return new TapGrid(axis.Output, axis.Input, axis.Stride, offsets, taps);
    }

    private static TapGrid MakeBackward(in WindowAxis axis, int phase)
    {
        List<int> offsets = [], taps = [];
        for (int t = 0; t < axis.Kernel; t++)
        {
            int distance = phase + axis.PadBefore - (t * axis.Dilation);
            if (distance % axis.Stride != 0)
                continue;
            offsets.Add(distance / axis.Stride);
            taps.Add(t);
        }

        int count = phase >= axis.Input ? 0 : ((axis.Input - 1 - phase) / axis.Stride) + 1;
        return new TapGrid(count, axis.Output, 1, [.. offsets], [.. taps]);
    }
}
