namespace Decant.Kernels.Quantized;

/// <summary>What the corrections of sums for zero points, and the bounds of sums, need to know of packed weights, per output channel.</summary>
/// <param name="Sums">Σ of a channel's weights without their zero point.</param>
/// <param name="AbsoluteSums">Σ of their magnitudes.</param>
/// <param name="Form">How the kernel takes its operands.</param>
public sealed record WeightSums(int[] Sums, long[] AbsoluteSums, DotForm Form)
{
    /// <summary>Of the matrices of a convolution's groups; of one alone it is its own sums, which change when it is packed again.</summary>
    public static WeightSums Of(ReadOnlySpan<IntegerMatrix> groups)
    {
        if (groups.Length == 1)
            return new WeightSums(groups[0].Sums, groups[0].AbsoluteSums, groups[0].Kernel.Form);
        List<int> sums = [];
        List<long> absolute = [];
        foreach (IntegerMatrix group in groups)
        {
            sums.AddRange(group.Sums);
            absolute.AddRange(group.AbsoluteSums);
        }

        return new WeightSums([.. sums], [.. absolute], groups.Length == 0 ? DotForm.Pairs : groups[0].Kernel.Form);
    }
}
