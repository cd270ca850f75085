namespace Decant.Ops.Audio;

/// <summary>
/// Fourier transforms over the innermost 1, 2 or 3 axes, computed in float64. FFT and IFFT take and give complex numbers. RFFT takes real
/// ones, pads or cuts them to fft_length, and gives the first length / 2 + 1 columns; IRFFT is its inverse.
/// </summary>
internal sealed class Spectral(string name, int rank, bool inverse, bool isReal) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Shape input = context.Shape(0);
        if (input.HasRank && input.Rank < rank)
            throw context.Fail($"has an input of shape {input}, expected rank {rank} or more");
        if (!isReal)
        {
            context.Set(0, context.Input(0).DType, input);
            return;
        }

        DType dtype = SpectralKernel.ResultType(context.Input(0).DType, isReal, inverse);
        long[]? lengths = context.ConstantInts(1);
        context.Set(0, dtype, !input.HasRank ? input : lengths is null || lengths.Length != rank ? Shape.OfRank(input.Rank) : SpectralKernel.Result(input, lengths, inverse));
    }

    public Kernel Prepare(KernelRequest request) => new SpectralKernel(rank, inverse, isReal);
}
