using System.Runtime.Intrinsics;

namespace Decant.Kernels.Conv;

/// <summary>The table that says whether 3x3 convolutions may go the way of Winograd; <c>DECANT_KERNEL=winograd=f4x4|off</c> forces one.</summary>
internal sealed record WinogradRow(string Name, string InstructionSet, bool IsSupported, bool IsOn) : IKernelRow
{
    public static readonly WinogradRow[] Rows =
    [
        new("f4x4", "128-bit vectors", Vector128.IsHardwareAccelerated, true),
        new("off", "none", true, false),
    ];

    private static readonly WinogradRow Chosen = KernelChoice.Choose("winograd", (ReadOnlySpan<WinogradRow>)Rows);

    [ThreadStatic]
    private static WinogradRow? forced;

    /// <summary>The row in force on this thread.</summary>
    public static WinogradRow Current => forced ?? Chosen;

    public static void OverrideForTest(WinogradRow? row) => forced = row;
}
