using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Gemm;

/// <summary>The table of float32 micro-kernels, in measured order; <c>DECANT_KERNEL=gemm=avx512|avx2|v128|reference</c> forces one.</summary>
internal sealed unsafe class GemmKernel : IKernelRow
{
    /// <summary>Rows of the largest tile.</summary>
    public const int MostRows = 6;

    /// <summary>Pointers that a segment takes, of which the first ones count: 64 bytes.</summary>
    public const int PointerRows = 8;

    public static readonly GemmKernel[] Rows =
    [
        new("avx512", "AVX-512", Avx512F.IsSupported && Vector512.IsHardwareAccelerated, Lanes512<float>.Count, [Wide<Count1>(), Wide<Count2>(), Wide<Count3>(), Wide<Count4>()]),
        new("avx2", "AVX2 and FMA", Avx2.IsSupported && Vector256.IsHardwareAccelerated, Lanes256<float>.Count, [Middle<Count1>(), Middle<Count2>()]) { TakesSlopes = true },
        new("v128", "AdvSimd, or SSE with FMA", Vector128.IsHardwareAccelerated, Lanes128<float>.Count, [Tiles<Lanes128<float>, Count1>(), Tiles<Lanes128<float>, Count2>()]),
        new("reference", "none", true, GemmScalarTile<Count1>.Width, [Scalars()]),
    ];

    private static readonly GemmKernel Chosen = KernelChoice.Choose("gemm", (ReadOnlySpan<GemmKernel>)Rows);

    [ThreadStatic]
    private static GemmKernel? forced;

    private readonly int registers;
    private readonly nint[] table;

    private GemmKernel(string name, string instructionSet, bool supported, int lanes, nint[][] tiles)
    {
        Name = name;
        InstructionSet = instructionSet;
        IsSupported = supported;
        Lanes = lanes;
        registers = tiles.Length;
        nint[] table = GC.AllocateArray<nint>(registers * MostRows, pinned: true);
        for (int i = 0; i < registers; i++)
            tiles[i].CopyTo(table, i * MostRows);
        Table = (nint*)Marshal.UnsafeAddrOfPinnedArrayElement(table, 0);
        this.table = table;
    }

    /// <summary>The kernel in force on this thread.</summary>
    public static GemmKernel Current => forced ?? Chosen;

    public string Name { get; }

    public string InstructionSet { get; }

    public bool IsSupported { get; }

    /// <summary>Columns of a register.</summary>
    public int Lanes { get; }

    /// <summary>Whether its tiles apply <see cref="TileFinish.Slopes"/>, or leave that to <see cref="GemmBlock"/>.</summary>
    public bool TakesSlopes { get; private init; }

    /// <summary>The tiles, <c>delegate*&lt;TileTask*, void&gt;</c> each: those of one register of columns with 1 to <see cref="MostRows"/> rows, those of two, and so on.</summary>
    public nint* Table { get; }

    public static void OverrideForTest(GemmKernel? kernel) => forced = kernel;

    /// <summary>How this kernel wants <paramref name="columns"/> columns packed.</summary>
    public Panels Panels(int columns) => new(columns, Lanes, registers);

    private static nint[] Wide<TColumns>()
        where TColumns : struct, ICount =>
        [WideTile<Count1, TColumns>(), WideTile<Count2, TColumns>(), WideTile<Count3, TColumns>(), WideTile<Count4, TColumns>(), WideTile<Count5, TColumns>(), WideTile<Count6, TColumns>()];

    private static nint WideTile<TRows, TColumns>()
        where TRows : struct, ICount
        where TColumns : struct, ICount => (nint)(delegate*<TileTask*, void>)&GemmTile512<TRows, TColumns>.Run;

    private static nint[] Middle<TColumns>()
        where TColumns : struct, ICount =>
        [MiddleTile<Count1, TColumns>(), MiddleTile<Count2, TColumns>(), MiddleTile<Count3, TColumns>(), MiddleTile<Count4, TColumns>(), MiddleTile<Count5, TColumns>(), MiddleTile<Count6, TColumns>()];

    private static nint MiddleTile<TRows, TColumns>()
        where TRows : struct, ICount
        where TColumns : struct, ICount => (nint)(delegate*<TileTask*, void>)&GemmTile256<TRows, TColumns>.Run;

    private static nint[] Tiles<V, TColumns>()
        where V : struct, ILanes<V, float>
        where TColumns : struct, ICount =>
        [Tile<V, Count1, TColumns>(), Tile<V, Count2, TColumns>(), Tile<V, Count3, TColumns>(), Tile<V, Count4, TColumns>(), Tile<V, Count5, TColumns>(), Tile<V, Count6, TColumns>()];

    private static nint Tile<V, TRows, TColumns>()
        where V : struct, ILanes<V, float>
        where TRows : struct, ICount
        where TColumns : struct, ICount => (nint)(delegate*<TileTask*, void>)&GemmTile<V, TRows, TColumns>.Run;

    private static nint[] Scalars() => [Scalar<Count1>(), Scalar<Count2>(), Scalar<Count3>(), Scalar<Count4>(), Scalar<Count5>(), Scalar<Count6>()];

    private static nint Scalar<TRows>()
        where TRows : struct, ICount => (nint)(delegate*<TileTask*, void>)&GemmScalarTile<TRows>.Run;
}
