using Decant.Kernels.Conv;
using Decant.Kernels.Gemm;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Tests;

/// <summary>A test of one row of a kernel table; skipped by name where the processor lacks its instruction set.</summary>
internal sealed class VariantFactAttribute : FactAttribute
{
    public VariantFactAttribute(string kernel, string variant)
    {
        IEnumerable<IKernelRow> rows = kernel switch
        {
            "gemm" => GemmKernel.Rows,
            "winograd" => WinogradRow.Rows,
            "dot" => Decant.Kernels.Quantized.DotKernel.Rows,
            _ => LaneWidth.Rows.Cast<IKernelRow>(),
        };
        (bool supported, string set) = rows.Where(r => r.Name == variant).Select(r => (r.IsSupported, r.InstructionSet)).Single();
        if (!supported)
            Skip = $"{kernel}={variant} needs {set}, which this processor lacks";
    }
}
