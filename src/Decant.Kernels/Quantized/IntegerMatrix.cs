using System.Runtime.InteropServices;
using Decant.Kernels.Copy;

namespace Decant.Kernels.Quantized;

/// <summary>
/// B of an integer product, stored for the micro-kernel in force: panels of its columns, each [groups along the sum][columns][group],
/// padded with zeros, 64-byte aligned. Made once for constant weights.
/// </summary>
public sealed unsafe class IntegerMatrix : IDisposable
{
    // Of magnitudes of weights that meet activations of 15 bits and a sign in a sum of 32 bits.
    private const int MostWideSum = ushort.MaxValue;

    // A sum this short takes less time twice than the sums of rows of A, which a zero point asks for.
    private const int MostSplitSum = 64;

    private void* memory;

    private IntegerMatrix(int k, int n, int stretch, int parts, DotKernel kernel)
    {
        (K, N, Kernel, Parts) = (k, n, kernel, parts);
        Stretches = stretch == 0 ? 1 : parts * (k / stretch);
        Groups = Stretches * ((stretch + kernel.Group - 1) / kernel.Group);
        Panels = (n + kernel.Columns - 1) / kernel.Columns;
        PanelBytes = checked((nint)Groups * kernel.Columns * DotKernel.GroupBytes);
        Sums = new int[n];
        AbsoluteSums = new long[n];
        nuint bytes = checked((nuint)Panels * (nuint)PanelBytes);
        memory = NativeMemory.AlignedAlloc(Math.Max(64, bytes), 64);
    }

    ~IntegerMatrix() => Free();

    public int K { get; }

    public int N { get; }

    /// <summary>The kernel for which B is packed.</summary>
    internal DotKernel Kernel { get; }

    internal byte* Data => (byte*)memory;

    /// <summary>How many stretches rows of A are made of; each begins with a group of its own.</summary>
    internal int Stretches { get; }

    /// <summary>2 where elements without their zero point are more than signed bytes and are stored as sums of two: rows of A then meet the stretches of the first and of the second.</summary>
    internal int Parts { get; }

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

    /// <summary>Whether rows of A are read in stretches.</summary>
    internal bool IsInStretches { get; private init; }

    /// <summary>Packs the columns of B, [N, K], of bytes.</summary>
    /// <param name="b">The elements.</param>
    /// <param name="isSigned">Whether they are signed.</param>
    /// <param name="zeroPoint">What stands for 0.</param>
    /// <param name="k">Elements that are summed.</param>
    /// <param name="n">Columns.</param>
    /// <param name="isWide">Whether activations have 16 bits.</param>
    /// <param name="stretch">The elements of a stretch of A, if the weights are without a zero point and sums have 32 bits; 0 for rows in one piece.</param>
    public static IntegerMatrix Pack(ReadOnlySpan<byte> b, bool isSigned, int zeroPoint, int k, int n, bool isWide = false, int stretch = 0)
    {
        Guard.Length(b, (long)k * n);
        DotKernel kernel = (isWide ? DotKernel.CurrentWide : DotKernel.Current).For(n);
        (int least, int greatest) = Bounds(b[..(k * n)], isSigned, zeroPoint);
        int magnitude = Math.Max(greatest, -least);
        bool keepsZero = KeepsZero(kernel, least, greatest);
        bool isSplit = stretch > 0 && keepsZero && k <= MostSplitSum && magnitude <= 2 * sbyte.MaxValue;
        keepsZero &= !isSplit;
        bool inStretches = stretch > 0 && !keepsZero && (!isWide || (long)magnitude * k <= MostWideSum);
        IntegerMatrix packed = new(k, n, inStretches ? stretch : k, isSplit ? 2 : 1, kernel) { IsInStretches = inStretches };
        packed.Fill(b, isSigned, zeroPoint, magnitude, keepsZero);
        return packed;
    }

    /// <summary>Packs other columns of the same size in the place of these, whose rows of A are in one piece.</summary>
    /// <param name="b">The elements, [N, K].</param>
    /// <param name="isSigned">Whether they are signed.</param>
    /// <param name="zeroPoint">What stands for 0.</param>
    /// <exception cref="InvalidOperationException">They were packed for rows in stretches.</exception>
    public void Repack(ReadOnlySpan<byte> b, bool isSigned, int zeroPoint)
    {
        Guard.Length(b, (long)K * N);
        if (IsInStretches || Parts != 1)
            throw new InvalidOperationException("a matrix for rows in stretches is packed once");
        (int least, int greatest) = Bounds(b[..(K * N)], isSigned, zeroPoint);
        Fill(b, isSigned, zeroPoint, Math.Max(greatest, -least), KeepsZero(Kernel, least, greatest));
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static (int Least, int Greatest) Bounds(ReadOnlySpan<byte> b, bool isSigned, int zeroPoint)
    {
        (int least, int greatest) = IntegerColumns.Bounds(b, isSigned);
        return (Math.Min(0, least - zeroPoint), Math.Max(0, greatest - zeroPoint));
    }

    /// <summary>Without their zero points most weights are signed bytes, and rows of A need no sums.</summary>
    private static bool KeepsZero(DotKernel kernel, int least, int greatest) => kernel.Form != DotForm.Pairs && (least < sbyte.MinValue || greatest > sbyte.MaxValue);

    private void Fill(ReadOnlySpan<byte> b, bool isSigned, int zeroPoint, int magnitude, bool keepsZero)
    {
        (Magnitude, ZeroPoint) = (magnitude, !keepsZero ? 0 : isSigned ? zeroPoint : zeroPoint - 128);
        fixed (byte* columns = b)
            Fill(columns, isSigned, zeroPoint);
    }

    private void Fill(byte* b, bool isSigned, int zeroPoint)
    {
        nint rowBytes = (nint)Groups * DotKernel.GroupBytes;
        short* elements = Scratch.Get<short>(Math.Max(1, K), 0);
        byte* rows = Scratch.Get<byte>(Math.Max(1, Kernel.Columns * rowBytes), 1);
        NativeMemory.Clear(rows, (nuint)(Kernel.Columns * rowBytes));
        for (int panel = 0; panel < Panels; panel++)
        {
            int first = panel * Kernel.Columns, count = Math.Min(Kernel.Columns, N - first);
            for (int c = 0; c < count; c++)
            {
                IntegerColumns.Widen(b + ((nint)(first + c) * K), elements, K, isSigned, zeroPoint);
                (long sum, AbsoluteSums[first + c]) = IntegerColumns.Sums(elements, K);
                Sums[first + c] = (int)sum;
                Store(elements, rows + (c * rowBytes));
            }

            NativeMemory.Clear(rows + (count * rowBytes), (nuint)((Kernel.Columns - count) * rowBytes));
            Plane2D.Transpose((int*)rows, Groups, (int*)(Data + (panel * PanelBytes)), Kernel.Columns, Groups, Kernel.Columns);
        }
    }

    /// <summary>Stores the elements of a column in groups; those of 0 that fill a group are there.</summary>
    private void Store(short* elements, byte* to)
    {
        int stretches = Stretches / Parts, length = K / stretches;
        nint step = (nint)Groups / Stretches * DotKernel.GroupBytes;
        for (int s = 0; s < stretches; s++, elements += length, to += step)
        {
            if (Kernel.Form == DotForm.Pairs)
                Buffer.MemoryCopy(elements, to, length * sizeof(short), length * sizeof(short));
            else if (Parts == 1)
                IntegerColumns.Narrow(elements, to, length, ZeroPoint);
            else
                Split(elements, to, to + (stretches * step), length);
        }
    }

    private static void Split(short* elements, byte* first, byte* second, int count)
    {
        for (int i = 0; i < count; i++)
        {
            int element = elements[i], part = Math.Clamp(element, sbyte.MinValue, sbyte.MaxValue);
            (first[i], second[i]) = ((byte)part, (byte)(element - part));
        }
    }

    private void Free()
    {
        NativeMemory.AlignedFree(memory);
        memory = null;
    }
}
