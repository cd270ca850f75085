using System.Runtime.CompilerServices;

namespace Decant.Kernels.Pool;

/// <summary>The input positions of one window, per axis the first, the step and how many.</summary>
internal readonly record struct PoolWindow(int Batch, (int Start, int Step, int Count) Depth, (int Start, int Step, int Count) Height, (int Start, int Step, int Count) Width)
{
    public int Count => Depth.Count * Height.Count * Width.Count;

    /// <summary>The i-th position in row-major order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (int D, int H, int W) At(int i)
    {
        (i, int w) = Math.DivRem(i, Width.Count);
        (int d, int h) = Math.DivRem(i, Height.Count);
        return (Depth.Start + (d * Depth.Step), Height.Start + (h * Height.Step), Width.Start + (w * Width.Step));
    }
}
