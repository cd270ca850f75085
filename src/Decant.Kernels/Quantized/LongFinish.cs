namespace Decant.Kernels.Quantized;

/// <summary>Stores sums of 32 bits, with biases of 64, as quantized results.</summary>
internal readonly unsafe struct LongFinish(LongRequantizer requantizer, byte* y, int channels) : IDotFinish
{
    public void Rows(in DotSums sums)
    {
        int size = requantizer.Output.Size;
        requantizer.Store(sums, y + ((((nint)sums.Row * channels) + sums.Channel) * size), (nint)channels * size);
    }
}
