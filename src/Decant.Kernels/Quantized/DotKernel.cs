using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Decant.Kernels.Gemm;

namespace Decant.Kernels.Quantized;

/// <summary>
/// The table of micro-kernels for products of integers, in measured order; <c>DECANT_KERNEL=dot=avxvnni|avxvnni16|avx512|avx2|dp|v128|reference</c>
/// forces one. All give the same bits.
/// </summary>
internal sealed unsafe class DotKernel : IKernelRow
{
    /// <summary>Bytes of a group, whatever it holds.</summary>
    public const int GroupBytes = 4;

    public static readonly DotKernel[] Rows =
    [
        new("avxvnni", "AVX-VNNI", AvxVnni.IsSupported, DotForm.Unsigned, 2 * Vector256<int>.Count, Tiles<Vector256<int>, VnniDot>(), NarrowTiles<Vector256<int>, VnniDot>()),
        new("avxvnni16", "AVX-VNNI", AvxVnni.IsSupported, DotForm.Pairs, 2 * Vector256<int>.Count, Tiles<Vector256<int>, VnniPairDot>(), NarrowTiles<Vector256<int>, VnniPairDot>()),
        new("avx512", "AVX-512BW", Avx512BW.IsSupported && Vector512.IsHardwareAccelerated, DotForm.Pairs, 2 * Vector512<int>.Count, Tiles<Vector512<int>, PairDot512>(), NarrowTiles<Vector512<int>, PairDot512>()),
        new("avx2", "AVX2", Avx2.IsSupported, DotForm.Pairs, 2 * Vector256<int>.Count, Tiles256(), NarrowTiles<Vector256<int>, PairDot256>()),
        new("dp", "AdvSimd with the dot-product extension", Dp.IsSupported, DotForm.Signed, 2 * Vector128<int>.Count, Tiles<Vector128<int>, SignedDot128>(), NarrowTiles<Vector128<int>, SignedDot128>()),
        new("v128", "SSE2 or AdvSimd", Vector128.IsHardwareAccelerated, DotForm.Pairs, 2 * Vector128<int>.Count, Tiles<Vector128<int>, PairDot128>(), NarrowTiles<Vector128<int>, PairDot128>()),
        new("reference", "none", true, DotForm.Pairs, DotScalarTile<Count1>.Columns, Scalars(), []),
    ];

    private static readonly DotKernel Chosen = KernelChoice.Choose("dot", (ReadOnlySpan<DotKernel>)Rows);

    [ThreadStatic]
    private static DotKernel? forced;

    private readonly nint[] table;

    private DotKernel(string name, string instructionSet, bool supported, DotForm form, int columns, nint[] tiles, nint[] narrow)
    {
        (Name, InstructionSet, IsSupported, Form, Columns) = (name, instructionSet, supported, form, columns);
        table = GC.AllocateArray<nint>(tiles.Length, pinned: true);
        tiles.CopyTo(table, 0);
        Table = (nint*)Marshal.UnsafeAddrOfPinnedArrayElement(table, 0);
        TileRows = tiles.Length;
        Narrow = narrow.Length == 0 ? this : new DotKernel(name, instructionSet, supported, form, columns / 2, narrow, []);
    }

    /// <summary>The kernel in force on this thread.</summary>
    public static DotKernel Current => forced ?? Chosen;

    /// <summary>The kernel in force for 16-bit activations: the one for bytes, if it takes them too, else the first below it that does.</summary>
    public static DotKernel CurrentWide
    {
        get
        {
            DotKernel current = Current;
            for (int i = Array.IndexOf(Rows, current); ; i++)
            {
                if (Rows[i] is { IsSupported: true, Form: DotForm.Pairs })
                    return Rows[i];
            }
        }
    }

    public string Name { get; }

    public string InstructionSet { get; }

    public bool IsSupported { get; }

    /// <summary>How operands are stored.</summary>
    public DotForm Form { get; }

    /// <summary>Integers of a group.</summary>
    public int Group => Form == DotForm.Pairs ? 2 : 4;

    /// <summary>Columns of a panel.</summary>
    public int Columns { get; }

    /// <summary>Rows of the largest tile.</summary>
    public int TileRows { get; }

    /// <summary>The same instruction in tiles of half the columns and twice the rows, or this where it has none.</summary>
    private DotKernel Narrow { get; }

    /// <summary>The tiles of 1 to <see cref="TileRows"/> rows, <c>delegate*&lt;DotTask*, void&gt;</c> each.</summary>
    public nint* Table { get; }

    /// <summary>The kernel by which matrices of so many columns are packed.</summary>
    public DotKernel For(int columns) => columns <= Narrow.Columns ? Narrow : this;

    public static void OverrideForTest(DotKernel? kernel) => forced = kernel;

    private static nint[] Tiles<V, TDot>()
        where V : unmanaged
        where TDot : struct, IDot<V> =>
        [(nint)(delegate*<DotTask*, void>)&DotRow<V, TDot>.Run, Tile<V, TDot, Count2>(), Tile<V, TDot, Count3>(), Tile<V, TDot, Count4>(), Tile<V, TDot, Count5>(), Tile<V, TDot, Count6>()];

    private static nint[] Tiles256() =>
        [(nint)(delegate*<DotTask*, void>)&DotRow<Vector256<int>, PairDot256>.Run, Tile256<Count2>(), Tile256<Count3>(), Tile256<Count4>(), Tile256<Count5>(), Tile256<Count6>()];

    private static nint[] NarrowTiles<V, TDot>()
        where V : unmanaged
        where TDot : struct, IDot<V> =>
        [
            (nint)(delegate*<DotTask*, void>)&DotNarrowTile<V, TDot, Count2>.Row, NarrowTile<V, TDot, Count2>(), NarrowTile<V, TDot, Count3>(), NarrowTile<V, TDot, Count4>(), NarrowTile<V, TDot, Count5>(), NarrowTile<V, TDot, Count6>(),
            NarrowTile<V, TDot, Count7>(), NarrowTile<V, TDot, Count8>(), NarrowTile<V, TDot, Count9>(), NarrowTile<V, TDot, Count10>(), NarrowTile<V, TDot, Count11>(), NarrowTile<V, TDot, Count12>(),
        ];

    private static nint NarrowTile<V, TDot, TRows>()
        where V : unmanaged
        where TDot : struct, IDot<V>
        where TRows : struct, ICount => (nint)(delegate*<DotTask*, void>)&DotNarrowTile<V, TDot, TRows>.Run;

    private static nint Tile<V, TDot, TRows>()
        where V : unmanaged
        where TDot : struct, IDot<V>
        where TRows : struct, ICount => (nint)(delegate*<DotTask*, void>)&DotTile<V, TDot, TRows>.Run;

    private static nint Tile256<TRows>()
        where TRows : struct, ICount => (nint)(delegate*<DotTask*, void>)&DotTile256<TRows>.Run;

    private static nint[] Scalars() => [Scalar<Count1>(), Scalar<Count2>(), Scalar<Count3>(), Scalar<Count4>(), Scalar<Count5>(), Scalar<Count6>()];

    private static nint Scalar<TRows>()
        where TRows : struct, ICount => (nint)(delegate*<DotTask*, void>)&DotScalarTile<TRows>.Run;
}
