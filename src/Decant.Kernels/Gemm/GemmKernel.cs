using System.Runtime.Intrinsics;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Gemm;

/// <summary>The table of float32 micro-kernels, in measured order; <c>DECANT_KERNEL=gemm=avx512|avx2|v128|reference</c> forces one.</summary>
internal sealed unsafe class GemmKernel : IKernelRow
{
    public static readonly GemmKernel[] Rows =
    [
        new("avx512", "AVX-512", Vector512.IsHardwareAccelerated, Lanes512<float>.Count * 2, 12, Tiles<Lanes512<float>>(12), HalfTiles<Lanes512<float>>(12)),
        new("avx2", "AVX2 and FMA", Vector256.IsHardwareAccelerated, Lanes256<float>.Count * 2, 6, Tiles<Lanes256<float>>(6), HalfTiles<Lanes256<float>>(6)),
        new("v128", "AdvSimd, or SSE with FMA", Vector128.IsHardwareAccelerated, Lanes128<float>.Count * 2, 6, Tiles<Lanes128<float>>(6), HalfTiles<Lanes128<float>>(6)),
        new("reference", "none", true, 16, 1, [(nint)(delegate*<float*, nint, float*, int, float*, nint, bool, void>)&GemmScalarTile.Run], null),
    ];

    private static readonly GemmKernel Chosen = KernelChoice.Choose("gemm", (ReadOnlySpan<GemmKernel>)Rows);

    [ThreadStatic]
    private static GemmKernel? forced;

    private readonly nint[] tiles;
    private readonly nint[]? halfTiles;

    private GemmKernel(string name, string instructionSet, bool supported, int panelWidth, int rows, nint[] tiles, nint[]? halfTiles)
    {
        Name = name;
        InstructionSet = instructionSet;
        IsSupported = supported;
        PanelWidth = panelWidth;
        MaxRows = rows;
        this.tiles = tiles;
        this.halfTiles = halfTiles;
    }

    /// <summary>The kernel in force on this thread.</summary>
    public static GemmKernel Current => forced ?? Chosen;

    public string Name { get; }

    public string InstructionSet { get; }

    public bool IsSupported { get; }

    /// <summary>Columns of a panel of packed B.</summary>
    public int PanelWidth { get; }

    /// <summary>Rows of the largest tile.</summary>
    public int MaxRows { get; }

    /// <summary>The row for panels packed <paramref name="panelWidth"/> wide: the one in force if it fits.</summary>
    public static GemmKernel ForPanelWidth(int panelWidth)
    {
        if (Current.PanelWidth == panelWidth)
            return Current;
        foreach (GemmKernel row in Rows)
        {
            if (row.PanelWidth == panelWidth && row.IsSupported)
                return row;
        }

        throw new ArgumentException($"no kernel takes panels of {panelWidth} columns", nameof(panelWidth));
    }

    public static void OverrideForTest(GemmKernel? kernel) => forced = kernel;

    /// <summary>The tile of exactly <paramref name="rows"/> rows, 1 to <see cref="MaxRows"/>.</summary>
    public delegate*<float*, nint, float*, int, float*, nint, bool, void> Tile(int rows) => (delegate*<float*, nint, float*, int, float*, nint, bool, void>)tiles[rows - 1];

    /// <summary>The tile of exactly <paramref name="rows"/> rows for a panel that has only <paramref name="columns"/> columns, and the columns it writes.</summary>
    public delegate*<float*, nint, float*, int, float*, nint, bool, void> Tile(int rows, int columns, out int width)
    {
        bool isHalf = halfTiles is not null && columns <= PanelWidth / 2;
        width = isHalf ? PanelWidth / 2 : PanelWidth;
        return (delegate*<float*, nint, float*, int, float*, nint, bool, void>)(isHalf ? halfTiles! : tiles)[rows - 1];
    }

    private static nint[] HalfTiles<V>(int rows)
        where V : struct, ILanes<V, float> => new[]
        {
            HalfAddress<V, Rows1>(), HalfAddress<V, Rows2>(), HalfAddress<V, Rows3>(), HalfAddress<V, Rows4>(), HalfAddress<V, Rows5>(), HalfAddress<V, Rows6>(),
            HalfAddress<V, Rows7>(), HalfAddress<V, Rows8>(), HalfAddress<V, Rows9>(), HalfAddress<V, Rows10>(), HalfAddress<V, Rows11>(), HalfAddress<V, Rows12>(),
        }[..rows];

    private static nint HalfAddress<V, TRows>()
        where V : struct, ILanes<V, float>
        where TRows : struct, IRows => (nint)(delegate*<float*, nint, float*, int, float*, nint, bool, void>)&GemmHalfTile<V, TRows>.Run;

    private static nint[] Tiles<V>(int rows)
        where V : struct, ILanes<V, float> => new[]
        {
            Address<V, Rows1>(), Address<V, Rows2>(), Address<V, Rows3>(), Address<V, Rows4>(), Address<V, Rows5>(), Address<V, Rows6>(),
            Address<V, Rows7>(), Address<V, Rows8>(), Address<V, Rows9>(), Address<V, Rows10>(), Address<V, Rows11>(), Address<V, Rows12>(),
        }[..rows];

    private static nint Address<V, TRows>()
        where V : struct, ILanes<V, float>
        where TRows : struct, IRows => (nint)(delegate*<float*, nint, float*, int, float*, nint, bool, void>)&GemmTile<V, TRows>.Run;
}
