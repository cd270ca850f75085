using System.Runtime.InteropServices;

namespace Decant.Kernels.Quantized;

/// <summary>
/// B of an integer product, stored for the micro-kernel in force: panels of its columns, each [groups along the sum][columns][group],
/// padded with zeros, 64-byte aligned. Made once for constant weights.
/// </summary>
public sealed unsafe class IntegerMatrix : IDisposable
{
    private void* memory;

    private IntegerMatrix(int k, int n, DotKernel kernel)
    {
        (K, N, Kernel) = (k, n, kernel);
        Groups = (k + kernel.Group - 1) / kernel.Group;
        Panels = (n + kernel.Columns - 1) / kernel.Columns;
        PanelBytes = checked((nint)Groups * kernel.Columns * DotKernel.GroupBytes);
        Sums = new int[n];
        AbsoluteSums = new long[n];
        nuint bytes = checked((nuint)Panels * (nuint)PanelBytes);
        memory = NativeMemory.AlignedAlloc(Math.Max(64, bytes), 64);
        NativeMemory.Clear(memory, bytes);
    }

    ~IntegerMatrix() => Free();

    public int K { get; }

    public int N { get; }

    /// <summary>The kernel for which B is packed.</summary>
    internal DotKernel Kernel { get; }

    internal byte* Data => (byte*)memory;

    /// <summary>Groups along the sum.</summary>
    internal int Groups { get; }

    internal int Panels { get; }

    internal nint PanelBytes { get; }

    /// <summary>The zero point of B's elements as they are stored.</summary>
    internal int ZeroPoint { get; private set; }

    /// <summary>Σ of each column's elements without their zero point.</summary>
    internal int[] Sums { get; }

    /// <summary>Σ of the magnitudes of each column's elements without their zero point.</summary>
    internal long[] AbsoluteSums { get; }

    /// <summary>The largest magnitude of an element without its zero point.</summary>
    internal int Magnitude { get; private set; }

    /// <summary>Packs the columns of B, [N, K], of bytes.</summary>
    /// <param name="b">The elements.</param>
    /// <param name="isSigned">Whether they are signed.</param>
    /// <param name="zeroPoint">What stands for 0.</param>
    /// <param name="k">Elements that are summed.</param>
    /// <param name="n">Columns.</param>
    /// <param name="isWide">Whether activations have 16 bits.</param>
    public static IntegerMatrix Pack(ReadOnlySpan<byte> b, bool isSigned, int zeroPoint, int k, int n, bool isWide = false)
    {
        Guard.Length(b, (long)k * n);
        IntegerMatrix packed = new(k, n, isWide ? DotKernel.CurrentWide : DotKernel.Current);
        int least = 0, greatest = 0;
        foreach (byte value in b[..(k * n)])
        {
            int element = (isSigned ? (sbyte)value : value) - zeroPoint;
            (least, greatest) = (Math.Min(least, element), Math.Max(greatest, element));
        }

        packed.Magnitude = Math.Max(greatest, -least);

        // Without their zero points most weights are signed bytes, and rows of A need no sums.
        if (packed.Kernel.Form != DotForm.Pairs && (least < sbyte.MinValue || greatest > sbyte.MaxValue))
            packed.ZeroPoint = isSigned ? zeroPoint : zeroPoint - 128;
        for (int column = 0; column < n; column++)
            packed.SetColumn(column, b.Slice(column * k, k), isSigned, zeroPoint);
        return packed;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void SetColumn(int column, ReadOnlySpan<byte> elements, bool isSigned, int zeroPoint)
    {
        int columns = Kernel.Columns, group = Kernel.Group, sum = 0;
        byte* to = Data + (column / columns * PanelBytes) + (column % columns * DotKernel.GroupBytes);
        long absolute = 0;
        for (int i = 0; i < elements.Length; i++)
        {
            int element = (isSigned ? (sbyte)elements[i] : elements[i]) - zeroPoint, stored = element + ZeroPoint;
            byte* at = to + ((nint)(i / group) * columns * DotKernel.GroupBytes);
            if (group == 2)
                ((short*)at)[i % group] = (short)stored;
            else
                at[i % group] = (byte)stored;
            sum += element;
            absolute += Math.Abs(element);
        }

        (Sums[column], AbsoluteSums[column]) = (sum, absolute);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(memory);
        memory = null;
    }
}
