namespace Decant.Kernels.Quantized;

/// <summary>Stores sums as quantized results.</summary>
internal readonly unsafe struct QuantizedFinish(Requantizer requantizer, byte* y, int channels) : IDotFinish
{
    public void Rows(in DotSums sums)
    {
        int size = requantizer.Output.Size;
        requantizer.Store(sums, y + ((((nint)sums.Row * channels) + sums.Channel) * size), (nint)channels * size);
    }
}
